import { expect, test } from 'vitest';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import { encodeFrame, FLAG, payloadOf, ROUTE, readHeader } from '../../src/protocol/header.ts';
import {
  decodePing,
  decodePong,
  encodeAckFrame,
  encodeErrorFrame,
  encodeGoAway,
  encodePing,
  encodePong,
  SYSTEM,
} from '../../src/protocol/system.ts';
import { connect } from '../../web-client/sdk/client.ts';
import type { Client, ConnectOptions, StateEvent } from '../../web-client/sdk/client-api.ts';
import type { Message } from '../../web-client/sdk/message.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { type FakeLink, FakeNetwork, gameFrame, responseTo } from '../support/fake-link.ts';

interface Stage {
  clock: FakeClock;
  network: FakeNetwork;
  client: Client;
  link: FakeLink;
  states: StateEvent[];
}

async function connected(
  options: Partial<ConnectOptions> = {},
  welcome: Parameters<FakeLink['welcome']>[0] = {},
): Promise<Stage> {
  const clock = new FakeClock();
  const network = new FakeNetwork();
  const connecting = connect({ open: network.open, clock, ...options });
  const link = await network.link();
  link.welcome(welcome);
  const client = await connecting;
  const states: StateEvent[] = [];
  client.on('state', (event) => states.push(event));
  return { clock, network, client, link, states };
}

const PAYLOAD = new Uint8Array([1, 2, 3]);

test('opens with a Hello and resolves at the Welcome', async () => {
  const { client, link } = await connected({ token: 'secret', device: 'pad', client: 'arena/1' });
  expect(link.hello).toEqual({
    protocol: 1,
    token: 'secret',
    resumeToken: '',
    received: 0,
    device: 'pad',
    client: 'arena/1',
    batch: true,
  });
  expect(client.state).toBe('open');
  expect(client.stats().sessionId).toBe('77');
});

test('rejects where the link cannot be had, without a timer left', async () => {
  const clock = new FakeClock();
  const network = new FakeNetwork();
  network.refusal = new Error('connection refused');
  await expect(connect({ open: network.open, clock })).rejects.toMatchObject({
    code: 'DISCONNECTED',
    message: 'connection refused',
  });
  expect(clock.pending).toBe(0);
});

test('rejects with the code that the gateway answers the Hello with, and closes the link', async () => {
  const network = new FakeNetwork();
  const connecting = connect({ open: network.open, clock: new FakeClock() });
  const link = await network.link();
  const { seq, route, msgId } = readHeader(link.sent[0]);
  link.receive(encodeErrorFrame({ seq, route, msgId, code: 'UNAUTHENTICATED', message: 'no token' }));
  await expect(connecting).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(link.closedWith).toBeDefined();
});

test('rejects when no Welcome comes in time', async () => {
  const clock = new FakeClock();
  const network = new FakeNetwork();
  const connecting = connect({ open: network.open, clock, connectTimeoutMs: 500 });
  const rejected = expect(connecting).rejects.toMatchObject({ code: 'DISCONNECTED', closeCode: 4104 });
  await clock.advance(500);
  await rejected;
  expect(network.links[0].closedWith?.code).toBe(4104);
});

test('an abort ends the attempt', async () => {
  const network = new FakeNetwork();
  const clock = new FakeClock();
  const abort = new AbortController();
  const connecting = connect({ open: network.open, clock, signal: abort.signal });
  await settle();
  abort.abort();
  await expect(connecting).rejects.toMatchObject({ code: 'ABORTED' });
  expect(network.links[0].closedWith).toBeDefined();
  expect(clock.pending).toBe(0);
});

test('a request resolves with the response of its seq, whatever comes before', async () => {
  const { client, link, clock } = await connected();
  const first = client.request(ROUTE.game, 1001, PAYLOAD);
  const second = client.request(ROUTE.game, 1002, PAYLOAD);
  const [firstHeader, secondHeader] = link.headers;
  link.receive(responseTo(secondHeader, [9]));
  link.receive(responseTo(firstHeader, [8]));
  expect([...(await first).payload]).toEqual([8]);
  expect([...(await second).payload]).toEqual([9]);
  expect(clock.pending).toBe(0);
});

test('a request rejects on an error frame, on timeout, on abort, and beyond the limit', async () => {
  const { client, link, clock } = await connected({ pendingMax: 3 });
  const refused = client.request(ROUTE.game, 1, PAYLOAD);
  const late = client.request(ROUTE.game, 2, PAYLOAD, { timeoutMs: 50 });
  const abort = new AbortController();
  const aborted = client.request(ROUTE.game, 3, PAYLOAD, { signal: abort.signal });
  await expect(client.request(ROUTE.game, 4, PAYLOAD)).rejects.toMatchObject({ code: 'TOO_MANY_PENDING' });
  link.receive(encodeErrorFrame({ ...link.headers[0], code: 'BUSY', message: 'full', retryAfterMs: 20 }));
  await expect(refused).rejects.toMatchObject({ code: 'BUSY', retryAfterMs: 20 });
  abort.abort();
  await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' });
  const rejected = expect(late).rejects.toMatchObject({ code: 'NO_ANSWER' });
  await clock.advance(50);
  await rejected;
  expect(client.stats().pendingRequests).toBe(0);
  expect(clock.pending).toBe(0);
});

test('an acknowledged send resolves with the ack', async () => {
  const { client, link } = await connected();
  const sent = client.send(ROUTE.game, 1001, PAYLOAD, { ack: true });
  const [{ seq, route, msgId, flags }] = link.headers;
  expect(flags).toBe(FLAG.ackRequested);
  link.receive(encodeAckFrame(seq, route, msgId));
  await expect(sent).resolves.toBeUndefined();
});

test('hands over pushes, latest frames and batches with a payload of their own', async () => {
  const { client, link } = await connected();
  const messages: Message[] = [];
  const latest: Message[] = [];
  client.on('message', (message) => messages.push(message));
  client.on('latest', (message) => latest.push(message));
  link.receive(gameFrame({ seq: 5 }, [1]));
  link.receiveBatch([gameFrame({}, [2]), gameFrame({ flags: FLAG.latest }, [3])]);
  link.receive(gameFrame({ flags: FLAG.latest }, [4]), true);
  expect(messages.map(({ payload }) => [...payload])).toEqual([[1], [2]]);
  expect(latest.map(({ payload, datagram }) => [payload[0], datagram])).toEqual([
    [3, false],
    [4, true],
  ]);
});

test('a listener that throws hurts nobody else', async () => {
  const { client, link } = await connected();
  const uncaught: unknown[] = [];
  const earlier = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.once('uncaughtException', (error) => uncaught.push(error));
  const seen: Message[] = [];
  client.on('message', () => {
    throw new Error('application fault');
  });
  client.on('message', (message) => seen.push(message));
  link.receive(gameFrame({}));
  await new Promise((resolve) => setImmediate(resolve));
  for (const listener of earlier) process.on('uncaughtException', listener);
  expect(seen).toHaveLength(1);
  expect(uncaught).toMatchObject([{ message: 'application fault' }]);
});

test('an unsubscribed listener hears nothing', async () => {
  const { client, link } = await connected();
  const seen: Message[] = [];
  client.on('message', (message) => seen.push(message))();
  link.receive(gameFrame({}));
  expect(seen).toEqual([]);
});

test('latest frames go by datagram where they fit, else by the reliable path with the flag', async () => {
  const { client, link } = await connected();
  link.datagramBytesMax = 11;
  expect(client.send(ROUTE.game, 1, PAYLOAD, { latest: true })).toBe(true);
  expect(client.send(ROUTE.game, 2, new Uint8Array(4), { latest: true })).toBe(true);
  expect(link.datagrams.map((frame) => readHeader(frame).msgId)).toEqual([1]);
  expect(link.headers).toMatchObject([{ msgId: 2, flags: FLAG.latest }]);
});

test('error frames that nobody waits for become events', async () => {
  const { client, link } = await connected();
  const errors: unknown[] = [];
  client.on('error', (event) => errors.push(event));
  link.receive(encodeErrorFrame({ seq: 900, route: 2, msgId: 7, code: 'UNKNOWN_ROUTE', message: 'none' }));
  link.receive(encodeFrame({ seq: 1, route: 2, flags: FLAG.error, msgId: 7 }, new Uint8Array([0xff])));
  expect(errors).toMatchObject([
    { seq: 900, route: 2, msgId: 7, error: { code: 'UNKNOWN_ROUTE' } },
    { error: { code: 'INTERNAL' } },
  ]);
});

test('a Ping is answered with the count of reliable frames', async () => {
  const { link, clock } = await connected();
  link.receive(gameFrame({}));
  link.receive(gameFrame({ flags: FLAG.latest }));
  link.receiveBatch([gameFrame({}), gameFrame({})]);
  link.receive(encodePing({ sentAtMs: 123, received: 0 }, 41));
  const pong = link.lastSystem(SYSTEM.pong);
  expect(pong && readHeader(pong).seq).toBe(41);
  expect(pong && decodePong(payloadOf(pong))).toEqual({
    sentAtMs: 123,
    serverTimeMs: clock.unixMs(),
    received: 3,
  });
});

test('pings at the interval of the Welcome and measures the round trip', async () => {
  const { client, link, clock } = await connected({}, { heartbeatIntervalMs: 1_000 });
  await clock.advance(1_000);
  const ping = link.lastSystem(SYSTEM.ping);
  expect(ping && decodePing(payloadOf(ping))?.sentAtMs).toBe(clock.unixMs());
  await clock.advance(25);
  link.receive(encodePong({ sentAtMs: 0, serverTimeMs: 0, received: 0 }, readHeader(ping ?? PAYLOAD).seq));
  expect(client.stats().rttMs).toBe(25);
});

test('a silent link is given up after two intervals and replaced', async () => {
  const { client, link, clock, network } = await connected({}, { heartbeatIntervalMs: 1_000 });
  await clock.advance(2_999);
  expect(link.closedWith).toBeUndefined();
  await clock.advance(1);
  await clock.advance(0);
  expect(link.closedWith?.code).toBe(DISCONNECT.heartbeatTimeout.code);
  await clock.advance(250);
  (await network.link()).welcome({ recovered: true });
  expect(client.state).toBe('open');
});

test('comes back with the resume token and the count of received frames', async () => {
  const { client, link, clock, network, states } = await connected();
  link.receive(gameFrame({}));
  link.receive(gameFrame({}));
  link.end(0);
  expect(client.state).toBe('reconnecting');
  expect(client.send(ROUTE.game, 1, PAYLOAD)).toBe(false);
  await clock.advance(250);
  const next = await network.link();
  expect(next).not.toBe(link);
  expect(next.hello).toMatchObject({ resumeToken: 'resume-1', received: 2 });
  next.welcome({ recovered: true, replayed: 1, resumeToken: 'resume-2' });
  expect(states.map(({ state }) => state)).toEqual(['reconnecting', 'open']);
  expect(states[1]).toMatchObject({ recovered: true, replayed: 1 });
  next.receive(gameFrame({}));
  next.end(0);
  await clock.advance(250);
  expect((await network.link()).hello).toMatchObject({ resumeToken: 'resume-2', received: 3 });
  expect(client.stats()).toMatchObject({ reconnects: 1, recoveries: 1 });
});

test('a recovered session sends unacknowledged frames again, same seq and bytes, oldest first', async () => {
  const { client, link, clock, network } = await connected();
  const done = client.send(ROUTE.game, 1, PAYLOAD, { ack: true });
  const first = client.send(ROUTE.game, 2, PAYLOAD, { ack: true });
  const second = client.send(ROUTE.game, 3, PAYLOAD, { ack: true });
  const [acked, ...open] = link.headers;
  link.receive(encodeAckFrame(acked.seq, acked.route, acked.msgId));
  await done;
  link.end(0);
  await clock.advance(250);
  const next = await network.link();
  expect(next.headers).toEqual([]);
  next.welcome({ recovered: true });
  expect(next.headers).toEqual(open);
  expect([...payloadOf(next.sent[1])]).toEqual([1, 2, 3]);
  for (const { seq, route, msgId } of open) next.receive(encodeAckFrame(seq, route, msgId));
  await Promise.all([first, second]);
});

test('a frame sent with ack between links leaves once the session is back', async () => {
  const { client, link, clock, network } = await connected();
  link.end(0);
  const sent = client.send(ROUTE.game, 9, PAYLOAD, { ack: true });
  await clock.advance(250);
  const next = await network.link();
  next.welcome({ recovered: true });
  const [{ seq, route, msgId }] = next.headers;
  next.receive(encodeAckFrame(seq, route, msgId));
  await expect(sent).resolves.toBeUndefined();
});

test('a new session rejects what waited for the earlier one and counts from zero', async () => {
  const { client, link, clock, network } = await connected();
  link.receive(gameFrame({}));
  const request = client.request(ROUTE.game, 1, PAYLOAD);
  const acknowledged = client.send(ROUTE.game, 2, PAYLOAD, { ack: true });
  const lost = Promise.all([
    expect(request).rejects.toMatchObject({ code: 'SESSION_LOST' }),
    expect(acknowledged).rejects.toMatchObject({ code: 'SESSION_LOST' }),
  ]);
  link.end(0);
  await clock.advance(250);
  const next = await network.link();
  next.welcome({ recovered: false });
  await lost;
  expect(next.headers).toEqual([]);
  next.end(0);
  await clock.advance(250);
  expect((await network.link()).hello?.received).toBe(0);
});

test('nothing reaches the application before its state handler ran', async () => {
  const { client, link, clock, network } = await connected();
  const order: string[] = [];
  client.on('state', ({ state }) => order.push(state));
  client.on('message', () => order.push('message'));
  link.end(0);
  await clock.advance(250);
  const next = await network.link();
  next.receive(gameFrame({}));
  next.welcome({ recovered: false });
  next.receive(gameFrame({}));
  expect(order).toEqual(['reconnecting', 'open', 'message', 'message']);
});

test('retries with growing delays and gives up after attemptsMax', async () => {
  const { link, clock, network, states } = await connected({ reconnect: { baseMs: 100, attemptsMax: 3 } });
  network.refusal = new Error('away');
  link.end(0);
  await clock.advance(10_000);
  const delays = states.map((event) => (event.state === 'reconnecting' ? event.retryInMs : event.state));
  expect(delays).toEqual([50, 100, 200, 'closed']);
  expect(network.attempts).toBe(4);
  expect(clock.pending).toBe(0);
});

test.each([
  [4102, 750],
  [4000, 125],
  [1006, 125],
])('close code %i is followed by an attempt after %i ms', async (code, retryInMs) => {
  const { link, states } = await connected();
  link.end(code, 'reason');
  expect(states).toEqual([{ state: 'reconnecting', code, reason: 'reason', retryInMs }]);
});

test.each([1000, 4203, 4206])('close code %i is final', async (code) => {
  const { client, link, clock, states } = await connected();
  const request = expect(client.request(ROUTE.game, 1, PAYLOAD)).rejects.toMatchObject({ code: 'CLOSED' });
  link.end(code, 'reason');
  expect(states).toEqual([{ state: 'closed', code, reason: 'reason' }]);
  await request;
  await expect(client.send(ROUTE.game, 1, PAYLOAD, { ack: true })).rejects.toMatchObject({ code: 'CLOSED' });
  expect(clock.pending).toBe(0);
});

test('a Hello refused with retryAfterMs is repeated no earlier than that', async () => {
  const { link, clock, network, states } = await connected();
  link.end(0);
  await clock.advance(250);
  const next = await network.link();
  const { seq, route, msgId } = readHeader(next.sent[0]);
  next.receive(
    encodeErrorFrame({ seq, route, msgId, code: 'UNAVAILABLE', message: '', retryAfterMs: 9_000 }),
  );
  expect(states.at(-1)).toMatchObject({ state: 'reconnecting', retryInMs: 9_000 });
});

test('leaves a draining gateway at a random moment within the spread', async () => {
  const { client, link, clock, network } = await connected();
  const seen: unknown[] = [];
  client.on('goaway', (event) => seen.push(event));
  const goAway = { spreadMs: 1_000, deadlineMs: 5_000, reason: 'deploy', reconnectUrl: '' };
  link.receive(encodeGoAway(goAway));
  expect(seen).toEqual([goAway]);
  await clock.advance(499);
  expect(link.closedWith).toBeUndefined();
  await clock.advance(1);
  expect(link.closedWith?.code).toBe(DISCONNECT.drained.code);
  await clock.advance(250);
  expect((await network.link()).hello?.resumeToken).toBe('resume-1');
});

test('close ends the link with its code, is idempotent and leaves no timer', async () => {
  const { client, link, clock, states } = await connected({}, { heartbeatIntervalMs: 1_000 });
  const request = expect(client.request(ROUTE.game, 1, PAYLOAD)).rejects.toMatchObject({ code: 'CLOSED' });
  client.close(1000, 'bye');
  client.close(4000, 'again');
  link.end(1000, 'bye');
  await request;
  expect(link.closedWith).toEqual({ code: 1000, reason: 'bye' });
  expect(states).toEqual([{ state: 'closed', code: 1000, reason: 'bye' }]);
  expect(client.send(ROUTE.game, 1, PAYLOAD)).toBe(false);
  expect(clock.pending).toBe(0);
});

test('close between two links cancels the next attempt', async () => {
  const { client, link, clock, network } = await connected();
  link.end(0);
  client.close();
  await clock.advance(60_000);
  expect(network.attempts).toBe(1);
  expect(clock.pending).toBe(0);
});

test('a broken batch ends the link with a protocol error', async () => {
  const { link, states } = await connected();
  link.receive(encodeFrame({ seq: 0, route: 3, flags: FLAG.batch, msgId: 0 }, new Uint8Array([0, 0, 0, 9])));
  expect(link.closedWith?.code).toBe(DISCONNECT.protocolError.code);
  expect(states).toMatchObject([{ state: 'closed', code: DISCONNECT.protocolError.code }]);
});

test('frames shorter than a header and unknown system messages do no harm', async () => {
  const { client, link } = await connected();
  link.receive(new Uint8Array(7));
  link.receive(encodeFrame({ seq: 0, route: 3, flags: 0, msgId: SYSTEM.ping }, new Uint8Array([0xff])));
  link.receive(encodeFrame({ seq: 0, route: 3, flags: 0, msgId: SYSTEM.goAway }, new Uint8Array([0xff])));
  expect(client.state).toBe('open');
});

test('any frame counts as a sign of life', async () => {
  const { link, clock } = await connected({}, { heartbeatIntervalMs: 1_000 });
  for (let second = 0; second < 10; second++) {
    await clock.advance(1_000);
    link.receive(gameFrame({}));
  }
  expect(link.closedWith).toBeUndefined();
});

test('frames before the Welcome of a recovered session are left to its replay', async () => {
  const { client, link, clock, network } = await connected();
  const seen: Message[] = [];
  client.on('message', (message) => seen.push(message));
  link.end(0);
  await clock.advance(250);
  const next = await network.link();
  next.receive(gameFrame({ seq: 1 }));
  next.welcome({ recovered: true, replayed: 1 });
  next.receive(gameFrame({ seq: 1 }));
  expect(seen).toHaveLength(1);
});

test('a success starts the delays anew', async () => {
  const { link, clock, network, states } = await connected({ reconnect: { baseMs: 100 } });
  network.refusal = new Error('away');
  link.end(0);
  await clock.advance(100);
  network.refusal = undefined;
  await clock.advance(1_000);
  const next = await network.link();
  next.welcome({ recovered: true });
  next.end(0);
  expect(states.at(-1)).toMatchObject({ state: 'reconnecting', retryInMs: 50 });
});

test('a reason that no transport can carry is cut', async () => {
  const { client, link } = await connected();
  client.close(4000, 'x'.repeat(200));
  expect(link.closedWith?.reason).toBe('x'.repeat(123));
});
