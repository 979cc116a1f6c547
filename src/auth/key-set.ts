import { errors, type JWTVerifyGetKey, type LocalJWKSet } from 'jose';
import { GatewayError, messageOf } from '../errors.ts';
import { fetchKeys, KeyFetchError, type KeyFetchOutcome } from './key-fetch.ts';

export interface KeySetOptions {
  readonly url: URL;
  /** While the server does not give new keys, old ones hold for this much longer than their 10 minutes. Default 24 h. */
  readonly staleMaxMs?: number | undefined;
  /** No two fetches are closer than this, whatever keys tokens name. Default 5,000. */
  readonly cooldownMs?: number | undefined;
  /** Of one fetch, its body included. Default 3,000. */
  readonly timeoutMs?: number | undefined;
  /** Monotonic. Default: `performance.now`. */
  readonly nowMs?: (() => number) | undefined;
  /** After each fetch; `detail` says what is wrong with it. Must not throw. */
  onFetch?(outcome: KeyFetchOutcome, detail: string): void;
}

type Question = Parameters<JWTVerifyGetKey>;

/** Keys that the server does not show any more are not taken after this, as long as it answers. */
const AGE_MAX_MS = 600_000;
const STALE_MAX_MS = 86_400_000;
const COOLDOWN_MS = 5_000;
const TIMEOUT_MS = 3_000;
const RETRY_AFTER_MIN_MS = 1_000;

/**
 * The keys of an issuer by URL: fetched when the first token comes, when they are old, and for a key that they lack.
 * Where the server is down the known keys go on to hold for a bounded time.
 */
export class KeySet {
  readonly #options: KeySetOptions;
  readonly #nowMs: () => number;
  #keys: LocalJWKSet | undefined;
  #fetchedAtMs = Number.NEGATIVE_INFINITY;
  #triedAtMs = Number.NEGATIVE_INFINITY;
  #failing = false;
  #pending: Promise<void> | undefined;

  constructor(options: KeySetOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  /**
   * The key of a token. Rejects with a GatewayError UNAVAILABLE where that cannot be told now, and with jose's error
   * where there is none.
   */
  readonly key = async (...question: Question): Promise<Awaited<ReturnType<LocalJWKSet>>> => {
    const before = this.#keys;
    await this.#freshen();
    const keys = this.#usable();
    try {
      return await keys(...question);
    } catch (error) {
      // The key may be newer than the set, unless that has just been had.
      if (!(error instanceof errors.JWKSNoMatchingKey) || keys !== before) throw error;
    }
    if (this.#pending === undefined && this.#cooldownLeftMs > 0) throw this.#unavailable();
    await this.#fetch();
    if (this.#failing) throw this.#unavailable();
    return await this.#usable()(...question);
  };

  get #ageMs(): number {
    return this.#nowMs() - this.#fetchedAtMs;
  }

  get #holds(): boolean {
    return this.#ageMs <= AGE_MAX_MS + (this.#options.staleMaxMs ?? STALE_MAX_MS);
  }

  get #cooldownLeftMs(): number {
    return this.#triedAtMs + (this.#options.cooldownMs ?? COOLDOWN_MS) - this.#nowMs();
  }

  async #freshen(): Promise<void> {
    if (this.#ageMs <= AGE_MAX_MS) return;
    if (this.#pending === undefined && this.#cooldownLeftMs > 0) return;
    const fetched = this.#fetch();
    // A server that is known to hang is not waited for by everybody.
    if (!this.#failing || !this.#holds) await fetched;
  }

  #usable(): LocalJWKSet {
    if (this.#keys === undefined || !this.#holds) throw this.#unavailable();
    return this.#keys;
  }

  /** One at a time. Does not reject. */
  #fetch(): Promise<void> {
    this.#pending ??= this.#load().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #load(): Promise<void> {
    const { url, timeoutMs, onFetch } = this.#options;
    this.#triedAtMs = this.#nowMs();
    try {
      this.#keys = await fetchKeys(url, timeoutMs ?? TIMEOUT_MS);
      this.#fetchedAtMs = this.#triedAtMs;
      this.#failing = false;
      onFetch?.('ok', '');
    } catch (error) {
      this.#failing = true;
      onFetch?.(error instanceof KeyFetchError ? error.outcome : 'unreachable', messageOf(error));
    }
  }

  #unavailable(): GatewayError {
    const retryAfterMs = Math.max(RETRY_AFTER_MIN_MS, Math.ceil(this.#cooldownLeftMs));
    return new GatewayError('UNAVAILABLE', 'the keys for tokens are out of reach', { retryAfterMs });
  }
}
