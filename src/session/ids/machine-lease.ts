import { randomInt } from 'node:crypto';
import { GatewayError } from '../../errors.ts';
import type { RedisCommands, RedisScript } from '../store/redis-commands.ts';
import { RELEASE, HOLD as RENEW } from './held-key.ts';
import { type IdSource, MACHINE_ID_MAX, SEQUENCES, SnowflakeGenerator } from './snowflake.ts';

/**
 * The machine id that is this gateway's, or why it has none: another has its id (`taken`), all are in use
 * (`none-free`), or Redis has not answered in time (`away`).
 */
export type LeaseState = number | 'taken' | 'none-free' | 'away';

/**
 * Where ids come from without a lease. `until-leased`: from the reserve before the first lease, so that a gateway
 * started without Redis serves, and from nowhere once a lease was lost. `reserve`: from there at any time. `refuse`:
 * from nowhere.
 */
export type IdsWithoutLease = 'until-leased' | 'reserve' | 'refuse';

export interface MachineLeaseOptions {
  readonly redis: RedisCommands;
  /** Says in Redis who has the lease; unique to the process. */
  readonly owner: string;
  /** Default 30,000. Renewed every 2,000, or three times within it where it is short. */
  readonly ttlMs?: number;
  /** Between attempts to get one. Default 1,000. */
  readonly retryMs?: number;
  /** Default `until-leased`. */
  readonly withoutLease?: IdsWithoutLease;
  /** After the first attempt, and when it is another state; silent about `close`. Must not throw. */
  onChange?(state: LeaseState): void;
}

const TTL_MS = 30_000;
/** Redis may lose its keys, and give the same id again: for this long, and a round trip, two gateways may have it. */
const RENEW_MS = 2_000;
const RETRY_MS = 1_000;
/** No id is issued so shortly before the end of a lease that clocks of two machines might disagree about it. */
const MARGIN_MS = 2_000;

/**
 * Machine ids below this are leased; the ones from here on are the reserve, which gateways without a lease share. The
 * larger that is, the less often two of them make the same id: 256 machine ids have 2^20 ids in a millisecond.
 */
export const LEASED_MACHINE_IDS = 768;
const RESERVE_PLACES = (MACHINE_ID_MAX + 1 - LEASED_MACHINE_IDS) * SEQUENCES;

/**
 * Session ids with a machine part that is leased in Redis, so that two gateways never share one.
 *
 * A gateway that Redis cannot be reached from stops to use a leased machine id before another could have it. The reserve
 * has no owner: its ids begin anew in each millisecond, at random among 2^20. Of two gateways that use it, one with `a`
 * new sessions a second and one with `b`, an id comes twice `a * b / 2^20 / 1000` times a second: at 100 each once in
 * 29 hours.
 */
export class MachineLease implements IdSource {
  readonly #options: MachineLeaseOptions;
  readonly #ttlMs: number;
  readonly #retryMs: number;
  readonly #withoutLease: IdsWithoutLease;
  /** Undefined where it is not to be used, or not any more. */
  #reserve: SnowflakeGenerator | undefined;
  #generator: SnowflakeGenerator | undefined;
  #machineId: number | undefined;
  #state: LeaseState | undefined;
  /** On the monotonic clock. */
  #validUntilMs = 0;
  /** Unix milliseconds. A machine id may come back here, and the clock may have stepped. */
  #issuedUntilMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: MachineLeaseOptions) {
    this.#options = options;
    this.#ttlMs = options.ttlMs ?? TTL_MS;
    this.#retryMs = options.retryMs ?? RETRY_MS;
    this.#withoutLease = options.withoutLease ?? 'until-leased';
    if (this.#withoutLease !== 'refuse') {
      this.#reserve = new SnowflakeGenerator(LEASED_MACHINE_IDS, Date.now, { places: RESERVE_PLACES });
    }
  }

  get machineId(): number | undefined {
    return performance.now() < this.#validUntilMs ? this.#machineId : undefined;
  }

  get fault(): string | undefined {
    const generator = this.#usable;
    if (generator !== undefined) return generator.fault;
    return `no machine id: ${typeof this.#state === 'string' ? this.#state : 'away'}`;
  }

  /** Throws GatewayError UNAVAILABLE without a lease and a reserve. */
  next(): string {
    const generator = this.#usable;
    if (generator !== undefined) return generator.next();
    throw new GatewayError('UNAVAILABLE', 'no machine id for session ids', { retryAfterMs: this.#retryMs });
  }

  /** Resolves after the first attempt, good or bad, and goes on trying. `redis` has been started. */
  async start(): Promise<void> {
    await this.#step();
  }

  /** Gives the lease back. Does not reject. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const machineId = this.#machineId;
    this.#drop();
    if (machineId === undefined) return;
    const { redis, owner } = this.#options;
    await redis.run(RELEASE, [machineKey(machineId)], [owner]).catch(() => undefined);
  }

  get #usable(): SnowflakeGenerator | undefined {
    const leased = performance.now() < this.#validUntilMs ? this.#generator : undefined;
    return leased ?? this.#reserve;
  }

  async #step(): Promise<void> {
    const leased = await this.#advance();
    if (this.#closed) return;
    const delayMs = leased ? Math.min(RENEW_MS, this.#ttlMs / 3) : this.#retryMs;
    this.#timer = setTimeout(() => void this.#step(), delayMs).unref();
  }

  async #advance(): Promise<boolean> {
    try {
      return this.#machineId === undefined ? await this.#acquire() : await this.#renew(this.#machineId);
    } catch {
      if (performance.now() >= this.#validUntilMs) this.#become('away');
      return false;
    }
  }

  async #acquire(): Promise<boolean> {
    const { redis, owner } = this.#options;
    const sentAtMs = performance.now();
    const found = Number(await redis.run(ACQUIRE, KEYS, [owner, this.#ttlMs, randomInt(LEASED_MACHINE_IDS)]));
    if (this.#closed) return false;
    this.#become(found < 0 ? 'none-free' : found);
    if (found >= 0) this.#extend(sentAtMs);
    return found >= 0;
  }

  async #renew(machineId: number): Promise<boolean> {
    const { redis, owner } = this.#options;
    const sentAtMs = performance.now();
    const renewed = Number(await redis.run(RENEW, [machineKey(machineId)], [owner, this.#ttlMs]));
    if (renewed === 1) {
      this.#extend(sentAtMs);
      return true;
    }
    this.#become('taken');
    return await this.#acquire();
  }

  #extend(sentAtMs: number): void {
    this.#validUntilMs = sentAtMs + this.#ttlMs - Math.min(MARGIN_MS, this.#ttlMs / 10);
  }

  #become(state: LeaseState): void {
    this.#drop();
    if (typeof state === 'number') {
      this.#machineId = state;
      this.#generator = new SnowflakeGenerator(state, Date.now, { afterMs: this.#issuedUntilMs });
      if (this.#withoutLease === 'until-leased') this.#reserve = undefined;
    }
    if (state === this.#state || this.#closed) return;
    this.#state = state;
    this.#options.onChange?.(state);
  }

  #drop(): void {
    const lastMs = Math.max(this.#generator?.lastMs ?? 0, this.#reserve?.lastMs ?? 0);
    this.#issuedUntilMs = Math.max(this.#issuedUntilMs, lastMs);
    this.#machineId = undefined;
    this.#generator = undefined;
    this.#validUntilMs = 0;
  }
}

/** Where a machine id's owner is written. One slot for all: the script looks for a free one. */
export function machineKey(machineId: number): string {
  return `dualgate:{machine}:${machineId}`;
}

/** The script makes the other names from this one. */
const KEYS = ['dualgate:{machine}:'];

const ACQUIRE: RedisScript = {
  lua: `
for step = 0, ${LEASED_MACHINE_IDS - 1} do
  local id = (tonumber(ARGV[3]) + step) % ${LEASED_MACHINE_IDS}
  if redis.call('SET', KEYS[1] .. id, ARGV[1], 'PX', ARGV[2], 'NX') then return id end
end
return -1
`,
};
