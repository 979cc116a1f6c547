import { expect, test } from 'vitest';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import { payloadOf, ROUTE, readHeader } from '../../src/protocol/header.ts';
import { encodeAckFrame, encodeErrorFrame, encodeGoAway } from '../../src/protocol/system.ts';
import type { Message } from '../../web-client/sdk/message.ts';
import { gameFrame } from '../support/fake-link.ts';
import { connected } from '../support/sdk-stage.ts';

const PAYLOAD = new Uint8Array([1, 2, 3]);

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

test('close between two links cancels the next attempt', async () => {
  const { client, link, clock, network } = await connected();
  link.end(0);
  client.close();
  await clock.advance(60_000);
  expect(network.attempts).toBe(1);
  expect(clock.pending).toBe(0);
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

test('too many frames before the Welcome end the attempt, and the next one follows', async () => {
  const { client, link, clock, network } = await connected();
  link.end(0);
  await clock.advance(250);
  const next = await network.link();
  for (let seq = 1; seq <= 300; seq++) next.receive(gameFrame({ seq }));
  expect(client.state).toBe('reconnecting');
  await clock.advance(1_000);
  (await network.link()).welcome({ recovered: true });
  expect(client.state).toBe('open');
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
