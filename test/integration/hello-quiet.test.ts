import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ROUTE, readMsgId, readRoute } from '../../src/protocol/header.ts';
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

/** Says Hello as soon as it is connected; resolves with all that comes up to the Welcome. */
async function framesToWelcome(url: string, resumeToken = ''): Promise<readonly Uint8Array[]> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const frames: Uint8Array[] = [];
  socket.on('open', () => socket.send(encodeHello({ resumeToken }, 1)));
  socket.on('message', (data) => {
    if (data instanceof Uint8Array) frames.push(new Uint8Array(data));
  });
  await eventually(() => frames.some(isWelcome), 'the Welcome');
  socket.terminate();
  return frames.slice(0, frames.findIndex(isWelcome));
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
    const early = await whilePushing(framesToWelcome(urlOf(kind === '2' ? 1 : 0), token));
    expect(early).toHaveLength(0);
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
