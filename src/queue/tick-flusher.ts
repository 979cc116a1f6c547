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
  readonly #now: () => number;
  #waiting: Flushable[] = [];
  #immediate: NodeJS.Immediate | undefined;
  /** 0: not read in this turn. */
  #nowMs = 0;

  /**
   * `onError` hears what a `flush` throws; the others of the tick still run. `now`: monotonic milliseconds, above 0;
   * `performance.now` by default.
   */
  constructor(onError: (error: unknown) => void, now: () => number = () => performance.now()) {
    this.#onError = onError;
    this.#now = now;
  }

  /**
   * Monotonic milliseconds, read once before the tick's end and once at it, however often it is asked: for statistics
   * that may be wrong by one turn.
   */
  get nowMs(): number {
    if (this.#nowMs === 0) {
      this.#nowMs = this.#now();
      this.#immediate ??= setImmediate(this.#run);
    }
    return this.#nowMs;
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
    this.#nowMs = this.#now();
    for (const flushable of waiting) {
      try {
        flushable.flush();
      } catch (error) {
        this.#onError(error);
      }
    }
    this.#nowMs = 0;
  };
}
