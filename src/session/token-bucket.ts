/** A rate and what may come at once. `perSec` 0: no limit. */
export interface Rate {
  readonly perSec: number;
  readonly burst: number;
}

/**
 * A token bucket in one number: the time at which it is full again. An amount is taken whole while there is anything
 * left, so one larger than the burst passes and is paid off afterwards.
 */
export class TokenBucket {
  #fullAtMs = 0;

  /** Takes `amount`; returns 0, or with nothing taken the milliseconds after which it may be tried again. */
  take(amount: number, rate: Rate, nowMs: number): number {
    if (rate.perSec === 0) return 0;
    const waitMs = this.#fullAtMs - nowMs - (rate.burst * 1000) / rate.perSec;
    if (waitMs > -UNIT_MS) return Math.max(1, Math.ceil(waitMs + 1000 / rate.perSec));
    const fromMs = this.#fullAtMs > nowMs ? this.#fullAtMs : nowMs;
    this.#fullAtMs = fromMs + (amount * 1000) / rate.perSec;
    return 0;
  }
}

/** Less than this of a token is none: times are whole milliseconds. */
const UNIT_MS = 1e-6;
