import { open, rm, stat } from 'node:fs/promises';

const RETRY_MS = 20;
/** The work under the lock takes some milliseconds; whoever holds it for longer has died. */
const STALE_MS = 5_000;
const DEADLINE_MS = 15_000;

/** Runs `work` while this process alone holds the lock file. Rejects where it cannot be had within 15 s. */
export async function withFileLock<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  await acquire(lockFile);
  try {
    return await work();
  } finally {
    await rm(lockFile, { force: true });
  }
}

async function acquire(lockFile: string): Promise<void> {
  const deadlineMs = Date.now() + DEADLINE_MS;
  while (!(await create(lockFile))) {
    if (Date.now() > deadlineMs) throw new Error(`${lockFile} is held by another process`);
    await removeStale(lockFile);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

async function create(lockFile: string): Promise<boolean> {
  try {
    const handle = await open(lockFile, 'wx', 0o600);
    await handle.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function removeStale(lockFile: string): Promise<void> {
  try {
    const { mtimeMs } = await stat(lockFile);
    if (Date.now() - mtimeMs > STALE_MS) await rm(lockFile, { force: true });
  } catch {
    // Released meanwhile.
  }
}
