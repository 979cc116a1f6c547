import type { Sample } from '../bench.ts';
import type { ServerProcess } from '../server-process.ts';

/**
 * Measures `count()` over `ms` milliseconds: how many per second, what one costs the server in processor time, and how
 * busy server and load generator were (1: a whole core). A generator near 1 is what limits the row.
 */
export async function measureRate(server: ServerProcess, ms: number, count: () => number): Promise<Sample> {
  const serverCpuUs = await server.cpuUs();
  const ownCpu = process.cpuUsage();
  const from = count();
  const startedAtMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, ms));
  const operations = count() - from;
  const elapsedMs = performance.now() - startedAtMs;
  const { user, system } = process.cpuUsage(ownCpu);
  const spentUs = (await server.cpuUs()) - serverCpuUs;
  return {
    perSec: (operations / elapsedMs) * 1000,
    serverUs: spentUs / operations,
    serverBusy: spentUs / 1000 / elapsedMs,
    loadBusy: (user + system) / 1000 / elapsedMs,
  };
}

/** Waits until `done()`; rejects after `deadlineMs`. */
export async function until(done: () => boolean, what: string, deadlineMs = 10_000): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!done()) {
    if (performance.now() > deadline) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
