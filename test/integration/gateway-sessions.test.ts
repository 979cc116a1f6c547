import { afterEach, describe, expect, it } from 'vitest';
import { encodePing } from '../../src/protocol/system.ts';
import { gameFrame, gamePayload } from '../support/frames.ts';
import { eventually } from '../support/recording-sink.ts';
import { memoryWire, ResumingClient } from '../support/resuming-client.ts';
import type { TestClient } from '../support/test-client.ts';
import { type Settings, startTestGateway, type TestGateway } from '../support/test-gateway.ts';

let test: TestGateway;
afterEach(() => test.close());

async function start(settings: Settings = {}, memory = {}): Promise<void> {
  test = await startTestGateway({ settings, memory });
}

async function push(sessionId: string, ...seqs: number[]): Promise<void> {
  const payload = new Uint8Array(0);
  await test.backend.push(
    ...seqs.map((seq) => ({ message: { targetSessionIds: [sessionId], route: 2, msgId: 0, seq, payload } })),
  );
}

/** Seqs of the game frames in the inbox. */
const seqs = (client: TestClient): number[] =>
  client.inbox.filter(({ route }) => route === 2).map(({ seq }) => seq);

describe('a session whose client has gone without a word', () => {
  it('sends again what the client lacks, then what came meanwhile', async () => {
    await start();
    const client = new ResumingClient();
    const { sessionId = '' } = (await client.connect(memoryWire(test.listener))) ?? {};
    client.vanishAfter = 2;
    await push(sessionId, 1, 2, 3, 4);
    await eventually(() => !client.live && test.gateway.lifecycle.detached === 1, 'the link to be lost');
    await push(sessionId, 5, 6);
    const welcome = await client.connect(memoryWire(test.listener));
    expect(welcome).toMatchObject({ sessionId, recovered: true, epoch: 2, replayed: 2 });
    await eventually(() => client.received.length === 6, 'all frames');
    expect(test.gateway.lifecycle.detached).toBe(0);
  });

  it('is over after its window, and its client gets a new one', async () => {
    await start({ 'session.resume_window_sec': '1' });
    const client = new ResumingClient();
    const first = await client.connect(memoryWire(test.listener));
    client.vanish();
    await eventually(() => test.gateway.hub.size === 0, 'the session to end');
    const second = await client.connect(memoryWire(test.listener));
    expect(second).toMatchObject({ recovered: false, epoch: 1 });
    expect(second?.sessionId).not.toBe(first?.sessionId);
  });

  it('goes on in its game, whatever the link named before its Hello', async () => {
    await start({ games: '[{"id":"demo"},{"id":"other"}]' });
    const client = test.openMemory();
    const { resumeToken } = await client.hello();
    client.send(gameFrame(1));
    await test.backend.frames(1);
    const back = test.openMemory();
    back.send(gameFrame(2, { payload: gamePayload(2, 7, 'other') }));
    expect(await back.hello({ resumeToken })).toMatchObject({ recovered: true });
    back.send(gameFrame(3, { payload: new Uint8Array(0) }));
    await back.fence();
    expect((await test.backend.frames(2)).map(({ seq }) => seq)).toEqual([1, 3]);
  });

  it('without window ends with its connection', async () => {
    await start({ 'session.resume_window_sec': '0' });
    const client = new ResumingClient();
    expect(await client.connect(memoryWire(test.listener))).toMatchObject({ resumeToken: '' });
    client.vanish();
    await eventually(() => test.gateway.hub.size === 0, 'the session to end');
  });

  it('says so where its log does not reach back', async () => {
    await start({ 'session.resume_frames_max': '3' });
    const client = new ResumingClient();
    const { sessionId = '' } = (await client.connect(memoryWire(test.listener))) ?? {};
    client.vanishAfter = 1;
    await push(sessionId, 1, 2, 3, 4, 5);
    await eventually(() => test.gateway.lifecycle.detached === 1, 'the link to be lost');
    const welcome = await client.connect(memoryWire(test.listener));
    expect(welcome).toMatchObject({ recovered: false, replayed: 0, epoch: 1 });
    expect(test.gateway.hub.session(sessionId)).toBeUndefined();
    expect(test.gateway.hub.size).toBe(1);
  });

  it('ends where more waits than its queue holds', async () => {
    await start({ 'session.send_queue_frames_max': '3' });
    const client = new ResumingClient();
    const { sessionId = '' } = (await client.connect(memoryWire(test.listener))) ?? {};
    client.vanish();
    await eventually(() => test.gateway.lifecycle.detached === 1, 'the link to be lost');
    await push(sessionId, 1, 2, 3, 4);
    await eventually(() => test.gateway.hub.size === 0, 'the session to end');
    expect(test.metrics.framesDropped.total('downstream')).toBe(4);
    expect(test.gateway.lifecycle.detached).toBe(0);
  });
});

describe('a session that waits for its client', () => {
  it.each([
    [4000, true],
    [4199, true],
    [4205, false],
    [undefined, false],
  ])('and that a backend disconnects with %s goes on: %s', async (code, recovered) => {
    await start();
    const client = new ResumingClient();
    const { sessionId = '' } = (await client.connect(memoryWire(test.listener))) ?? {};
    client.vanish();
    await eventually(() => test.gateway.lifecycle.detached === 1, 'the link to be lost');
    await test.backend.push({ disconnect: { sessionIds: [sessionId], code } });
    await push(sessionId, 1);
    expect(await client.connect(memoryWire(test.listener))).toMatchObject({ recovered });
    expect(test.gateway.lifecycle.detached).toBe(0);
  });
});

describe('a session that ends at once', () => {
  it.each([
    ['its client says goodbye', async (client: TestClient) => void (await client.close())],
    [
      'a backend kicks it',
      (_client: TestClient, sessionId: string) =>
        test.backend.push({ disconnect: { sessionIds: [sessionId] } }),
    ],
  ])('%s', async (_name, end) => {
    await start();
    const client = test.openMemory();
    const { sessionId, resumeToken } = await client.hello();
    await end(client, sessionId);
    await eventually(() => test.gateway.hub.size === 0, 'the session to end');
    expect(await test.openMemory().hello({ resumeToken })).toMatchObject({ recovered: false });
  });
});

describe('a takeover', () => {
  it('tells the old connection, whose late close changes nothing', async () => {
    await start();
    const old = test.openMemory();
    const { resumeToken, sessionId } = await old.hello();
    old.pause();
    const next = test.openMemory();
    expect(await next.hello({ resumeToken })).toMatchObject({ recovered: true, sessionId, epoch: 2 });
    // The old client does not read, so its end of the link stands until the gateway gives it up.
    await push(sessionId, 1);
    await next.takeSeq(1);
    old.resume();
    expect((await old.closed).code).toBe(4003);
    await eventually(() => test.gateway.connections === 1, 'the old link to be closed');
    await push(sessionId, 2);
    await next.takeSeq(2);
    expect([test.gateway.hub.size, test.gateway.lifecycle.detached]).toEqual([1, 0]);
  });

  it('makes void what the old connection still brings', async () => {
    await start();
    const old = test.openMemory();
    const { resumeToken } = await old.hello();
    const next = test.openMemory();
    const resumed = next.hello({ resumeToken });
    old.send(gameFrame(1));
    await resumed;
    old.send(gameFrame(2));
    next.send(gameFrame(3));
    const frames = await test.backend.frames(1);
    await next.fence();
    expect(frames.map(({ seq }) => seq)).not.toContain(2);
  });

  it('takes a token once: after the client has used the next one, and never with another secret', async () => {
    await start();
    const first = await test.openMemory().hello();
    const client = test.openMemory();
    const second = await client.hello({ resumeToken: first.resumeToken });
    await client.fence();
    expect(await test.openMemory().hello({ resumeToken: first.resumeToken })).toMatchObject({
      recovered: false,
    });
    const forged = `${second.sessionId}.${'A'.repeat(22)}`;
    expect(await test.openMemory().hello({ resumeToken: forged })).toMatchObject({ recovered: false });
    expect(await test.openMemory().hello({ resumeToken: second.resumeToken })).toMatchObject({
      recovered: true,
    });
  });
});

describe('counts', () => {
  it('are of frames taken and refused alike, without latest and system ones', async () => {
    await start({ routes: '[{"from":1000,"to":1999,"service":"logic"}]' });
    const client = test.openMemory();
    const { resumeToken } = await client.hello();
    client.send(gameFrame(1));
    client.send(gameFrame(2, { msgId: 5000 }));
    client.send(gameFrame(3, { flags: 4 }));
    client.send(gameFrame(4, { flags: 0x40 }));
    await client.fence();
    expect(seqs(client)).toEqual([2, 4]);
    const again = await test.openMemory().hello({ resumeToken, received: 2 });
    expect(again).toMatchObject({ recovered: true, accepted: 3, replayed: 0 });
  });

  it('in a Ping trim the log', async () => {
    await start();
    const client = test.openMemory();
    const { sessionId } = await client.hello();
    await push(sessionId, 1, 2, 3);
    await client.takeSeq(3);
    const log = test.gateway.hub.session(sessionId)?.queue.log;
    expect(log?.length).toBe(3);
    client.send(encodePing({ sentAtMs: 1, received: 2 }, 9));
    await client.takeSeq(9);
    expect(log?.length).toBe(1);
  });
});

describe('rate limits', () => {
  it('answer what is too much with RATE_LIMITED, and end the link of who goes on', async () => {
    await start({ 'limits.frames_per_sec': '1', 'limits.frames_burst': '10', 'limits.rate_strikes': '20' });
    const client = test.openMemory();
    for (let seq = 1; seq <= 60; seq++) client.send(gameFrame(seq));
    const error = await client.takeError(11);
    expect(error.code).toBe('RATE_LIMITED');
    expect(error.retryAfterMs).toBeGreaterThan(0);
    expect(error.retryAfterMs).toBeLessThanOrEqual(1000);
    expect((await client.closed).code).toBe(4103);
    expect(await test.backend.frames(10)).toHaveLength(10);
  });

  it('count bytes', async () => {
    await start({ 'limits.bytes_per_sec': '10', 'limits.bytes_burst': '110' });
    const client = test.openMemory();
    const payload = new Uint8Array(95);
    for (let seq = 1; seq <= 2; seq++) client.send(gameFrame(seq, { payload: payload.fill(0x78) }));
    expect((await client.takeError(2)).code).toBe('RATE_LIMITED');
  });
});
