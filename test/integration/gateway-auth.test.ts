import { SignJWT } from 'jose';
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

const SECRET = 'a secret of more than 32 bytes, for HS256';

let test: TestGateway;
afterEach(() => test.close());

async function start(settings: Settings = {}): Promise<void> {
  test = await startTestGateway({
    settings: {
      ...{ 'auth.mode': 'jwt', 'auth.jwt.secret': SECRET, 'auth.jwt.clock_tolerance_sec': '0' },
      ...settings,
    },
  });
}

interface TokenOptions {
  readonly user?: number;
  readonly permissions?: readonly string[];
  readonly expiresInMs?: number;
}

/** JWT times are whole seconds: a token lives until the next full second after `expiresInMs`. */
function token({ user = 7, permissions = [], expiresInMs = 60_000 }: TokenOptions = {}): Promise<string> {
  return new SignJWT({ sub: String(user), permissions })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(Math.ceil((Date.now() + expiresInMs) / 1000))
    .sign(Buffer.from(SECRET));
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
    await start({ 'limits.hello_timeout_ms': '300' });
    const client = test.openMemory();
    await client.hello();
    expect((await client.closed).code).toBe(4104);
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
    const expiring = await token({ expiresInMs: 500 });
    await late.hello({ token: expiring });
    await early.hello({ token: expiring });
    early.send(encodeAuthRefresh(await token(), 5));
    await authResult(early, 5);
    expect((await late.closed).code).toBe(4204);
    await early.fence();
    early.send(encodeAuthRefresh(await token({ user: 8 }), 6));
    expect((await early.takeError(6)).code).toBe('USER_MISMATCH');
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
