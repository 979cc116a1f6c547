import { describe, expect, it } from 'vitest';
import type { RedisStoreCommands } from '../../src/bridge/redis-commands.ts';
import { encodeHello } from '../../src/protocol/system.ts';
import {
  LEASED_MACHINE_IDS,
  type LeaseState,
  MachineLease,
  type MachineLeaseOptions,
  machineKey,
} from '../../src/session/ids/machine-lease.ts';
import { NameClaim } from '../../src/session/ids/name-claim.ts';
import { parseSnowflake } from '../../src/session/ids/snowflake.ts';
import type { RedisCommands } from '../../src/session/store/redis-commands.ts';
import { eventually } from '../support/recording-sink.ts';
import { stageRedis } from '../support/redis-stage.ts';
import { startServed } from '../support/served.ts';
import { until } from '../support/until.ts';

const stage = stageRedis();
const { closers } = stage;

async function connect(): Promise<RedisStoreCommands> {
  const commands = await stage.connect();
  await commands.call('FLUSHALL');
  return commands;
}

interface Leased {
  readonly lease: MachineLease;
  readonly states: LeaseState[];
}

async function leaseOf(commands: RedisCommands, options: Partial<MachineLeaseOptions> = {}) {
  const states: LeaseState[] = [];
  const lease = new MachineLease({
    ...{ redis: commands, owner: 'me', onChange: (state) => void states.push(state), ...options },
  });
  closers.push(() => lease.close());
  await lease.start();
  return { lease, states } satisfies Leased;
}

const ownerOf = async (commands: RedisStoreCommands, machineId: number | undefined): Promise<string> =>
  String(await commands.call('GET', machineKey(machineId ?? -1)));

/** All ids but these are somebody else's. */
async function occupy(commands: RedisStoreCommands, free: readonly number[] = []): Promise<void> {
  const pairs = Array.from({ length: LEASED_MACHINE_IDS }, (_, id) => id)
    .filter((id) => !free.includes(id))
    .flatMap((id) => [machineKey(id), 'somebody else']);
  await commands.call('MSET', ...pairs);
}

describe('MachineLease', () => {
  it('notices within seconds that somebody else has its id, and takes another', async () => {
    const commands = await connect();
    const { lease, states } = await leaseOf(commands);
    const first = lease.machineId;
    await commands.call('SET', machineKey(first ?? -1), 'somebody else');
    await eventually(() => lease.machineId !== first && lease.machineId !== undefined, 'another id');
    expect(states).toEqual([first, 'taken', lease.machineId]);
    expect(await ownerOf(commands, first)).toBe('somebody else');
  });

  it('takes its id back within seconds where Redis has lost it', async () => {
    const commands = await connect();
    const { lease, states } = await leaseOf(commands);
    const first = lease.machineId;
    await commands.call('FLUSHALL');
    await until(
      async () => (await ownerOf(commands, first)) === 'me',
      () => 'the key',
    );
    expect(lease.machineId).toBe(first);
    expect(states).toEqual([first]);
    expect(Number(await commands.call('PTTL', machineKey(first ?? -1)))).toBeGreaterThan(20_000);
  });

  it('says once that no id is free, and has one as soon as there is', async () => {
    const commands = await connect();
    await occupy(commands);
    const { lease, states } = await leaseOf(commands, { retryMs: 20 });
    expect(states).toEqual(['none-free']);
    expect(parseSnowflake(lease.next())?.machineId).toBeGreaterThanOrEqual(LEASED_MACHINE_IDS);
    await commands.call('DEL', machineKey(77));
    await eventually(() => lease.machineId === 77, 'the free id');
    expect(states).toEqual(['none-free', 77]);
  });

  it('says once that Redis is away', async () => {
    const commands = await connect();
    commands.close();
    let attempts = 0;
    const run: RedisStoreCommands['run'] = (...call) => {
      attempts++;
      return commands.run(...call);
    };
    const away: RedisCommands = {
      up: false,
      run,
      start: () => commands.start(),
      call: (...call) => commands.call(...call),
      listen: (...channels) => commands.listen(...channels),
      publish: (...message) => commands.publish(...message),
      close: () => commands.close(),
    };
    const { lease, states } = await leaseOf(away, { retryMs: 10 });
    await eventually(() => attempts > 3, 'more attempts');
    expect(lease.machineId).toBeUndefined();
    expect(states).toEqual(['away']);
  });

  it('without a reserve refuses ids while it has none, and gives them again', async () => {
    const commands = await connect();
    await occupy(commands);
    const { lease } = await leaseOf(commands, { withoutLease: 'refuse', retryMs: 20 });
    expect(() => lease.next()).toThrow(expect.objectContaining({ code: 'UNAVAILABLE', retryAfterMs: 20 }));
    await commands.call('DEL', machineKey(5));
    await eventually(() => lease.machineId === 5, 'the free id');
    expect(parseSnowflake(lease.next())?.machineId).toBe(5);
  });

  it('leaves an id alone that a gateway is configured with', async () => {
    const commands = await connect();
    await occupy(commands, [5, 6]);
    const claim = new NameClaim({ redis: commands, key: machineKey(5), owner: 'configured', onShared() {} });
    closers.push(() => claim.close());
    await claim.start();
    const { lease } = await leaseOf(commands);
    expect(lease.machineId).toBe(6);
  });
});

describe('NameClaim', () => {
  const KEY = 'dualgate:name:{g1}';

  async function claimOf(commands: RedisStoreCommands, owner: string) {
    const changes: boolean[] = [];
    const claim = new NameClaim({
      ...{ redis: commands, key: KEY, owner, ttlMs: 1_500, stepMs: 100 },
      onShared: (shared) => void changes.push(shared),
    });
    closers.push(() => claim.close());
    await claim.start();
    return { claim, changes };
  }

  it('tells the later of two that live, until the other has closed', async () => {
    const commands = await connect();
    const first = await claimOf(commands, 'first');
    const second = await claimOf(commands, 'second');
    await eventually(() => second.changes.length === 1, 'word of the other');
    await first.claim.close();
    await eventually(() => second.changes.length === 2, 'word of its end');
    expect([first.changes, second.changes]).toEqual([[], [true, false]]);
    expect(String(await commands.call('GET', KEY))).toBe('second');
  });

  it('says nothing of one that died and has only left its key', async () => {
    const commands = await connect();
    await commands.call('SET', KEY, 'dead', 'PX', 300);
    const { changes } = await claimOf(commands, 'heir');
    await until(
      async () => String(await commands.call('GET', KEY)) === 'heir',
      () => 'the key to change hands',
    );
    expect(changes).toEqual([]);
  });

  it('gives up its key when it closes, and nobody else’s', async () => {
    const commands = await connect();
    const { claim } = await claimOf(commands, 'first');
    await commands.call('SET', KEY, 'another');
    await claim.close();
    await claim.close();
    expect(String(await commands.call('GET', KEY))).toBe('another');
    const second = await claimOf(commands, 'another');
    await second.claim.close();
    expect(await commands.call('EXISTS', KEY)).toBe(0);
  });

  it('stays quiet while Redis is away', async () => {
    const commands = await connect();
    const { claim, changes } = await claimOf(commands, 'first');
    commands.close();
    await claim.close();
    expect(changes).toEqual([]);
  });
});

describe('a gateway for which no machine id is free', () => {
  it('takes no new sessions where it is to refuse, shows it, and takes them when one is free', async () => {
    const commands = await connect();
    await occupy(commands);
    const served = await startServed({
      'redis.addr': stage.server.addr,
      'gateway.ids_without_lease': 'refuse',
    });
    closers.push(() => served.close());
    const refused = await served.open();
    refused.send(encodeHello({}, 1));
    expect(await refused.closed).toMatchObject({ code: 4107 });
    const labels = { transport: 'websocket', disconnect: 'unavailable', by: 'local' };
    const { samples } = await served.page();
    expect(samples).toContainEqual({ name: 'dualgate_machine_lease', labels: {}, value: 0 });
    expect(samples).toContainEqual({ name: 'dualgate_connections_closed_total', labels, value: 1 });
    const lines = (word: string): number => served.logLines.filter((line) => line.includes(word)).length;
    expect([lines('none-free'), lines('"stack"')]).toEqual([1, 0]);
    await commands.call('DEL', machineKey(9));
    await eventually(() => lines('machine id leased') === 1, 'the lease');
    const { sessionId } = await (await served.open()).hello();
    expect(parseSnowflake(sessionId)?.machineId).toBe(9);
    const later = await served.page();
    expect(later.samples).toContainEqual({ name: 'dualgate_machine_lease', labels: {}, value: 1 });
  });
});
