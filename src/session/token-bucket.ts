/** A rate and what may come at once. `perSec` 0: no limit. */
export interface Rate {
  readonly perSec: number;
  readonly burst: number;
}

/**
 * A token bucket in one number: the time at which it is full again. An amount larger than the burst passes a full bucket
 * and is paid off afterwards.
 */
export class TokenBucket {
  #fullAtMs = 0;

  /** Takes `amount`; returns 0, or with nothing taken the milliseconds after which it may be tried again. */
  take(amount: number, rate: Rate, nowMs: number): number {
    if (rate.perSec === 0) return 0;
    const needed = Math.min(amount, rate.burst);
    const waitMs = this.#fullAtMs - nowMs - ((rate.burst - needed) * 1000) / rate.perSec;
    if (waitMs > ROUNDING_MS) return Math.max(1, Math.ceil(waitMs));
    const fromMs = this.#fullAtMs > nowMs ? this.#fullAtMs : nowMs;
    this.#fullAtMs = fromMs + (amount * 1000) / rate.perSec;
    return 0;
  }
}

/** Sums of fractions of a millisecond are not exact. */
const ROUNDING_MS = 1e-6;
