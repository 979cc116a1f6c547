import { openersOf } from './endpoint.ts';
import type { LoadOptions } from './load-options.ts';
import type { FromWorker, ToWorker } from './load-processes.ts';
import { LoadRun } from './load-run.ts';

const PROGRESS_MS = 250;

/** A worker process of `load --processes`: runs its share, tells how far it is, and ends with what it counted. */
class LoadWorker {
  #run: LoadRun | undefined;

  listen(): void {
    process.on('message', (message: ToWorker) => {
      if ('interrupt' in message) this.#run?.interrupt();
      else void this.#work(message.share);
    });
    // A terminal's Ctrl-C reaches every process of the group; the parent decides and tells.
    process.on('SIGINT', () => {});
    process.once('disconnect', () => process.exit());
  }

  async #work(share: LoadOptions): Promise<void> {
    const run = new LoadRun(share, await openersOf(share));
    this.#run = run;
    const progress = setInterval(() => {
      const { connected, sent, answered, errorCount } = run.result;
      tell({ counts: { connected, sent, answered, errorCount } });
    }, PROGRESS_MS);
    const result = await run.run();
    clearInterval(progress);
    tell({ result: result.snapshot() }, () => process.exit());
  }
}

function tell(message: FromWorker, onTold = () => {}): void {
  process.send?.(message, onTold);
}

new LoadWorker().listen();
