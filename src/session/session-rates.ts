import { LRUCache } from 'lru-cache';
import type { UserKey } from '../protocol/user-id.ts';
import { type Rate, TokenBucket } from './token-bucket.ts';

export interface RateLimits {
  readonly frames: Rate;
  readonly bytes: Rate;
  /** Frames of all sessions of one user on this gateway. */
  readonly userFrames: Rate;
  /** Frames of a session that has not authenticated, where it has to. */
  readonly unauthenticatedFrames: Rate;
  /** Refused frames; one session over this is disconnected. */
  readonly strikes: Rate;
}

/** Users whose bucket is kept. One that is forgotten begins with a full bucket. */
const USERS_MAX = 20_000;

/** The limits of a gateway, and the buckets of its users. */
export class RateLimiter {
  readonly limits: RateLimits;
  readonly #users = new LRUCache<UserKey, TokenBucket>({ max: USERS_MAX });

  constructor(limits: RateLimits) {
    this.limits = limits;
  }

  /** Full buckets for a session, bound to the user if there is one. */
  session(user: UserKey | undefined): SessionRates {
    const rates = new SessionRates(this);
    if (user !== undefined) rates.bindUser(user);
    return rates;
  }

  user(key: UserKey): TokenBucket | undefined {
    if (this.limits.userFrames.perSec === 0) return undefined;
    const known = this.#users.get(key);
    if (known !== undefined) return known;
    const bucket = new TokenBucket();
    this.#users.set(key, bucket);
    return bucket;
  }
}

/** The buckets of one session. */
export class SessionRates {
  readonly #limiter: RateLimiter;
  readonly #frames = new TokenBucket();
  readonly #bytes = new TokenBucket();
  readonly #strikes = new TokenBucket();
  #user: TokenBucket | undefined;

  constructor(limiter: RateLimiter) {
    this.#limiter = limiter;
  }

  bindUser(key: UserKey): void {
    this.#user = this.#limiter.user(key);
  }

  /**
   * Returns 0 where the frame may pass, else the milliseconds after which it may, as far as the user's other sessions
   * leave room. One that one bucket refuses takes nothing from the others: they would refuse it after the wait.
   */
  take(bytes: number, authenticated: boolean, nowMs: number): number {
    const { limits } = this.#limiter;
    const frames = authenticated ? limits.frames : limits.unauthenticatedFrames;
    const waitMs = Math.max(
      this.#frames.waitMs(1, frames, nowMs),
      this.#bytes.waitMs(bytes, limits.bytes, nowMs),
      this.#user?.waitMs(1, limits.userFrames, nowMs) ?? 0,
    );
    if (waitMs > 0) return waitMs;
    this.#frames.spend(1, frames, nowMs);
    this.#bytes.spend(bytes, limits.bytes, nowMs);
    this.#user?.spend(1, limits.userFrames, nowMs);
    return 0;
  }

  /** Counts a refusal. True: it was one too many. */
  strike(nowMs: number): boolean {
    return this.#strikes.take(1, this.#limiter.limits.strikes, nowMs) > 0;
  }
}
