import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RedisStoreCommands } from '../../src/bridge/redis-commands.ts';
import {
  decodeAuthResult,
  encodeAuthLogin,
  encodeAuthLogout,
  encodeAuthRefresh,
  SYSTEM,
} from '../../src/protocol/system.ts';
import { RedisSessionStore, SESSION_SCRIPTS } from '../../src/session/store/redis-session-store.ts';
import { gameFrame } from '../support/frames.ts';
import { eventually } from '../support/recording-sink.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { ResumingClient } from '../support/resuming-client.ts';
import { type Served, startServed } from '../support/served.ts';
import type { TestClient } from '../support/test-client.ts';
import { JWT_SETTINGS, token } from '../support/token.ts';
import { startTwoGateways, type TwoGateways } from '../support/two-gateways.ts';
import { until } from '../support/until.ts';

let redis: RedisServer;
let commands: RedisStoreCommands;
let pair: TwoGateways;
let trusting: Served | undefined;
beforeAll(async () => {
  redis = await startRedis();
  commands = new RedisStoreCommands({ addr: redis.addr }, SESSION_SCRIPTS);
  await commands.start();
});
afterAll(async () => {
  commands.close();
  await redis.stop();
});
beforeEach(async () => {
  await commands.call('FLUSHALL');
  pair = await startTwoGateways(redis, { ...JWT_SETTINGS, 'auth.jwt.attributes_claim': 'ext' });
});
afterEach(async () => {
  await trusting?.close();
  trusting = undefined;
  await pair.close();
});

const gateway = (index: number) => pair.gateways[index].running.gateway;
const stored = (id: string) => new RedisSessionStore(commands).get(id);

async function authResult(client: TestClient, seq: number) {
  const frame = await client.take('AuthResult', (f) => f.msgId === SYSTEM.authResult && f.seq === seq);
  return decodeAuthResult(frame.payload);
}

async function storedKeys(): Promise<readonly unknown[]> {
  const keys = await commands.call('KEYS', 'dualgate:session:*');
  return Array.isArray(keys) ? keys : [];
}

describe('a session of nobody, where users are verified', () => {
  it('has no resume token and no record, and ends with its link', async () => {
    const client = new ResumingClient();
    const welcome = await client.connect(pair.wires[0]);
    expect(welcome).toMatchObject({ userId: '0', resumeToken: '' });
    client.vanish();
    await eventually(() => gateway(0).connections === 0, 'the link to be lost');
    expect(gateway(0).lifecycle.detached).toBe(0);
    expect(await storedKeys()).toEqual([]);
  });

  it('gets its token when it logs in, and can be resumed from then on', async () => {
    const client = await pair.gateways[0].open();
    const { sessionId, resumeToken } = await client.hello();
    expect(resumeToken).toBe('');
    client.send(encodeAuthLogin({ token: await token() }, 2));
    const result = await authResult(client, 2);
    expect(result?.resumeToken.startsWith(`${sessionId}.`)).toBe(true);
    expect((await stored(sessionId))?.details.userId).toBe('7');
    const again = await (await pair.gateways[1].open()).hello({ resumeToken: result?.resumeToken ?? '' });
    expect(again).toMatchObject({ recovered: true, sessionId, userId: '7' });
  });

  it('is not let in when a gateway that verifies nobody made it', async () => {
    trusting = await startServed({
      ...{ 'redis.addr': redis.addr, games: '[{"id":"demo"}]', 'gateway.id': 'g3', 'auth.mode': 'none' },
    });
    const [nobody, claimant] = [await trusting.open(), await trusting.open()];
    const tokens = [(await nobody.hello()).resumeToken, (await claimant.hello()).resumeToken];
    claimant.send(gameFrame(1));
    await eventually(() => trusting?.running.gateway.hub.userCount === 1, 'the claim of user 7');
    for (const resumeToken of tokens) {
      expect(resumeToken).not.toBe('');
      const client = await pair.gateways[0].open();
      expect(await client.hello({ resumeToken })).toMatchObject({ recovered: false, userId: '0' });
      client.send(gameFrame(5));
      expect((await client.takeError(5)).code).toBe('UNAUTHENTICATED');
    }
  });
});

describe('what a token grants', () => {
  it('is stored when it changes, and when it comes with a resume', async () => {
    const client = await pair.gateways[0].open();
    const claims = { ext: { region: 'eu' } };
    const first = await client.hello({ token: await token({ permissions: ['chat', 'admin'], claims }) });
    expect((await stored(first.sessionId))?.details.attributes).toEqual({ region: 'eu' });
    const expiresAtMs = async () => (await stored(first.sessionId))?.details.expiresAtMs ?? 0;
    const earlier = await expiresAtMs();
    await client.fence();
    client.send(encodeAuthRefresh(await token({ permissions: ['chat'], expiresInMs: 120_000 }), 2));
    await authResult(client, 2);
    await until(
      async () => String((await stored(first.sessionId))?.details.permissions) === 'chat',
      () => 'the permissions to be stored',
    );
    expect(await expiresAtMs()).toBeGreaterThan(earlier + 50_000);
    const { resumeToken } = first;
    const moved = await pair.gateways[1].open();
    const shown = await token({ permissions: ['game'] });
    expect(await moved.hello({ resumeToken, token: shown })).toMatchObject({ recovered: true });
    const { details } = (await stored(first.sessionId)) ?? {};
    expect(details).toMatchObject({ permissions: ['game'], attributes: {}, verified: true });
  });

  it('is not had by a token of another user, nor after it has run out', async () => {
    const client = await pair.gateways[0].open();
    const { sessionId, resumeToken } = await client.hello({ token: await token({ expiresInMs: 1_000 }) });
    const { expiresAtMs = 0 } = (await stored(sessionId))?.details ?? {};
    const stranger = await pair.gateways[1].open();
    const other = await stranger.hello({ resumeToken, token: await token({ user: 8 }) });
    expect(other).toMatchObject({ recovered: false, userId: '8' });
    await eventually(() => Date.now() > expiresAtMs, 'the token to run out');
    const late = await pair.gateways[1].open();
    expect(await late.hello({ resumeToken })).toMatchObject({ recovered: false, userId: '0' });
    late.send(gameFrame(5));
    expect((await late.takeError(5)).code).toBe('UNAUTHENTICATED');
  });

  it('is over with a logout, here and everywhere', async () => {
    const clients = [await pair.gateways[0].open(), await pair.gateways[1].open()];
    const welcomes = [];
    for (const client of clients) welcomes.push(await client.hello({ token: await token() }));
    clients[0].send(encodeAuthLogout(true, 2));
    for (const client of clients) expect((await client.closed).code).toBe(4208);
    await eventually(() => gateway(0).hub.size + gateway(1).hub.size === 0, 'no session');
    await until(
      async () => (await storedKeys()).length === 0,
      () => 'nothing to be stored',
    );
    for (const { resumeToken } of welcomes) {
      for (const { open } of pair.gateways) {
        const again = await (await open()).hello({ resumeToken });
        expect(again).toMatchObject({ recovered: false, userId: '0', resumeToken: '' });
      }
    }
  });
});
