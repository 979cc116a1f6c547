import { redisError } from './redis-failure.ts';

/** Calls that wait until a connection is up, however long that takes, or until their owner closes. */
export class UpWaiters {
  readonly #waiting = new Set<() => void>();
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  /** Resolves once `side` is up; rejects once closed. */
  async whenUp(side: { readonly up: boolean }): Promise<void> {
    while (!side.up) {
      if (this.#closed) throw redisError('closed');
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** A connection changed its state: everyone who waits looks again. */
  wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }

  close(): void {
    this.#closed = true;
    this.wake();
  }
}
