import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RedisStoreCommands } from '../../src/bridge/redis-commands.ts';
import { LEASED_MACHINE_IDS, MachineLease } from '../../src/session/ids/machine-lease.ts';
import { parseSnowflake } from '../../src/session/ids/snowflake.ts';
import {
  RedisSessionStore,
  SESSION_SCRIPTS,
  sessionKey,
} from '../../src/session/store/redis-session-store.ts';
import type { StoredSession } from '../../src/session/store/session-store.ts';
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

describe('RedisSessionStore', () => {
  const OWNER = { id: '42', gatewayId: 'g1', epoch: 3 };
  const details = {
    ...{ userId: '7', device: '', gameId: '', groups: [], permissions: [] },
    ...{ verified: false, expiresAtMs: 0, startedAtMs: 1, attributes: {} },
  };
  const session: StoredSession = {
    ...{ ...OWNER, state: 'detached', details, next: 0, taken: 0 },
    ...{ secretHash: new Uint8Array(32), earlierHash: new Uint8Array(0) },
  };
  const WRITE = { log: [], position: '', ttlMs: 60_000, releasedTo: '' };

  it('lets its keys expire', async () => {
    const commands = await connect();
    const store = new RedisSessionStore(commands);
    await store.save(session, WRITE);
    await store.users.keep({ userId: '7', id: '42', gatewayId: 'g1', device: 'phone' }, 20_000);
    expect(Number(await commands.call('PTTL', sessionKey('42')))).toBeGreaterThan(50_000);
    for (const key of ['dualgate:user:{7}', 'dualgate:user:{7}:devices']) {
      const leftMs = Number(await commands.call('PTTL', key));
      expect([leftMs > 10_000, leftMs <= 20_000]).toEqual([true, true]);
    }
    // A write of the session prolongs its place.
    await store.save(session, WRITE);
    expect(Number(await commands.call('PTTL', 'dualgate:user:{7}'))).toBeGreaterThan(50_000);
  });

  it('lets nobody take a session before its log is whole', async () => {
    const [writer, reader] = [await connect(), await connect()];
    const [store, other] = [new RedisSessionStore(writer), new RedisSessionStore(reader)];
    const log = Array.from({ length: 8_000 }, () => new Uint8Array(2_000));
    const saved = store.save(
      { ...session, next: log.length },
      { log, position: '', ttlMs: 60_000, releasedTo: 'n' },
    );
    const request = { id: '42', secretHash: session.secretHash, received: undefined, gatewayId: 'g2' };
    for (let frames: number | undefined; frames === undefined; ) {
      const claim = await other.claim({ ...request, nonce: 'n', force: false }, 1000);
      frames = claim.outcome === 'taken' ? claim.log.length : undefined;
      if (frames !== undefined) expect(frames).toBe(log.length);
    }
    expect(await saved).toBe(true);
  });

  it('goes on after Redis has forgotten its scripts, and rejects while it is away', async () => {
    const commands = await connect();
    const store = new RedisSessionStore(commands);
    await commands.call('SCRIPT', 'FLUSH');
    expect(await store.save(session, WRITE)).toBe(true);
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
    expect(() => made[0].next()).toThrow('no machine id');
  });

  it('that somebody else has is not used, and another is had', async () => {
    const commands = await connect();
    const made = await lease(commands, 'owner', 3_000);
    const first = made.machineId;
    await commands.call('SET', `dualgate:{machine}:${first}`, 'somebody else');
    await eventually(() => made.machineId !== first && made.machineId !== undefined, 'another machine id');
    expect(parseSnowflake(made.next())?.machineId).toBe(made.machineId);
  });

  it('that cannot be renewed is not used in time, nor is anything else', async () => {
    const commands = await connect();
    const made = await lease(commands, 'owner', 3_000);
    expect(parseSnowflake(made.next())?.machineId).toBe(made.machineId);
    expect(made.machineId).toBeLessThan(LEASED_MACHINE_IDS);
    commands.close();
    await eventually(() => made.machineId === undefined, 'the lease to run out');
    expect(() => made.next()).toThrow('no machine id');
  });
});
