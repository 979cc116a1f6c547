import type { RetryAdvice } from '../../src/protocol/disconnect.ts';
import type { Clock } from './clock.ts';

export interface BackoffOptions {
  /** Ceiling of the first delay, ms. Default 250. */
  baseMs?: number;
  /** Ceiling of every delay, ms. Default 15,000. */
  delayMsMax?: number;
  /** Attempts in a row before the client gives up. Default: no limit. */
  attemptsMax?: number;
}

const BASE_MS = 250;
const DELAY_MS_MAX = 15_000;
/** A gateway that asks for backoff is met with this many doublings at least. */
const DOUBLINGS_ON_ADVICE = 2;

/** Delays between attempts: exponential with full jitter, so that clients of a failed gateway spread out. */
export class Backoff {
  readonly #clock: Clock;
  readonly #baseMs: number;
  readonly #delayMsMax: number;
  readonly #attemptsMax: number;
  #attempts = 0;

  constructor(clock: Clock, options: BackoffOptions = {}) {
    this.#clock = clock;
    this.#baseMs = options.baseMs ?? BASE_MS;
    this.#delayMsMax = options.delayMsMax ?? DELAY_MS_MAX;
    this.#attemptsMax = options.attemptsMax ?? Number.POSITIVE_INFINITY;
  }

  /** Attempts since the last success. */
  get attempts(): number {
    return this.#attempts;
  }

  /**
   * The delay before the next attempt, ms, never below `retryAfterMs`; undefined: do not try again. With `backoff` the
   * lower half of the range is left out, so that nobody comes back at once.
   */
  nextMs(advice: RetryAdvice, retryAfterMs = 0): number | undefined {
    if (advice === 'never' || this.#attempts >= this.#attemptsMax) return undefined;
    const doublings = this.#attempts + (advice === 'backoff' ? DOUBLINGS_ON_ADVICE : 0);
    const ceilingMs = Math.min(this.#delayMsMax, this.#baseMs * 2 ** doublings);
    this.#attempts++;
    const floorMs = advice === 'backoff' ? ceilingMs / 2 : 0;
    return Math.max(retryAfterMs, floorMs + this.#clock.random() * (ceilingMs - floorMs));
  }

  /** After a success. */
  reset(): void {
    this.#attempts = 0;
  }
}
