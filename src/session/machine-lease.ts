import { randomInt } from 'node:crypto';
import type { RedisCommands, RedisScript } from './redis-commands.ts';
import { type IdSource, MACHINE_ID_MAX, SnowflakeGenerator } from './snowflake.ts';

export interface MachineLeaseOptions {
  readonly redis: RedisCommands;
  /** Says in Redis who has the lease; unique to the process. */
  readonly owner: string;
  /** Default 30,000. Renewed three times within it. */
  readonly ttlMs?: number;
  /** The id is this gateway's, or not any more; silent about `close`. */
  onChange?(machineId: number | undefined): void;
}

const TTL_MS = 30_000;
const RETRY_MS = 1_000;
/** No id is issued so shortly before the end of a lease that clocks of two machines might disagree about it. */
const MARGIN_MS = 2_000;

/** Machine ids below this are leased; the ones from here on belong to gateways that have no lease just now. */
export const LEASED_MACHINE_IDS = 1008;

/**
 * Session ids with a machine part that is leased in Redis, so that two gateways never share one.
 *
 * A gateway that Redis cannot be reached from stops to use a leased machine id before another could have it. It goes on
 * to take sessions, with a random one of the sixteen that are never leased: an id would come twice only where two such
 * gateways drew the same one and made sessions in the same millisecond, with the same sequence number.
 */
export class MachineLease implements IdSource {
  readonly #options: MachineLeaseOptions;
  readonly #ttlMs: number;
  readonly #unleased = new SnowflakeGenerator(randomInt(LEASED_MACHINE_IDS, MACHINE_ID_MAX + 1));
  #generator: SnowflakeGenerator | undefined;
  #machineId: number | undefined;
  /** On the monotonic clock. */
  #validUntilMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: MachineLeaseOptions) {
    this.#options = options;
    this.#ttlMs = options.ttlMs ?? TTL_MS;
  }

  get machineId(): number | undefined {
    return performance.now() < this.#validUntilMs ? this.#machineId : undefined;
  }

  next(): string {
    const leased = performance.now() < this.#validUntilMs ? this.#generator : undefined;
    return (leased ?? this.#unleased).next();
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
    this.#lose();
    if (machineId === undefined) return;
    const { redis, owner } = this.#options;
    await redis.run(RELEASE, [keyOf(machineId)], [owner]).catch(() => undefined);
  }

  async #step(): Promise<void> {
    const leased = await (this.#machineId === undefined
      ? this.#acquire()
      : this.#renew(this.#machineId)
    ).catch(() => false);
    if (this.#closed) return;
    if (performance.now() >= this.#validUntilMs) this.#lose();
    this.#timer = setTimeout(() => void this.#step(), leased ? this.#ttlMs / 3 : RETRY_MS).unref();
  }

  async #acquire(): Promise<boolean> {
    const { redis, owner } = this.#options;
    const sentAtMs = performance.now();
    const found = Number(await redis.run(ACQUIRE, KEYS, [owner, this.#ttlMs, randomInt(LEASED_MACHINE_IDS)]));
    if (found < 0 || this.#closed) return false;
    this.#machineId = found;
    this.#generator = new SnowflakeGenerator(found);
    this.#validUntilMs = sentAtMs + this.#ttlMs - this.#margin();
    this.#options.onChange?.(found);
    return true;
  }

  async #renew(machineId: number): Promise<boolean> {
    const { redis, owner } = this.#options;
    const sentAtMs = performance.now();
    const renewed = Number(await redis.run(RENEW, [keyOf(machineId)], [owner, this.#ttlMs]));
    if (renewed === 1) {
      this.#validUntilMs = sentAtMs + this.#ttlMs - this.#margin();
      return true;
    }
    this.#lose();
    return await this.#acquire();
  }

  #lose(): void {
    if (this.#machineId === undefined) return;
    this.#machineId = undefined;
    this.#generator = undefined;
    this.#validUntilMs = 0;
    if (!this.#closed) this.#options.onChange?.(undefined);
  }

  #margin(): number {
    return Math.min(MARGIN_MS, this.#ttlMs / 10);
  }
}

/** One slot for all: the script looks for a free one. */
function keyOf(machineId: number): string {
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

const RENEW: RedisScript = {
  lua: `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
`,
};

const RELEASE: RedisScript = {
  lua: `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`,
};
