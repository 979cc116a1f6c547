import { randomBytes } from 'node:crypto';
import type { Config } from './config/schema.ts';
import type { Log } from './observe/log.ts';
import type { Metrics } from './observe/metrics.ts';
import { type LeaseState, MachineLease, machineKey } from './session/ids/machine-lease.ts';
import { NameClaim } from './session/ids/name-claim.ts';
import type { IdSource } from './session/ids/snowflake.ts';
import type { RedisCommands } from './session/store/redis-commands.ts';

export interface IdentityParts {
  readonly redis: RedisCommands;
  /** Resolved: `gateway.id` of the configuration, or what stands for `auto`. */
  readonly id: string;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** As long as leases are: a key that such a one has left behind is no live gateway. */
const MACHINE_TTL_MS = 30_000;

/** What a gateway must have alone among those on its Redis: its id, and its machine id, leased or configured. */
export class GatewayIdentity {
  readonly #parts: IdentityParts;
  readonly #lease: MachineLease | undefined;
  readonly #claims: NameClaim[];

  constructor({ gateway }: Config, parts: IdentityParts) {
    const { redis, id } = parts;
    this.#parts = parts;
    const owner = `${id}:${randomBytes(8).toString('hex')}`;
    const claims = [this.#claim('gateway_id', { redis, owner, key: `dualgate:name:{${id}}` })];
    if (gateway.machine_id < 0) {
      const onChange = (state: LeaseState): void => this.#onLease(state);
      this.#lease = new MachineLease({ redis, owner, withoutLease: gateway.ids_without_lease, onChange });
    } else {
      const key = machineKey(gateway.machine_id);
      claims.push(this.#claim('machine_id', { redis, owner, key, ttlMs: MACHINE_TTL_MS }));
    }
    this.#claims = claims;
  }

  /** Session ids with the leased machine id; undefined where one is configured. */
  get ids(): IdSource | undefined {
    return this.#lease;
  }

  /** Resolves after the first attempt, good or bad. `redis` has been started. */
  async start(): Promise<void> {
    await Promise.all([this.#lease?.start(), ...this.#claims.map((claim) => claim.start())]);
  }

  /** Gives it all back. Does not reject. */
  async close(): Promise<void> {
    await Promise.all([this.#lease?.close(), ...this.#claims.map((claim) => claim.close())]);
  }

  #onLease(state: LeaseState): void {
    const { metrics, log } = this.#parts;
    const leased = typeof state === 'number';
    metrics.machineLease.cell().value = leased ? 1 : 0;
    if (leased) log.info({ machineId: state }, 'machine id leased');
    else if (this.#lease?.fault === undefined)
      log.warn({ why: state }, 'no machine id: session ids are made from the reserve');
    else log.warn({ why: state }, 'no machine id: new sessions are refused');
  }

  #claim(
    name: 'gateway_id' | 'machine_id',
    options: { redis: RedisCommands; owner: string; key: string; ttlMs?: number },
  ): NameClaim {
    const { metrics, log } = this.#parts;
    const cell = metrics.sharedIdentity.cell(name);
    const onShared = (shared: boolean): void => {
      cell.value = shared ? 1 : 0;
      if (shared) log.error({ name, key: options.key }, 'another live gateway has the same id');
      else log.info({ name, key: options.key }, 'no other gateway has the same id any more');
    };
    return new NameClaim({ ...options, onShared });
  }
}
