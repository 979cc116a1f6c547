import { type ChildProcess, fork } from 'node:child_process';
import { type LoadOptions, shareOf } from './load-options.ts';
import { count, type LoadCounts, LoadResult, type LoadSnapshot } from './load-result.ts';

/** To a worker: its share first, and later perhaps the wish to end early. */
export type ToWorker = { share: LoadOptions } | { interrupt: true };
/** From a worker: how far it is, and at the end what it counted. */
export type FromWorker = { counts: LoadCounts } | { result: LoadSnapshot };

/** A load run whose connections are shared by worker processes. */
export class LoadProcesses {
  readonly #options: LoadOptions;
  readonly #workers: ChildProcess[] = [];
  readonly #counts: LoadCounts[] = [];

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  /** The sum over the workers, as far as they have told. */
  get counts(): LoadCounts {
    const sum = { connected: 0, sent: 0, answered: 0, errorCount: 0 };
    for (const counts of this.#counts) {
      sum.connected += counts.connected;
      sum.sent += counts.sent;
      sum.answered += counts.answered;
      sum.errorCount += counts.errorCount;
    }
    return sum;
  }

  /** Once. Resolves when all workers have ended; one that fails counts as a connect failure. */
  async run(): Promise<LoadResult> {
    const indexes = Array.from({ length: this.#options.processes }, (_, index) => index);
    const snapshots = await Promise.all(indexes.map((index) => this.#runWorker(index)));
    const result = new LoadResult();
    for (const snapshot of snapshots) {
      if (snapshot === undefined) count(result.connectFailures, 'worker process failed');
      else result.merge(snapshot);
    }
    return result;
  }

  /** As LoadRun.interrupt, in every worker. */
  interrupt(): void {
    for (const worker of this.#workers) if (worker.connected) tell(worker, { interrupt: true });
  }

  /** Undefined where the worker ended without a result. */
  #runWorker(index: number): Promise<LoadSnapshot | undefined> {
    return new Promise((resolve) => {
      const worker = fork(new URL('./load-worker.js', import.meta.url));
      this.#workers.push(worker);
      let result: LoadSnapshot | undefined;
      worker.on('message', (message: FromWorker) => {
        if ('counts' in message) this.#counts[index] = message.counts;
        else result = message.result;
      });
      worker.on('error', () => resolve(undefined));
      worker.on('exit', () => resolve(result));
      tell(worker, { share: shareOf(this.#options, index) });
    });
  }
}

function tell(worker: ChildProcess, message: ToWorker): void {
  worker.send(message);
}
