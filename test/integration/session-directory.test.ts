import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { decodeUserIds, encodeUserIds, GATEWAY_MSG } from '../../src/protocol/gateway-messages.ts';
import { encodeFrame } from '../../src/protocol/header.ts';
import { encodeAuthLogout } from '../../src/protocol/system.ts';
import { gameFrame, gamePayload } from '../support/frames.ts';
import { stagePairs } from '../support/pair-stage.ts';
import { startRedis } from '../support/redis-server.ts';
import type { TestClient } from '../support/test-client.ts';
import type { Settings } from '../support/test-gateway.ts';
import { SHARED_KINDS, type SharedKind } from '../support/two-gateways.ts';
import { until } from '../support/until.ts';

const SECRET = 'a secret of more than 32 bytes, for HS256';

const stage = stagePairs();
let seq = 100;

async function start(kind: SharedKind, settings: Settings = {}): Promise<void> {
  await stage.commands.call('FLUSHALL');
  const open = { 'groups.client_presence': 'true', 'auth.mode': 'trust-first-message' };
  await stage.start(stage.sharedOf(kind), { ...open, ...settings });
}

async function clientOn(gateway: number, user?: number): Promise<TestClient> {
  const client = await stage.pair.gateways[gateway].open();
  await client.hello();
  if (user !== undefined) client.send(gameFrame(1, { payload: gamePayload(1, user) }));
  await client.fence();
  return client;
}

async function online(client: TestClient, ...users: string[]): Promise<readonly string[] | undefined> {
  seq++;
  client.send(encodeFrame({ seq, route: 1, flags: 0, msgId: GATEWAY_MSG.presence }, encodeUserIds(users)));
  return decodeUserIds((await client.takeSeq(seq)).payload);
}

/** Asks until the answer is `expected`. */
async function becomes(client: TestClient, user: string, expected: readonly string[]): Promise<void> {
  await until(
    async () => String(await online(client, user)) === String(expected),
    () => `presence [${expected}]`,
  );
}

/** Calls of the commands that read sessions and users. */
async function reads(): Promise<number> {
  const info = String(await stage.commands.call('INFO', 'commandstats'));
  return ['hgetall', 'hmget']
    .map((name) => Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(info)?.[1] ?? 0))
    .reduce((sum, calls) => sum + calls, 0);
}

describe.each(SHARED_KINDS)('presence across gateways, by %s,', (kind) => {
  it('names users of other gateways', async () => {
    await start(kind);
    const asker = await clientOn(0, 8);
    await clientOn(1, 7);
    await becomes(asker, '7', ['7']);
    expect(await online(asker, '7', '8', '9', '-3')).toEqual(['7', '8']);
  });

  it('follows what changes on the other gateway', async () => {
    await start(kind);
    const asker = await clientOn(0);
    expect(await online(asker, '7')).toEqual([]);
    const player = await clientOn(1, 7);
    await becomes(asker, '7', ['7']);
    await player.close();
    await becomes(asker, '7', []);
  });
});

describe('presence across gateways on Redis', () => {
  it('is read from Redis once, and counted', async () => {
    await start('redis');
    const asker = await clientOn(0);
    await clientOn(1, 7);
    await becomes(asker, '7', ['7']);
    expect(await reads()).toBeGreaterThan(0);
    // The first time word of the other gateway's last write may come in between, and the copy be dropped for that.
    const readsOfMany = async (): Promise<number> => {
      const before = await reads();
      for (let turn = 0; turn < 50; turn++) expect(await online(asker, '7')).toEqual(['7']);
      return (await reads()) - before;
    };
    await until(
      async () => (await readsOfMany()) === 0,
      () => '50 answers without a read',
    );
    const { samples } = await stage.pair.gateways[0].page();
    const hits = samples.find(
      ({ name, labels }) => name === 'dualgate_session_lookups_total' && labels.outcome === 'hit',
    );
    expect(hits?.value).toBeGreaterThanOrEqual(50);
    expect((await stage.pair.gateways[0].json('/stats')).body).toMatchObject({
      sessions: { lookups: { hit: expect.any(Number), hit_ratio: expect.any(Number) } },
    });
  });

  it('says so while the store is away', async () => {
    const own = await startRedis();
    await stage.start(own, {
      ...{ 'groups.client_presence': 'true', 'redis.command_timeout_ms': '500' },
    });
    const asker = await clientOn(0);
    await own.stop();
    seq++;
    asker.send(encodeFrame({ seq, route: 1, flags: 0, msgId: GATEWAY_MSG.presence }, encodeUserIds(['7'])));
    expect(await asker.takeError(seq)).toMatchObject({ code: 'UNAVAILABLE', retryAfterMs: 1000 });
  });
});

describe.each(SHARED_KINDS)('logout everywhere, by %s,', (kind) => {
  it("ends the user's sessions on every gateway, and nobody else's", async () => {
    await start(kind, { 'auth.mode': 'jwt', 'auth.jwt.secret': SECRET });
    const sign = (sub: string): Promise<string> =>
      new SignJWT({ sub })
        .setProtectedHeader({ alg: 'HS256' })
        .setExpirationTime('1h')
        .sign(Buffer.from(SECRET));
    const logIn = async (gateway: number, user: string) => {
      const client = await stage.pair.gateways[gateway].open();
      return { client, welcome: await client.hello({ token: await sign(user) }) };
    };
    const [first, second, third] = [await logIn(0, '7'), await logIn(1, '7'), await logIn(1, '7')];
    const others = [await logIn(0, '8'), await logIn(1, '8')];
    first.client.send(encodeAuthLogout(true, 5));
    for (const { client } of [first, second, third]) expect((await client.closed).code).toBe(4208);
    for (const { client } of others) await client.fence();
    const back = await stage.pair.gateways[0].open();
    const { resumeToken } = second.welcome;
    expect(await back.hello({ token: await sign('7'), resumeToken })).toMatchObject({ recovered: false });
  });
});
