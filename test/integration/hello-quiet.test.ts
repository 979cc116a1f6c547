import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { encodeBatch } from '../../src/protocol/batch.ts';
import { payloadOf, ROUTE, readMsgId, readRoute } from '../../src/protocol/header.ts';
import { encodeHello, SYSTEM } from '../../src/protocol/system.ts';
import { gameFrame } from '../support/frames.ts';
import { eventually } from '../support/recording-sink.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { ResumingClient } from '../support/resuming-client.ts';
import type { TestClient } from '../support/test-client.ts';
import { startTwoGateways, type TwoGateways } from '../support/two-gateways.ts';
import { until } from '../support/until.ts';

let redis: RedisServer;
let group: TwoGateways;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
afterEach(() => group.close());

const toEveryone = (seq: number): Promise<void> =>
  group.backend.push({ message: { everyone: true, route: 2, msgId: 1001, seq, payload: new Uint8Array(8) } });

/** Pushes to everyone, one after the other, until `work` is done. */
async function whilePushing<T>(work: Promise<T>): Promise<T> {
  let done = false;
  const pushing = (async () => {
    for (let seq = 1; !done; seq++) await toEveryone(seq);
  })();
  const result = await work.finally(() => {
    done = true;
  });
  await pushing;
  return result;
}

const isWelcome = (frame: Uint8Array): boolean =>
  readRoute(frame) === ROUTE.system && readMsgId(frame) === SYSTEM.welcome;

/** Says Hello once it is connected; resolves with all that comes up to the Welcome. */
async function framesToWelcome(url: string, hello: Uint8Array | string): Promise<readonly Uint8Array[]> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const frames: Uint8Array[] = [];
  socket.on('open', () => socket.send(hello));
  socket.on('message', (data) => {
    if (data instanceof Uint8Array) frames.push(new Uint8Array(data));
  });
  await eventually(() => frames.some(isWelcome), 'the Welcome');
  socket.terminate();
  return frames.slice(0, frames.findIndex(isWelcome));
}

function jsonHello(): string {
  const payload = Buffer.from(payloadOf(encodeHello({}, 1))).toString('base64');
  return JSON.stringify({ seq: 1, route: ROUTE.system, msgId: SYSTEM.hello, payload });
}

/** Pushes wait for a Hello for half a second. */
const PATIENCE_MS = 400;

/** Of a push that is there ahead of the Hello, and the Welcome: which of them is that, as they come. */
async function orderOf(hello: Uint8Array | string): Promise<{ welcomes: boolean[]; tookMs: number }> {
  const { gateway, metrics } = group.gateways[0].running;
  const frames: Uint8Array[] = [];
  const { size } = gateway.hub;
  const before = metrics.downstreamDeliveries.total();
  const sinceMs = performance.now();
  const socket = new WebSocket(urlOf(0), { perMessageDeflate: false });
  socket.on('message', (data) => {
    if (data instanceof Uint8Array) frames.push(new Uint8Array(data));
  });
  await eventually(() => gateway.hub.size > size && socket.readyState === WebSocket.OPEN, 'the link');
  await toEveryone(1);
  await eventually(() => metrics.downstreamDeliveries.total() > before, 'the push');
  socket.send(hello);
  const tookMs = performance.now() - sinceMs;
  await eventually(() => frames.length >= 2, 'both');
  socket.terminate();
  return { welcomes: frames.map(isWelcome), tookMs };
}

const urlOf = (index: number): string =>
  `ws://127.0.0.1:${group.gateways[index].running.addresses.get('websocket')?.port}/ws`;

describe('while everyone is pushed to', () => {
  it.each([
    ['a new session', '0'],
    ['one that is resumed here', '1'],
    ['one that is resumed elsewhere', '2'],
  ])('nothing comes ahead of the Welcome of %s', async (_, kind) => {
    group = await startTwoGateways(redis);
    const client = new ResumingClient();
    const token = kind === '0' ? '' : (await client.connect(group.wires[0]))?.resumeToken;
    const hello = encodeHello({ resumeToken: token }, 1);
    const early = await whilePushing(framesToWelcome(urlOf(kind === '2' ? 1 : 0), hello));
    expect(early).toHaveLength(0);
  });

  it.each([
    ['in a batch', encodeBatch([encodeHello({}, 1)])],
    ['as JSON', jsonHello()],
  ])('nothing comes ahead of the Welcome to a Hello %s', async (_, hello) => {
    group = await startTwoGateways(redis, { 'websocket.json_debug': 'true' });
    let order = await orderOf(hello);
    // A machine that is as busy as that says nothing of it.
    while (order.tookMs > PATIENCE_MS) order = await orderOf(hello);
    expect(order.welcomes).toEqual([true, false]);
  });
});

describe('a client that says no Hello', () => {
  const heard = (client: TestClient): boolean => client.inbox.some(({ route }) => route === ROUTE.game);

  it('gets what was pushed before its first frame, with that', async () => {
    group = await startTwoGateways(redis);
    const client = await group.gateways[0].open();
    await until(
      async () => group.gateways[0].running.gateway.hub.size === 1,
      () => 'its session',
    );
    await toEveryone(1);
    client.send(gameFrame(1));
    await eventually(() => heard(client), 'the push');
  });

  it('gets it without, a little later', async () => {
    group = await startTwoGateways(redis);
    const client = await group.gateways[0].open();
    await toEveryone(1);
    await eventually(() => heard(client), 'the push');
  });
});

describe('a resume token that was used', () => {
  it.each([
    ['here', 0],
    ['elsewhere', 1],
  ])('is good no more %s once the Welcome has arrived, though its client says nothing', async (_, index) => {
    group = await startTwoGateways(redis);
    const client = new ResumingClient();
    const used = (await client.connect(group.wires[0]))?.resumeToken ?? '';
    client.vanish();
    expect(await client.connect(group.wires[0])).toMatchObject({ recovered: true });
    const { hub } = group.gateways[0].running.gateway;
    await eventually(
      () => [...hub.all()].every(({ earlierHash }) => earlierHash === undefined),
      'word of it',
    );
    const thief = await group.gateways[index].open();
    expect(await thief.hello({ resumeToken: used })).toMatchObject({ recovered: false });
    expect(client.live).toBe(true);
  });
});
