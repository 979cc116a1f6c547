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
    const waitMs = this.waitMs(amount, rate, nowMs);
    if (waitMs === 0) this.spend(amount, rate, nowMs);
    return waitMs;
  }

  /** What `take` would return, with nothing taken. */
  waitMs(amount: number, rate: Rate, nowMs: number): number {
    if (rate.perSec === 0) return 0;
    const needed = Math.min(amount, rate.burst);
    const waitMs = this.#fullAtMs - nowMs - ((rate.burst - needed) * 1000) / rate.perSec;
    return waitMs > ROUNDING_MS ? Math.max(1, Math.ceil(waitMs - ROUNDING_MS)) : 0;
  }

  /** Takes `amount` where `waitMs` is 0. */
  spend(amount: number, rate: Rate, nowMs: number): void {
    if (rate.perSec === 0) return;
    const fromMs = this.#fullAtMs > nowMs ? this.#fullAtMs : nowMs;
    this.#fullAtMs = fromMs + (amount * 1000) / rate.perSec;
  }
}

/** Sums of fractions of a millisecond are not exact. */
const ROUNDING_MS = 1e-6;
