const TOKENS_MAX = 100;
/** Each batch that was published allows this much of another try. */
const TOKENS_PER_SUCCESS = 0.2;
/** However little is published, this many tries a second are allowed. */
const TOKENS_PER_SECOND = 10;

/**
 * Keeps the tries-again of all topics to a fraction of what succeeds, so that a queue in trouble does not get more work
 * for it: 100 at once, then 10 a second and one for every five batches published.
 */
export class RetryBudget {
  readonly #now: () => number;
  #tokens = TOKENS_MAX;
  #refilledMs: number;

  /** `now`: monotonic milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
    this.#refilledMs = now();
  }

  onSuccess(): void {
    this.#tokens = Math.min(TOKENS_MAX, this.#tokens + TOKENS_PER_SUCCESS);
  }

  /** Takes one try out of the budget; false: not now, wait. */
  take(): boolean {
    const nowMs = this.#now();
    const refill = ((nowMs - this.#refilledMs) / 1000) * TOKENS_PER_SECOND;
    this.#refilledMs = nowMs;
    this.#tokens = Math.min(TOKENS_MAX, this.#tokens + refill);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
