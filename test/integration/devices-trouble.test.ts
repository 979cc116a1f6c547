import { afterEach, describe, expect, it } from 'vitest';
import type { StoredSession } from '../../src/session/store/session-store.ts';
import { DeviceStage, userToken } from '../support/device-stage.ts';
import { eventually } from '../support/recording-sink.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { ResumingClient } from '../support/resuming-client.ts';
import type { Settings } from '../support/test-gateway.ts';
import { until } from '../support/until.ts';

const running: { redis?: RedisServer; stage?: DeviceStage } = {};
afterEach(async () => {
  await running.stage?.close();
  await running.redis?.stop();
});

async function start(perUser: number, policy: string, settings: Settings = {}) {
  const redis = await startRedis();
  running.redis = redis;
  const stage = await DeviceStage.start(redis, {
    ...{ 'session.devices_per_user': String(perUser), 'session.device_policy': policy },
    ...settings,
  });
  running.stage = stage;
  return { redis, stage };
}

/** Leaves a session of user 7 in Redis, as a gateway that was killed does. */
async function leaveSession(stage: DeviceStage, id: string, gatewayId: string): Promise<void> {
  const details = {
    ...{ userId: '7', device: '', gameId: '', groups: [], verified: true, permissions: [] },
    ...{ expiresAtMs: 0, startedAtMs: 1, attributes: {} },
  };
  const session: StoredSession = {
    ...{ id, gatewayId, epoch: 1, state: 'durable', details, next: 0, taken: 0 },
    ...{ secretHash: new Uint8Array(32), earlierHash: new Uint8Array(0) },
  };
  await stage.store.save(session, { log: [], position: '', ttlMs: 60_000, releasedTo: '' });
  await stage.store.users.keep({ userId: '7', id, gatewayId, device: '' }, 60_000);
}

describe('sessions of a gateway that was killed', () => {
  it('lock nobody out once its key is gone, and those that give way cannot be resumed', async () => {
    const { stage } = await start(2, 'refuse');
    await stage.store.announce('g3', 60_000);
    await leaveSession(stage, '1', 'g3');
    await leaveSession(stage, '2', 'g3');
    expect((await stage.logIn(0)).code).toBe(4207);
    await stage.store.announce('g3', 0);
    expect((await stage.logIn(0)).code).toBe(0);
    await until(
      async () => (await stage.store.get('1')) === undefined,
      () => 'the oldest to be gone',
    );
    expect(await stage.store.get('2')).toBeDefined();
    expect((await stage.logIn(1)).code).toBe(0);
    await stage.settled(2);
    expect((await stage.logIn(0)).code).toBe(4207);
  });

  it('give way ahead of older ones that are alive', async () => {
    const { stage } = await start(2, 'kick-oldest');
    const first = await stage.logIn(0);
    await leaveSession(stage, '999999999999999999', 'g3');
    await stage.logIn(1);
    await stage.settled(2);
    await first.client.fence();
  });
});

describe('sessions of a gateway that was started again under its id', () => {
  it('lock nobody out of that gateway', async () => {
    const { stage } = await start(1, 'refuse');
    await leaveSession(stage, '1', 'g2');
    expect((await stage.logIn(1)).code).toBe(0);
    await until(
      async () => (await stage.store.get('1')) === undefined,
      () => 'the session to be gone',
    );
    await stage.settled(1);
  });

  it('lock out the first who comes to another one, and not the next', async () => {
    const { stage } = await start(1, 'refuse');
    await leaveSession(stage, '1', 'g2');
    expect((await stage.logIn(0)).code).toBe(4207);
    await until(
      async () => (await stage.index()).length === 0,
      () => 'the entry to be gone',
    );
    expect((await stage.logIn(0)).code).toBe(0);
    await stage.settled(1);
  });
});

describe('a session that was pushed out', () => {
  it('is ended where it is by now, though the index names another gateway', async () => {
    const { stage } = await start(1, 'kick-oldest');
    const { client, sessionId } = await stage.logIn(1);
    for (const gatewayId of ['g1', 'g3']) {
      await stage.store.users.keep({ userId: '7', id: sessionId, gatewayId, device: '' }, 60_000);
    }
    await stage.logIn(0);
    expect((await client.closed).code).toBe(4206);
    await stage.settled(1);
  });

  it('is ended though nobody told its gateway', async () => {
    const { stage } = await start(1, 'kick-oldest');
    const { client, sessionId } = await stage.logIn(1);
    // Its gateway seems to be another one, which is alive and knows nothing of it.
    await stage.store.announce('g3', 60_000);
    await stage.store.users.keep({ userId: '7', id: sessionId, gatewayId: 'g3', device: '' }, 60_000);
    await stage.logIn(0);
    expect((await client.closed).code).toBe(4206);
    await stage.settled(1);
  });

  it('gets no place by coming back elsewhere, but where there is one', async () => {
    const { stage } = await start(1, 'kick-oldest');
    const client = new ResumingClient();
    const { sessionId = '' } = (await client.connect(stage.pair.wires[0], await userToken(7))) ?? {};
    await stage.store.users.unbind('7', [{ id: sessionId, gatewayId: 'g1' }]);
    const other = await stage.logIn(1);
    // The message of its end is still on its way, as far as this gateway knows.
    expect(await client.connect(stage.pair.wires[1])).toBeUndefined();
    expect(client.closeCodes.at(-1)).toBe(4206);
    await stage.settled(1);
    await other.client.fence();
    const third = new ResumingClient();
    const { sessionId: id = '' } = (await third.connect(stage.pair.wires[0], await userToken(8))) ?? {};
    await stage.store.users.unbind('8', [{ id, gatewayId: 'g1' }]);
    expect(await third.connect(stage.pair.wires[1])).toMatchObject({ recovered: true, sessionId: id });
    await stage.settled(1, 8);
  });
});

describe('while Redis is away', () => {
  it('each gateway counts its own, which is counted; afterwards all count again', async () => {
    const { redis, stage } = await start(1, 'kick-oldest');
    await stage.logIn(0);
    await redis.kill();
    const kept = [await stage.logIn(0), await stage.logIn(1)];
    expect(kept.map(({ code }) => code)).toEqual([0, 0]);
    expect(stage.hubs()).toHaveLength(2);
    const last = await stage.logIn(1);
    expect((await kept[1].client.closed).code).toBe(4206);
    expect(stage.hubs()).toHaveLength(2);
    for (const gateway of [0, 1]) expect(await stage.storeErrors(gateway, 'bind')).toBeGreaterThan(0);
    await redis.restart();
    await stage.settled(2);
    const { client } = await stage.logIn(0);
    expect((await kept[0].client.closed).code).toBe(4206);
    expect((await last.client.closed).code).toBe(4206);
    await client.fence();
    await stage.settled(1);
  });

  it('what ends is taken out of the index afterwards', async () => {
    const { redis, stage } = await start(2, 'refuse', { 'redis.command_timeout_ms': '1000' });
    const [first, second] = [await stage.logIn(0), await stage.logIn(1)];
    redis.pause();
    const { hub } = stage.pair.gateways[0].running.gateway;
    await first.client.close();
    await eventually(() => hub.size === 0, 'the session to end');
    // The command fails after its time.
    await until(
      async () => (await stage.storeErrors(0, 'bind')) > 0,
      () => 'the failure',
    );
    redis.resume();
    await stage.settled(1);
    await second.client.fence();
    expect((await stage.logIn(0)).code).toBe(0);
  });

  it('entries that it lost come back in time', async () => {
    const { stage } = await start(2, 'refuse', { 'session.ttl_sec': '3' });
    await stage.logIn(0);
    await stage.logIn(1, 7, { device: 'phone' });
    await stage.commands.call('DEL', 'dualgate:user:{7}', 'dualgate:user:{7}:devices');
    await stage.settled(2);
    expect((await stage.logIn(0)).code).toBe(4207);
    expect((await stage.logIn(0, 7, { device: 'phone' })).code).toBe(0);
    await stage.settled(2);
  });

  it('nobody is locked out by sessions that it lost', async () => {
    const { stage } = await start(2, 'refuse');
    await stage.logIn(0);
    await stage.logIn(1);
    await stage.commands.call('FLUSHALL');
    // The next sign of life finds its key gone, and writes every entry again.
    await stage.settled(2);
    expect((await stage.logIn(0)).code).toBe(4207);
  });
});
