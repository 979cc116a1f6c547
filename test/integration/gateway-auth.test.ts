import { afterEach, describe, expect, it } from 'vitest';
import { payloadOf } from '../../src/protocol/header.ts';
import {
  decodeAuthResult,
  encodeAuthLogin,
  encodeAuthLogout,
  encodeAuthRefresh,
  encodeHello,
  encodeStatusQuery,
  SYSTEM,
} from '../../src/protocol/system.ts';
import { gameFrame, gamePayload } from '../support/frames.ts';
import { eventually } from '../support/recording-sink.ts';
import type { TestClient } from '../support/test-client.ts';
import { type Settings, startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { JWT_SETTINGS, token } from '../support/token.ts';

let test: TestGateway;
afterEach(() => test.close());

async function start(settings: Settings = {}): Promise<void> {
  test = await startTestGateway({ settings: { ...JWT_SETTINGS, ...settings } });
}

async function authResult(client: TestClient, seq: number) {
  const frame = await client.take('AuthResult', (f) => f.msgId === SYSTEM.authResult && f.seq === seq);
  return decodeAuthResult(frame.payload);
}

describe('a client that has to authenticate', () => {
  it('is bound by the token of its Hello', async () => {
    await start();
    const client = test.openMemory();
    const welcome = await client.hello({ token: await token() });
    expect(welcome).toMatchObject({ userId: '7', frameBytesMax: 16 * 1024 * 1024, recovered: false });
    expect(welcome.expiresAtMs - welcome.serverTimeMs).toBeGreaterThan(50_000);
    client.send(gameFrame(1));
    expect((await test.backend.frames(1))[0]).toMatchObject({ userId: '7', seq: 1 });
  });

  it('keeps the order of what follows its Hello at once', async () => {
    await start();
    const client = test.openMemory();
    client.send(encodeHello({ token: await token() }, 1));
    for (let seq = 1; seq <= 50; seq++) client.send(gameFrame(seq));
    const frames = await test.backend.frames(50);
    expect(frames.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  });

  it('may log in later, and nothing but that is taken before', async () => {
    await start();
    const client = test.openMemory();
    expect(await client.hello()).toMatchObject({ userId: '0', expiresAtMs: 0 });
    client.send(gameFrame(2));
    client.send(encodeStatusQuery(3));
    expect((await client.takeError(2)).code).toBe('UNAUTHENTICATED');
    expect((await client.takeError(3)).code).toBe('UNAUTHENTICATED');
    await client.fence();
    client.send(encodeAuthLogin({ token: await token({ permissions: ['chat'] }) }, 4));
    expect(await authResult(client, 4)).toMatchObject({ userId: '7', permissions: ['chat'] });
    client.send(gameFrame(5));
    expect((await test.backend.frames(1))[0].seq).toBe(5);
  });

  it('hears no broadcast before', async () => {
    await start();
    const [stranger, user] = [test.openMemory(), test.openMemory()];
    await stranger.hello();
    await user.hello({ token: await token() });
    await test.backend.push({
      message: { everyone: true, route: 1, msgId: 0, seq: 9, payload: new Uint8Array(0) },
    });
    await user.takeSeq(9);
    await stranger.fence();
    expect(stranger.inbox).toEqual([]);
  });

  it('is refused with a token that does not hold, and told not to come back', async () => {
    await start();
    const client = test.openMemory();
    client.send(encodeHello({ token: 'nonsense' }, 1));
    expect((await client.takeError(1)).code).toBe('UNAUTHENTICATED');
    expect((await client.closed).code).toBe(4203);
    expect(test.logLines.join('')).not.toContain('nonsense');
  });

  it('is disconnected when it does not', async () => {
    await start({ 'limits.hello_timeout_ms': '1500' });
    const client = test.openMemory();
    await client.hello();
    expect(await client.closed).toEqual({ code: 4104, reason: 'no login in time' });
    expect(await test.openMemory().closed).toEqual({ code: 4104, reason: 'no Hello in time' });
  });

  it('is one user: a Hello after its login may not name another', async () => {
    await start();
    const client = test.openMemory();
    client.send(encodeAuthLogin({ token: await token() }, 1));
    await authResult(client, 1);
    client.send(encodeHello({ token: await token({ user: 8, permissions: ['admin'] }) }, 2));
    expect((await client.takeError(2)).code).toBe('USER_MISMATCH');
    expect((await client.closed).code).toBe(4203);
    const same = test.openMemory();
    same.send(encodeAuthLogin({ token: await token() }, 1));
    await authResult(same, 1);
    expect(await same.hello({ token: await token() })).toMatchObject({ userId: '7' });
  });

  it('is told its resume token once: by the Welcome, or by the login after that', async () => {
    await start();
    const [late, early] = [test.openMemory(), test.openMemory()];
    expect((await late.hello()).resumeToken).toBe('');
    late.send(encodeAuthLogin({ token: await token() }, 4));
    const resumeToken = (await authResult(late, 4))?.resumeToken ?? '';
    late.send(encodeAuthRefresh(await token(), 5));
    expect((await authResult(late, 5))?.resumeToken).toBe('');
    expect(await test.openMemory().hello({ resumeToken })).toMatchObject({ recovered: true, userId: '7' });
    early.send(encodeAuthLogin({ token: await token() }, 4));
    expect((await authResult(early, 4))?.resumeToken).toBe('');
    expect((await early.hello()).resumeToken).not.toBe('');
  });

  it.each([
    ['of nobody', 0],
    ['whose user nobody has verified', 7],
  ])('does not get in by the resume token of a session %s', async (_whose, user) => {
    await start();
    const { lifecycle, hub } = test.gateway;
    const session = lifecycle.create('1');
    const { text: resumeToken } = lifecycle.renewToken(session, undefined);
    lifecycle.adopt(session);
    if (user > 0) hub.bind(session, user, 0);
    const client = test.openMemory();
    expect(await client.hello({ resumeToken })).toMatchObject({ recovered: false, userId: '0' });
    client.send(gameFrame(5));
    expect((await client.takeError(5)).code).toBe('UNAUTHENTICATED');
  });

  it('may not claim another user in a payload', async () => {
    await start();
    const client = test.openMemory();
    await client.hello({ token: await token() });
    client.send(gameFrame(1, { payload: gamePayload(1, 8) }));
    expect((await client.takeError(1)).code).toBe('USER_MISMATCH');
  });

  it('ends with its token, unless it shows a newer one in time', async () => {
    await start();
    const [late, early] = [test.openMemory(), test.openMemory()];
    const expiring = await token({ expiresInMs: 2_000 });
    await late.hello({ token: expiring });
    await early.hello({ token: expiring });
    early.send(encodeAuthRefresh(await token(), 5));
    await authResult(early, 5);
    expect((await late.closed).code).toBe(4204);
    await early.fence();
    early.send(encodeAuthRefresh(await token({ user: 8 }), 6));
    expect((await early.takeError(6)).code).toBe('USER_MISMATCH');
  });

  it('may show a token for as long as clocks may differ, and stays as long', async () => {
    await start({ 'auth.jwt.clock_tolerance_sec': '4' });
    let client = test.openMemory();
    const expired = await token({ expiresInMs: -999 });
    const first = await client.hello({ token: expired });
    await client.fence();
    client.send(encodeAuthRefresh(expired, 5));
    const { expiresAtMs = 0 } = (await authResult(client, 5)) ?? {};
    expect(expiresAtMs).toBeLessThanOrEqual(Date.now());
    const { resumeToken } = first;
    client = test.openMemory();
    expect(await client.hello({ resumeToken })).toMatchObject({ recovered: true, userId: '7' });
    expect((await client.closed).code).toBe(4204);
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAtMs + 4_000);
  });

  it('logs out, here or on all its devices', async () => {
    await start();
    const clients = [test.openMemory(), test.openMemory(), test.openMemory()];
    for (const client of clients) await client.hello({ token: await token() });
    clients[0].send(encodeAuthLogout(false, 5));
    expect((await clients[0].closed).code).toBe(4208);
    await clients[1].fence();
    clients[1].send(encodeAuthLogout(true, 6));
    for (const client of clients) expect((await client.closed).code).toBe(4208);
    expect(test.gateway.hub.size).toBe(0);
  });

  it('resumes without a token while the one that it showed holds', async () => {
    await start();
    const { resumeToken } = await test.openMemory().hello({ token: await token() });
    const again = await test.openMemory().hello({ resumeToken });
    expect(again).toMatchObject({ recovered: true, userId: '7', epoch: 2 });
    const other = await test
      .openMemory()
      .hello({ resumeToken: again.resumeToken, token: await token({ user: 8 }) });
    expect(other).toMatchObject({ recovered: false, userId: '8' });
  });

  it('shows its token in the header or in the address too', async () => {
    await start();
    const links = [
      test.openMemory({ token: await token() }),
      await test.openWebSocket(`?token=${await token({ user: 9 })}`),
    ];
    expect((await links[0].hello()).userId).toBe('7');
    expect((await links[1].hello()).userId).toBe('9');
  });
});

describe('permissions', () => {
  it('gate ranges of msgId and whole routes', async () => {
    await start({
      'auth.chat_permission': 'chat',
      routes: JSON.stringify([
        { from: 1000, to: 1999, service: 'logic' },
        { from: 3000, to: 3999, service: 'fight', permission: 'fight' },
      ]),
    });
    const client = test.openMemory();
    await client.hello({ token: await token({ permissions: ['fight'] }) });
    client.send(gameFrame(1, { msgId: 1000 }));
    client.send(gameFrame(2, { msgId: 3000 }));
    client.send(gameFrame(3, { route: 1, msgId: 1000 }));
    client.send(gameFrame(4, { route: 1, msgId: 3000 }));
    expect((await client.takeError(3)).code).toBe('FORBIDDEN');
    const frames = await test.backend.frames(3);
    expect(frames.map(({ seq }) => seq)).toEqual([1, 2, 4]);
    expect(payloadOf(gameFrame(1)).length).toBeGreaterThan(0);
  });
});

describe('devices of a user', () => {
  it('beyond the number, the oldest gives way', async () => {
    await start({ 'session.devices_per_user': '2' });
    const clients = [test.openMemory(), test.openMemory(), test.openMemory()];
    for (const client of clients) await client.hello({ token: await token() });
    expect((await clients[0].closed).code).toBe(4206);
    await test.backend.push({
      message: { targetUserIds: ['7'], route: 2, msgId: 0, seq: 11, payload: new Uint8Array(0) },
    });
    await clients[1].takeSeq(11);
    await clients[2].takeSeq(11);
  });

  it('beyond the number, the new one is refused', async () => {
    await start({ 'session.devices_per_user': '1', 'session.device_policy': 'refuse' });
    const [first, second] = [test.openMemory(), test.openMemory()];
    await first.hello({ token: await token() });
    second.send(encodeHello({ token: await token() }, 1));
    expect((await second.closed).code).toBe(4207);
    await first.fence();
    const third = test.openMemory();
    await third.hello();
    third.send(encodeAuthLogin({ token: await token() }, 2));
    expect(await third.takeError(2)).toMatchObject({ code: 'FORBIDDEN', message: 'too many devices' });
    expect((await third.closed).code).toBe(4207);
  });

  it('have names of 128 characters at most', async () => {
    await start();
    const client = test.openMemory();
    client.send(encodeHello({ device: 'x'.repeat(129), token: await token() }, 2));
    expect((await client.takeError(2)).code).toBe('BAD_MESSAGE');
    expect((await client.hello({ device: 'x'.repeat(128), token: await token() })).userId).toBe('7');
  });

  it('of one name are one, whatever the number', async () => {
    await start({ 'session.device_policy': 'unlimited' });
    const [first, second, third] = [test.openMemory(), test.openMemory(), test.openMemory()];
    await first.hello({ token: await token(), device: 'phone' });
    await second.hello({ token: await token(), device: 'desk' });
    await third.hello({ token: await token(), device: 'phone' });
    expect((await first.closed).code).toBe(4206);
    await eventually(() => test.gateway.hub.size === 2, 'two sessions');
    await second.fence();
  });
});
