import { type ClientError, clientError } from './errors.ts';

/** The promise of `connect`. What settles it first counts, and lets go of the caller's signal. */
export class FirstAttempt<T> {
  #settle: { resolve(value: T): void; reject(error: ClientError): void } | undefined;
  #release = () => {};

  /** Once. `begin` starts the attempt; `cancel` ends it where the signal fires. */
  run(signal: AbortSignal | undefined, begin: () => void, cancel: () => void): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      const abort = () => {
        this.reject(clientError('ABORTED', 'the attempt was aborted'));
        cancel();
      };
      if (signal?.aborted) return abort();
      signal?.addEventListener('abort', abort, { once: true });
      this.#release = () => signal?.removeEventListener('abort', abort);
      begin();
    });
  }

  resolve(value: T): void {
    this.#settled()?.resolve(value);
  }

  reject(error: ClientError): void {
    this.#settled()?.reject(error);
  }

  #settled() {
    const settle = this.#settle;
    this.#settle = undefined;
    this.#release();
    return settle;
  }
}
