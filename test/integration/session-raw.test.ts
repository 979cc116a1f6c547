import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import { encodeChatResponse, encodeDownstreamBatch } from '../../src/protocol/envelopes.ts';
import { payloadOf } from '../../src/protocol/header.ts';
import { SharedMemory } from '../../src/shared-memory.ts';
import { gameFrame } from '../support/frames.ts';
import { eventually } from '../support/recording-sink.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { ResumingClient } from '../support/resuming-client.ts';
import { LONG_QUEUES } from '../support/steady-pushes.ts';
import { startTwoGateways, type TwoGateways } from '../support/two-gateways.ts';

const USER = '7';

let redis: RedisServer;
let pair: TwoGateways;
let client: ResumingClient;
let pushed = 0;
let pushing: Promise<void> = Promise.resolve();
let stopped = false;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
afterEach(async () => {
  await stop();
  await pair.close();
});

const push = (): Promise<void> => {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, ++pushed);
  return pair.backend.publish('broadcast', encodeChatResponse(USER, number));
};

/** One after the other, until `stop`. */
async function pushSteadily(): Promise<void> {
  while (!stopped) {
    await push();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function stop(): Promise<void> {
  stopped = true;
  await pushing;
}

const numbers = (): number[] =>
  client.received.map((frame) => {
    const payload = payloadOf(frame);
    return new DataView(payload.buffer, payload.byteOffset).getUint32(payload.length - 4);
  });

/** The client is user 7, at the first gateway, and gets pushes. */
async function start(kind: string): Promise<void> {
  const shared = kind === 'memory' ? new SharedMemory() : redis;
  const format = { ...LONG_QUEUES, 'bridge.kind': kind, 'bridge.downstream.format': 'raw' };
  pair = await startTwoGateways(shared, format);
  client = new ResumingClient();
  await client.connect(pair.wires[0]);
  client.send(gameFrame(1));
  await pair.backend.frames(1);
  [pushed, stopped] = [0, false];
  pushing = pushSteadily();
  await eventually(() => client.received.length > 20, 'pushes');
}

async function expectAll(): Promise<void> {
  await stop();
  await eventually(() => client.received.length >= pushed, `${pushed} pushes`);
  await client.fence();
  expect(numbers()).toEqual(Array.from({ length: pushed }, (_, index) => index + 1));
}

describe.each(['memory', 'redis', 'redis-streams'])('where pushes are raw, with %s, a client', (kind) => {
  it('goes from one gateway to the other and back with every push', async () => {
    await start(kind);
    for (const wire of [1, 0, 1]) {
      const before = pushed;
      expect(await client.connect(pair.wires[wire])).toMatchObject({ recovered: true });
      await eventually(() => pushed > before + 20, 'more pushes');
    }
    await expectAll();
  });

  it('gets at another gateway what was pushed while it was away', async () => {
    await start(kind);
    client.vanish();
    const before = pushed;
    await eventually(() => pushed > before + 20, 'pushes that it does not hear');
    expect(await client.connect(pair.wires[1])).toMatchObject({ recovered: true });
    await expectAll();
  });

  it('gets every push when its gateway closes in order', async () => {
    await start(kind);
    const closed = pair.gateways[0].close();
    await eventually(() => !client.live, 'the link to end');
    await closed;
    expect(await client.connect(pair.wires[1])).toMatchObject({ recovered: true });
    await expectAll();
  });
});

describe('where pushes are raw, a batch', () => {
  it('is a barrier or nothing', async () => {
    await start('memory');
    const session = [...pair.gateways[0].running.gateway.hub.all()][0];
    const message = { targetSessionIds: [session.id], route: 2, msgId: 0, payload: new Uint8Array(4) };
    const kick = { sessionIds: [session.id], code: DISCONNECT.kicked.code };
    const change = { group: 'team', addSessionIds: [session.id] };
    const batch = encodeDownstreamBatch([{ message }, { disconnect: kick }, { group: change }]);
    await pair.backend.publish('broadcast', batch);
    await expectAll();
    expect(client.live).toBe(true);
    expect(session.groups).toBeUndefined();
    const { downstreamIgnored } = pair.gateways[0].running.metrics;
    const malformed = [...downstreamIgnored.entries()].find(({ labels }) => labels.reason === 'malformed');
    expect(malformed?.value).toBe(3);
  });
});
