import type { RedisCommands } from '../store/redis-commands.ts';
import { HOLD, RELEASE } from './held-key.ts';

export interface NameClaimOptions {
  readonly redis: RedisCommands;
  /** Where the owner of the name is written. */
  readonly key: string;
  /** Unique to the process. */
  readonly owner: string;
  /** Life of the key without its owner. Default 7,000. */
  readonly ttlMs?: number;
  /** Between looks. Default 2,000. */
  readonly stepMs?: number;
  /** Another live process has the name, or no other has it any more. Must not throw. */
  onShared(shared: boolean): void;
}

const TTL_MS = 7_000;
const STEP_MS = 2_000;

/**
 * Watches over a name that one process alone should have. It forbids nothing: of two processes with the same name the
 * later one hears of it. A process that died is no other: its key is gone before it counts.
 */
export class NameClaim {
  readonly #options: NameClaimOptions;
  readonly #ttlMs: number;
  /** When the key was first seen to be another's, on the monotonic clock. */
  #sharedSinceMs: number | undefined;
  #shared = false;
  #timer: NodeJS.Timeout | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: NameClaimOptions) {
    this.#options = options;
    this.#ttlMs = options.ttlMs ?? TTL_MS;
  }

  /** Resolves after the first look, good or bad, and goes on looking. `redis` has been started. */
  async start(): Promise<void> {
    const { redis, key, owner, stepMs } = this.#options;
    try {
      const mine = Number(await redis.run(HOLD, [key], [owner, this.#ttlMs])) === 1;
      if (this.#closed === undefined) this.#look(mine, performance.now());
    } catch {
      // With Redis away nothing is known of others.
    }
    if (this.#closed === undefined) {
      this.#timer = setTimeout(() => void this.start(), stepMs ?? STEP_MS).unref();
    }
  }

  /** Gives the name up. Idempotent, does not reject. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    clearTimeout(this.#timer);
    const { redis, key, owner } = this.#options;
    await redis.run(RELEASE, [key], [owner]).catch(() => undefined);
  }

  #look(mine: boolean, nowMs: number): void {
    if (mine) this.#sharedSinceMs = undefined;
    else this.#sharedSinceMs ??= nowMs;
    // A key outlives its owner by its life: one that is there for longer has been renewed.
    const shared = this.#sharedSinceMs !== undefined && nowMs - this.#sharedSinceMs > this.#ttlMs;
    if (shared === this.#shared) return;
    this.#shared = shared;
    this.#options.onShared(shared);
  }
}
