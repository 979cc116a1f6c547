import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inProject, say } from './project.mjs';

const POLL_MS = 100;

/**
 * Runs `work` while no other set-up of this checkout runs: `npm start` in one terminal and `npm test` in another must
 * not install or build over each other. The lock of a process that is gone is taken over.
 * @template T
 * @param {() => Promise<T>} work
 * @param {string} [lockFile]
 * @returns {Promise<T>}
 */
export async function withLock(work, lockFile = inProject('.stamp', 'lock')) {
  mkdirSync(dirname(lockFile), { recursive: true });
  await acquire(lockFile);
  const release = () => rmSync(lockFile, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

/** @param {string} lockFile */
async function acquire(lockFile) {
  let told = false;
  while (!tryAcquire(lockFile)) {
    if (!told) say('waiting for another set-up of this folder to end');
    told = true;
    await delay(POLL_MS);
  }
}

/**
 * The lock comes into being with the pid in it, by a link: nobody ever reads one that is still empty.
 * @param {string} lockFile
 */
function tryAcquire(lockFile) {
  const own = `${lockFile}.${process.pid}.${process.hrtime.bigint()}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, lockFile);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(own, { force: true });
  }
  if (!isHeld(lockFile)) rmSync(lockFile, { force: true });
  return false;
}

/** @param {string} lockFile */
function isHeld(lockFile) {
  const holder = holderOf(lockFile);
  if (holder === undefined) return false;
  try {
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/**
 * The pid in the lock; undefined when the lock has gone meanwhile or holds no pid.
 * @param {string} lockFile
 */
function holderOf(lockFile) {
  try {
    return Number(readFileSync(lockFile, 'utf8')) || undefined;
  } catch (_gone) {
    return undefined;
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
