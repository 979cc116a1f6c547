import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodeAuthLogin, encodeAuthLogout, SYSTEM } from '../../src/protocol/system.ts';
import { DeviceStage, userToken } from '../support/device-stage.ts';
import { gameFrame, gamePayload } from '../support/frames.ts';
import { eventually } from '../support/recording-sink.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { ResumingClient } from '../support/resuming-client.ts';
import type { Settings } from '../support/test-gateway.ts';
import { until } from '../support/until.ts';

let redis: RedisServer;
let stage: DeviceStage;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
afterEach(() => stage.close());

async function start(settings: Settings = {}): Promise<void> {
  stage = await DeviceStage.start(redis, settings);
}
const limited = (perUser: number, policy = 'kick-oldest'): Settings => ({
  'session.devices_per_user': String(perUser),
  'session.device_policy': policy,
});

describe('devices of a user over two gateways', () => {
  it('beyond the number, the oldest gives way, wherever it is', async () => {
    await start(limited(2));
    const first = await stage.logIn(0);
    const second = await stage.logIn(1);
    await stage.logIn(0);
    expect((await first.client.closed).code).toBe(4206);
    await stage.logIn(0);
    expect((await second.client.closed).code).toBe(4206);
    await stage.settled(2);
  });

  it('beyond the number, the new one is refused, and gets no Welcome', async () => {
    await start(limited(1, 'refuse'));
    const first = await stage.logIn(0);
    const { client, code } = await stage.logIn(1);
    expect([code, client.inbox.length]).toEqual([4207, 0]);
    await first.client.fence();
    await stage.settled(1);
    await first.client.close();
    await stage.settled(0);
    expect((await stage.logIn(1)).code).toBe(0);
  });

  it('of one name are one', async () => {
    await start(limited(1, 'unlimited'));
    const first = await stage.logIn(0, 7, { device: 'phone' });
    const second = await stage.logIn(0, 7, { device: 'desk' });
    await stage.logIn(1, 7, { device: 'phone' });
    expect((await first.client.closed).code).toBe(4206);
    await second.client.fence();
    await stage.settled(2);
  });

  it.each([
    ['kick-oldest', 4206],
    ['refuse', 4207],
  ])('logged in at one moment leave one with a limit of 1 (%s)', async (policy, code) => {
    await start(limited(1, policy));
    for (let round = 0; round < 10; round++) {
      const user = 10 + round;
      const clients = await Promise.all([stage.greet(0, user), stage.greet(1, user)]);
      expect((await Promise.race(clients.map(({ closed }) => closed))).code).toBe(code);
      await stage.settled(1, user);
      expect(clients.filter(({ isOpen }) => isOpen)).toHaveLength(1);
    }
  });

  it.each(['kick-oldest', 'refuse'])('logged in at one moment are as many as may be (%s)', async (policy) => {
    await start(limited(3, policy));
    const clients = await Promise.all([0, 1, 0, 1, 0, 1].map((gateway) => stage.greet(gateway)));
    await eventually(() => clients.filter(({ isOpen }) => isOpen).length === 3, 'three to be left');
    await stage.settled(3);
    for (const client of clients) if (client.isOpen) await client.fence();
  });

  it('keep their places when they move, and are not counted twice', async () => {
    await start(limited(2, 'refuse'));
    const client = new ResumingClient();
    const token = await userToken(7);
    const { sessionId } = (await client.connect(stage.pair.wires[0], token)) ?? {};
    const other = await stage.logIn(0);
    for (const wire of [1, 0, 1]) {
      expect(await client.connect(stage.pair.wires[wire])).toMatchObject({ recovered: true, sessionId });
      await stage.settled(2);
    }
    expect((await stage.logIn(0)).code).toBe(4207);
    await other.client.close();
    await stage.settled(1);
    expect(stage.hubs()).toEqual([`${sessionId}@g2`]);
  });

  it('that wait for their client have their place, and lose it like others', async () => {
    await start(limited(1));
    const client = new ResumingClient();
    await client.connect(stage.pair.wires[0], await userToken(7));
    client.vanish();
    const { lifecycle } = stage.pair.gateways[0].running.gateway;
    await eventually(() => lifecycle.detached === 1, 'the link to be lost');
    await stage.logIn(1);
    await stage.settled(1);
    expect(lifecycle.detached).toBe(0);
    expect(await client.connect(stage.pair.wires[1])).toMatchObject({ recovered: false });
  });

  it('keep their places when their gateway closes and hands them over', async () => {
    await start(limited(1, 'refuse'));
    const client = new ResumingClient();
    const { sessionId } = (await client.connect(stage.pair.wires[0], await userToken(7))) ?? {};
    await stage.pair.gateways[0].close();
    await stage.settled(1);
    expect(stage.hubs()).toEqual([`${sessionId}@g2`]);
    expect((await stage.logIn(1)).code).toBe(4207);
    expect(await client.connect(stage.pair.wires[1])).toMatchObject({ recovered: true, sessionId });
    await stage.settled(1);
  });

  it('are limited at AuthLogin too, which is answered once that is decided', async () => {
    await start(limited(1, 'refuse'));
    await stage.logIn(0);
    const client = await stage.pair.gateways[1].open();
    await client.hello();
    client.send(encodeAuthLogin({ token: await userToken(7) }, 4));
    client.send(gameFrame(5));
    expect((await client.closed).code).toBe(4207);
    expect(client.inbox.filter(({ msgId }) => msgId === SYSTEM.authResult)).toEqual([]);
    expect(stage.pair.backend.received).toEqual([]);
    const other = await stage.pair.gateways[1].open();
    await other.hello();
    other.send(encodeAuthLogin({ token: await userToken(8) }, 4));
    other.send(gameFrame(5, { payload: gamePayload(5, 8) }));
    await other.take('AuthResult', ({ msgId }) => msgId === SYSTEM.authResult);
    expect((await stage.pair.backend.frames(1))[0]).toMatchObject({ userId: '8', seq: 5 });
  });

  it('are limited without a resume window too', async () => {
    await start({ ...limited(1, 'refuse'), 'session.resume_window_sec': '0' });
    const first = await stage.logIn(0);
    const { client, code } = await stage.logIn(1);
    expect([code, client.inbox.length]).toEqual([4207, 0]);
    await first.client.close();
    await stage.settled(0);
  });

  it('have no place any more after a logout', async () => {
    await start(limited(1, 'refuse'));
    const { client } = await stage.logIn(0, 7, { device: 'phone' });
    client.send(encodeAuthLogout(false, 5));
    await client.closed;
    await stage.settled(0);
    const keys = await stage.commands.call('EXISTS', 'dualgate:user:{7}', 'dualgate:user:{7}:devices');
    expect(keys).toBe(0);
  });
});

describe('devices of a user bound by its first message', () => {
  const TRUST = { 'auth.mode': 'trust-first-message' };

  it('reach the backend once they are let in, and in order', async () => {
    await start({ ...TRUST, ...limited(1, 'refuse') });
    const first = await stage.pair.gateways[0].open();
    for (let seq = 1; seq <= 20; seq++) first.send(gameFrame(seq));
    const frames = await stage.pair.backend.frames(20);
    expect(frames.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    const second = await stage.pair.gateways[1].open();
    for (let seq = 21; seq <= 30; seq++) second.send(gameFrame(seq));
    expect((await second.closed).code).toBe(4207);
    await first.fence();
    await stage.settled(1);
    expect(stage.pair.backend.received).toHaveLength(20);
  });

  it('are taken out of the index when their link says Hello for another session', async () => {
    await start({ ...TRUST, ...limited(2, 'refuse') });
    const before = await stage.pair.gateways[0].open();
    const { resumeToken } = await before.hello();
    before.send(gameFrame(1));
    await stage.settled(1);
    const again = await stage.pair.gateways[0].open();
    again.send(gameFrame(1));
    await stage.settled(2);
    expect(await again.hello({ resumeToken })).toMatchObject({ recovered: true });
    await stage.settled(1);
  });
});

describe('users that nobody verifies', () => {
  it('are in the index of the present user only, and push nobody out', async () => {
    await start({ 'auth.mode': 'none', ...limited(1, 'refuse') });
    const clients = await Promise.all([0, 0, 1].map((gateway) => stage.pair.gateways[gateway].open()));
    await clients[2].hello();
    for (const client of clients) client.send(gameFrame(1));
    await stage.settled(3);
    await stage.commands.call('CONFIG', 'RESETSTAT');
    const { hub, lifecycle } = stage.pair.gateways[1].running.gateway;
    const [session] = hub.sessionsOf(7) ?? [];
    for (let user = 8; user < 1008; user++) lifecycle.bind(session, user, 0);
    await stage.settled(1, 1007);
    await stage.settled(2);
    for (const user of [8, 9, 500, 1006]) expect(await stage.index(user)).toEqual([]);
    const stats = String(await stage.commands.call('INFO', 'commandstats'));
    expect(Number(/cmdstat_hset:calls=(\d+)/.exec(stats)?.[1])).toBeLessThan(20);
    await clients[2].close();
    await until(
      async () => (await stage.index(1007)).length === 0,
      () => 'the entry to be gone',
    );
  });
});
