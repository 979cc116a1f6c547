import { type ChildProcess, fork } from 'node:child_process';
import { type LoadOptions, shareOf } from './load-options.ts';
import { count, LoadResult, type LoadSnapshot } from './load-result.ts';

/** Splits the connections over `options.processes` workers and adds up what they count. */
export async function runInProcesses(options: LoadOptions): Promise<LoadResult> {
  const shares = Array.from({ length: options.processes }, (_, index) => shareOf(options, index));
  const snapshots = await Promise.all(shares.map(runWorker));
  const result = new LoadResult();
  for (const snapshot of snapshots) {
    if (snapshot === undefined) count(result.connectFailures, 'worker process failed');
    else result.merge(snapshot);
  }
  return result;
}

/** Undefined where the worker ended without a result. */
function runWorker(options: LoadOptions): Promise<LoadSnapshot | undefined> {
  return new Promise((resolve) => {
    const worker: ChildProcess = fork(new URL('./load-worker.js', import.meta.url));
    let snapshot: LoadSnapshot | undefined;
    worker.on('message', (message: LoadSnapshot) => {
      snapshot = message;
    });
    worker.on('error', () => resolve(undefined));
    worker.on('exit', () => resolve(snapshot));
    worker.send(options);
  });
}
