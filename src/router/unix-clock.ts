/** A step of the wall clock is followed within this. */
const SYNC_MS = 1000;

/**
 * Unix time of moments on the monotonic clock, for frames whose arrival is read from that: a second clock read per frame
 * would cost as much as the first, some 40 ns.
 */
export class UnixClock {
  #offsetMs = 0;
  #syncDueMs = Number.NEGATIVE_INFINITY;

  /** Whole Unix milliseconds, right to 1 ms and to what the wall clock was changed by within the last second. */
  at(monotonicMs: number): number {
    if (monotonicMs >= this.#syncDueMs) this.#sync(monotonicMs);
    return Math.round(monotonicMs + this.#offsetMs);
  }

  #sync(monotonicMs: number): void {
    this.#offsetMs = Date.now() - performance.now();
    this.#syncDueMs = monotonicMs + SYNC_MS;
  }
}
