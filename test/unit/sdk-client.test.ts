import { expect, test } from 'vitest';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import { encodeFrame, FLAG, payloadOf, ROUTE, readHeader } from '../../src/protocol/header.ts';
import {
  decodePing,
  decodePong,
  encodeAckFrame,
  encodeErrorFrame,
  encodePing,
  encodePong,
  SYSTEM,
} from '../../src/protocol/system.ts';
import { connect } from '../../web-client/sdk/client.ts';
import type { Message } from '../../web-client/sdk/message.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { FakeNetwork, gameFrame, responseTo } from '../support/fake-link.ts';
import { connected } from '../support/sdk-stage.ts';

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

test('a reason that no transport can carry is cut', async () => {
  const { client, link } = await connected();
  client.close(4000, 'x'.repeat(200));
  expect(link.closedWith?.reason).toBe('x'.repeat(123));
});
