import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RedisStoreCommands } from '../../src/bridge/redis-commands.ts';
import { LEASED_MACHINE_IDS, MachineLease } from '../../src/session/machine-lease.ts';
import { RedisSessionStore, SESSION_SCRIPTS, sessionKey } from '../../src/session/redis-session-store.ts';
import type { ClaimRequest, StoredSession } from '../../src/session/session-store.ts';
import { parseSnowflake } from '../../src/session/snowflake.ts';
import { eventually } from '../support/recording-sink.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';

let redis: RedisServer;
const open: RedisStoreCommands[] = [];
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
afterEach(() => {
  for (const commands of open.splice(0)) commands.close();
});

async function connect(): Promise<RedisStoreCommands> {
  const commands = new RedisStoreCommands({ addr: redis.addr }, SESSION_SCRIPTS);
  open.push(commands);
  await commands.start();
  await commands.call('FLUSHALL');
  return commands;
}

const hash = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

function stored(change: Partial<StoredSession> = {}): StoredSession {
  const details = {
    ...{ userId: '7', device: 'd', gameId: 'demo', groups: ['g'], permissions: ['p'] },
    ...{ expiresAtMs: 0, startedAtMs: 1, attributes: { a: 'b' } },
  };
  return {
    ...{ id: '42', gatewayId: 'g1', epoch: 3, state: 'detached', details, secretHash: hash(1) },
    ...{ earlierHash: new Uint8Array(0), next: 5, taken: 9 },
    ...change,
  };
}

const claim = (change: Partial<ClaimRequest> = {}): ClaimRequest => ({
  ...{ id: '42', secretHash: hash(1), received: 3, gatewayId: 'g2', nonce: 'n', force: false },
  state: 'attached',
  ...change,
});

describe('RedisSessionStore', () => {
  async function start() {
    const commands = await connect();
    return { commands, store: new RedisSessionStore(commands) };
  }
  const LOG = [bytes(0xff, 0, 1), bytes(2)];
  const write = (change = {}) => ({ log: LOG, ttlMs: 60_000, releasedTo: '', ...change });

  it('keeps a session, who has it, and the sessions of its user', async () => {
    const { commands, store } = await start();
    expect(await store.save(stored(), write())).toBe(true);
    expect(await store.get('42')).toMatchObject({
      gatewayId: 'g1',
      epoch: 3,
      state: 'detached',
      details: stored().details,
    });
    expect([...(await store.sessionsOf('7'))]).toEqual([['42', 'g1']]);
    expect(Number(await commands.call('PTTL', sessionKey('42')))).toBeGreaterThan(50_000);
    expect(Number(await commands.call('PTTL', 'dualgate:user:{7}'))).toBeGreaterThan(50_000);
    expect(await store.get('43')).toBeUndefined();
  });

  it('gives it to one claim alone, whole, once it was let go of', async () => {
    const { store } = await start();
    await store.save(stored(), write());
    expect(await store.claim(claim(), 1000)).toMatchObject({ outcome: 'held', gatewayId: 'g1' });
    await store.save(stored(), write({ releasedTo: 'n' }));
    expect(await store.claim(claim({ nonce: 'other' }), 1000)).toMatchObject({ outcome: 'held' });
    const taken = await store.claim(claim(), 1000);
    expect(taken).toMatchObject({ outcome: 'taken', from: 'g1', session: { epoch: 4, next: 5, taken: 9 } });
    expect(taken.outcome === 'taken' && taken.log.map((frame) => [...frame])).toEqual([[0xff, 0, 1], [2]]);
    expect(await store.claim(claim(), 1000)).toMatchObject({
      outcome: 'held',
      gatewayId: 'g2',
      state: 'attached',
    });
    expect((await store.sessionsOf('7')).get('42')).toBe('g2');
  });

  it('takes the newest secret and the one before, and no other', async () => {
    const { store } = await start();
    await store.save(stored({ earlierHash: hash(2) }), write());
    expect((await store.claim(claim({ secretHash: hash(3), force: true }), 1000)).outcome).toBe('unknown');
    expect((await store.claim(claim({ secretHash: hash(2), force: true }), 1000)).outcome).toBe('taken');
    expect((await store.claim(claim({ id: '43' }), 1000)).outcome).toBe('unknown');
  });

  it('says where the log does not reach back, or the client claims too much', async () => {
    const { store } = await start();
    for (const received of [2, 6]) {
      await store.save(stored(), write());
      expect((await store.claim(claim({ received, force: true }), 1000)).outcome).toBe('incomplete');
      expect(await store.get('42')).toBeUndefined();
    }
    await store.save(stored({ next: 0 }), write());
    expect((await store.claim(claim({ received: 0xfffffffe, force: true }), 1000)).outcome).toBe('taken');
  });

  it('takes writes of its present owner only', async () => {
    const { store } = await start();
    const change = { frames: [bytes(3)], keep: 2, next: 6, taken: 10 };
    await store.save(stored(), write());
    expect(await store.append({ id: '42', gatewayId: 'g1', epoch: 3 }, change)).toBe('written');
    await store.claim(claim({ received: 4, force: true, state: 'durable' }), 60_000);
    expect(await store.append({ id: '42', gatewayId: 'g1', epoch: 3 }, change)).toBe('fenced');
    expect(await store.append({ id: '43', gatewayId: 'g1', epoch: 3 }, change)).toBe('missing');
    expect(await store.save(stored(), write())).toBe(false);
    await store.remove({ id: '42', gatewayId: 'g1', epoch: 3 }, '7');
    expect(await store.get('42')).toMatchObject({ gatewayId: 'g2', epoch: 4, state: 'durable' });
    const again = await store.claim(claim({ received: 4, force: true, gatewayId: 'g3' }), 60_000);
    expect(again.outcome === 'taken' && again.log.map((frame) => [...frame])).toEqual([[2], [3]]);
    await store.remove({ id: '42', gatewayId: 'g3', epoch: 5 }, '7');
    expect(await store.get('42')).toBeUndefined();
    expect((await store.sessionsOf('7')).size).toBe(0);
  });

  it('holds a log larger than one command', async () => {
    const { store } = await start();
    const log = Array.from({ length: 2500 }, (_, index) => bytes(index >> 8, index & 0xff));
    await store.save(stored({ next: 2500 }), write({ log }));
    const taken = await store.claim(claim({ received: 0, force: true }), 1000);
    expect(taken.outcome === 'taken' && taken.log.map((frame) => [...frame])).toEqual(
      log.map((frame) => [...frame]),
    );
  });

  it('tells whether a gateway is alive', async () => {
    const { store } = await start();
    await store.announce('g1', 60_000);
    expect([await store.isAlive('g1'), await store.isAlive('g2')]).toEqual([true, false]);
    await store.announce('g1', 0);
    expect(await store.isAlive('g1')).toBe(false);
  });

  it('goes on after Redis has forgotten its scripts, and rejects while it is away', async () => {
    const { commands, store } = await start();
    await commands.call('SCRIPT', 'FLUSH');
    expect(await store.save(stored(), write())).toBe(true);
    commands.close();
    await expect(store.get('42')).rejects.toThrow('closed');
  });
});

describe('MachineLease', () => {
  const leases: MachineLease[] = [];
  afterEach(async () => {
    for (const lease of leases.splice(0)) await lease.close();
  });

  async function lease(commands: RedisStoreCommands, owner: string, ttlMs = 30_000): Promise<MachineLease> {
    const made = new MachineLease({ redis: commands, owner, ttlMs });
    leases.push(made);
    await made.start();
    return made;
  }

  it('is never given twice, and is given back', async () => {
    const commands = await connect();
    const made = await Promise.all(
      Array.from({ length: 200 }, (_, index) => lease(commands, `owner-${index}`)),
    );
    const ids = made.map(({ machineId }) => machineId);
    expect(new Set(ids).size).toBe(200);
    expect(parseSnowflake(made[0].next())?.machineId).toBe(ids[0]);
    await made[0].close();
    expect(await commands.call('EXISTS', `dualgate:{machine}:${ids[0]}`)).toBe(0);
    expect(parseSnowflake(made[0].next())?.machineId).toBeGreaterThanOrEqual(LEASED_MACHINE_IDS);
  });

  it('that somebody else has is not used, and another is had', async () => {
    const commands = await connect();
    const made = await lease(commands, 'owner', 600);
    const first = made.machineId;
    await commands.call('SET', `dualgate:{machine}:${first}`, 'somebody else');
    await eventually(() => made.machineId !== first && made.machineId !== undefined, 'another machine id');
    expect(parseSnowflake(made.next())?.machineId).toBe(made.machineId);
  });

  it('that cannot be renewed is not used in time; ids are made without one', async () => {
    const commands = await connect();
    const made = await lease(commands, 'owner', 600);
    expect(parseSnowflake(made.next())?.machineId).toBe(made.machineId);
    expect(made.machineId).toBeLessThan(LEASED_MACHINE_IDS);
    commands.close();
    await eventually(() => made.machineId === undefined, 'the lease to run out');
    expect(parseSnowflake(made.next())?.machineId).toBeGreaterThanOrEqual(LEASED_MACHINE_IDS);
  });
});
