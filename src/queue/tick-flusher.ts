/** Something that gathers work during a tick and does it at the tick's end. */
export interface Flushable {
  flush(): void;
}

/**
 * Runs `flush` of everything scheduled during this turn of the event loop, once, after the turn's input has been read:
 * what arrived together leaves together. One `setImmediate` serves all, so an idle gateway has no timer running.
 *
 * The caller sees to it that it schedules itself once per tick.
 */
export class TickFlusher {
  readonly #onError: (error: unknown) => void;
  #waiting: Flushable[] = [];
  #immediate: NodeJS.Immediate | undefined;

  /** `onError` hears what a `flush` throws; the others of the tick still run. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  schedule(flushable: Flushable): void {
    this.#waiting.push(flushable);
    this.#immediate ??= setImmediate(this.#run);
  }

  /** Runs what is scheduled now. For closing. */
  drain(): void {
    if (this.#immediate !== undefined) clearImmediate(this.#immediate);
    this.#run();
  }

  readonly #run = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#immediate = undefined;
    for (const flushable of waiting) {
      try {
        flushable.flush();
      } catch (error) {
        this.#onError(error);
      }
    }
  };
}
