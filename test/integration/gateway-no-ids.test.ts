import { afterEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { encodeAuthLogin, encodeHello } from '../../src/protocol/system.ts';
import { type IdSource, SnowflakeGenerator } from '../../src/session/ids/snowflake.ts';
import { gameFrame } from '../support/frames.ts';
import { eventually } from '../support/recording-sink.ts';
import { memoryWire, ResumingClient } from '../support/resuming-client.ts';
import { type Settings, startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const UNAVAILABLE = { code: 4107, reason: 'no new sessions at the moment' };
const LATER = { code: 'UNAVAILABLE', message: UNAVAILABLE.reason, retryAfterMs: 2_000 };

let test: TestGateway;
let idsLeft: boolean;
let retryAfterMs: number;
afterEach(() => test.close());

async function start(settings: Settings = {}): Promise<void> {
  const generator = new SnowflakeGenerator(1);
  idsLeft = true;
  retryAfterMs = 2_000;
  const ids: IdSource = {
    fault: undefined,
    next: () => {
      if (idsLeft) return generator.next();
      throw new GatewayError('UNAVAILABLE', 'no machine id for session ids', { retryAfterMs });
    },
  };
  test = await startTestGateway({ settings, ids });
}

const refused = (): number => {
  let sum = 0;
  for (const { labels, value } of test.metrics.closed.entries()) {
    if (labels.disconnect === 'unavailable') sum += value;
  }
  return sum;
};

describe('a gateway without session ids', () => {
  it.each(['none', 'trust-first-message'])('refuses new sessions by a code, mode %s', async (mode) => {
    await start({ 'auth.mode': mode });
    idsLeft = false;
    const greeter = test.openMemory();
    greeter.send(encodeHello({}, 1));
    expect(await greeter.takeError(1)).toEqual(LATER);
    expect(await greeter.closed).toEqual(UNAVAILABLE);
    const silent = test.openMemory();
    silent.send(gameFrame(3));
    expect(await silent.takeError(3)).toEqual(LATER);
    expect(await silent.closed).toEqual(UNAVAILABLE);
    const stranger = test.openMemory();
    stranger.send(encodeHello({ resumeToken: 'nonsense' }, 1));
    expect(await stranger.closed).toEqual(UNAVAILABLE);
    expect(refused()).toBe(3);
    expect(test.backend.received).toEqual([]);
    expect(test.gateway.hub.size).toBe(0);
    expect(test.logLines.filter((line) => line.includes('"stack"'))).toEqual([]);
    const told = test.logLines.filter((line) => line.includes('no machine id for session ids'));
    expect(told).toHaveLength(1);
  });

  it('refuses a login without Hello, mode jwt', async () => {
    await start({ 'auth.mode': 'jwt', 'auth.jwt.secret': 'a secret of more than 32 bytes, for HS256' });
    idsLeft = false;
    const client = test.openMemory();
    client.send(encodeAuthLogin({ token: 'a token' }, 1));
    expect(await client.takeError(1)).toEqual(LATER);
    expect(await client.closed).toEqual(UNAVAILABLE);
  });

  it.each([
    ['that knows of no time', 0, 1_000],
    ['whose clock is an hour behind', 3_600_000, 10_000],
  ])('%s gives a time that clients can wait', async (_name, wantedMs, toldMs) => {
    await start();
    idsLeft = false;
    retryAfterMs = wantedMs;
    const client = test.openMemory();
    client.send(encodeHello({}, 1));
    expect((await client.takeError(1)).retryAfterMs).toBe(toldMs);
  });

  it('says the same of keys of tokens that cannot be fetched', async () => {
    const jwt = { 'auth.jwt.jwks_url': 'http://127.0.0.1:1/keys' };
    await start({ 'auth.mode': 'jwt', ...jwt });
    const token = `${btoa('{"alg":"ES256","kid":"k"}')}.${btoa('{}')}.AAAA`.replaceAll('=', '');
    const client = test.openMemory();
    client.send(encodeHello({ token }, 1));
    expect(await client.takeError(1)).toMatchObject({ code: 'UNAVAILABLE' });
    expect(await client.closed).toMatchObject({ code: 4107 });
  });

  it('lets the sessions that there are go on, and resume', async () => {
    await start();
    const staying = new ResumingClient();
    await staying.connect(memoryWire(test.listener));
    const lost = new ResumingClient();
    const first = await lost.connect(memoryWire(test.listener));
    idsLeft = false;
    lost.vanish();
    await eventually(() => test.gateway.lifecycle.detached === 1, 'the link to be lost');
    const second = await lost.connect(memoryWire(test.listener));
    expect(second).toMatchObject({ recovered: true, sessionId: first?.sessionId });
    const payload = new Uint8Array(0);
    await test.backend.push({
      message: { targetSessionIds: [first?.sessionId ?? ''], route: 2, msgId: 0, seq: 1, payload },
    });
    await eventually(() => lost.received.length === 1, 'the push');
    lost.send(gameFrame(1));
    staying.send(gameFrame(1));
    await test.backend.frames(2);
    expect(test.gateway.hub.size).toBe(2);
  });

  it('closes a link that says nothing', async () => {
    await start({ 'limits.hello_timeout_ms': '300' });
    idsLeft = false;
    expect((await test.openMemory().closed).code).toBe(4104);
  });

  it('takes new sessions again when there are ids', async () => {
    await start();
    idsLeft = false;
    const early = test.openMemory();
    early.send(encodeHello({}, 1));
    expect(await early.closed).toEqual(UNAVAILABLE);
    idsLeft = true;
    expect(await test.openMemory().hello()).toMatchObject({ recovered: false });
  });
});
