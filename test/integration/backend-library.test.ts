import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type Backend,
  type BackendOptions,
  connectBackend,
  type Upstream,
} from '../../src/bridge/backend.ts';
import type { Bridge } from '../../src/bridge/bridge.ts';
import { RedisBridge } from '../../src/bridge/redis-bridge.ts';
import { RedisStreamsBridge } from '../../src/bridge/redis-streams-bridge.ts';
import { decodeDeadLetter } from '../../src/protocol/envelopes.ts';
import { encodeFrame, FLAG } from '../../src/protocol/header.ts';
import { eventually } from '../support/recording-sink.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { startTestGateway } from '../support/test-gateway.ts';

let server: RedisServer;
let redis: Redis;
const cleanUp: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.port, '127.0.0.1');
});
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

type Kind = 'redis' | 'redis-streams';

async function setUp(kind: Kind, more: Partial<BackendOptions> = {}) {
  const id = `g-${randomUUID()}`;
  const prefix = `t-${randomUUID()}`;
  const topic = `${prefix}:{game_id}`;
  const broadcast = `${prefix}:broadcast`;
  const channels = { broadcast, addressed: `gateway:${id}` };
  const bridge: Bridge =
    kind === 'redis'
      ? new RedisBridge({ addr: server.addr, channels })
      : new RedisStreamsBridge({ addr: server.addr, channels });
  const gateway = await startTestGateway({ bridge, id, settings: { 'bridge.upstream.topic': topic } });
  cleanUp.push(() => gateway.close());
  const common = { redis: { addr: server.addr }, kind, games: ['demo'], topic, broadcast, ...more };
  const connect = async (
    onFrame: (frame: Upstream, backend: Backend) => void | Promise<void>,
    options: Partial<BackendOptions> = {},
  ) => {
    const backend = await connectBackend({ ...common, ...options }, onFrame);
    cleanUp.push(() => backend.close());
    return backend;
  };
  return { gateway, connect, topic: `${prefix}:demo` };
}

const frame = (seq: number, flags = 0) => encodeFrame({ seq, route: 2, flags, msgId: 1001 });

describe.each<Kind>(['redis', 'redis-streams'])('dualgate/backend on %s', (kind) => {
  it('hears a client, answers it, and pushes to all and to a group', async () => {
    const { gateway, connect } = await setUp(kind);
    const sessions: string[] = [];
    const backend = await connect(async (upstream, self) => {
      sessions.push(upstream.sessionId);
      await self.reply(upstream, Uint8Array.of(9));
    });
    const client = gateway.openMemory();
    client.send(frame(5));
    expect([...(await client.takeSeq(5)).payload]).toEqual([9]);
    await backend.push({ everyone: true, route: 1, msgId: 2001, payload: Uint8Array.of(1) });
    await backend.changeGroup({ group: 'room', addSessionIds: sessions });
    await backend.push({ group: 'room', route: 1, msgId: 2002, payload: Uint8Array.of(2) });
    for (const msgId of [2001, 2002]) await client.take(String(msgId), (one) => one.msgId === msgId);
    await backend.disconnect({ sessionIds: sessions });
    expect((await client.closed).code).toBe(4205);
  });
});

describe('dualgate/backend on streams', () => {
  it('hears what was sent before it came, shares work in a group, and gives each group everything', async () => {
    const { gateway, connect } = await setUp('redis-streams');
    const client = gateway.openMemory();
    client.send(frame(1, FLAG.ackRequested));
    await client.takeSeq(1);
    const heard: Record<string, number[]> = { one: [], two: [], other: [] };
    await connect(({ seq }) => void heard.one.push(seq));
    await connect(({ seq }) => void heard.two.push(seq));
    await connect(({ seq }) => void heard.other.push(seq), { group: 'other' });
    for (let seq = 2; seq <= 40; seq++) {
      client.send(frame(seq, FLAG.ackRequested));
      await client.takeSeq(seq);
    }
    await eventually(
      () => heard.one.length + heard.two.length >= 40 && heard.other.length >= 40,
      '40 frames',
    );
    const all = Array.from({ length: 40 }, (_value, index) => index + 1);
    expect([...heard.one, ...heard.two].sort((a, b) => a - b)).toEqual(all);
    expect(heard.other).toEqual(all);
  });

  it('takes over what a consumer left unsettled', async () => {
    const { gateway, connect } = await setUp('redis-streams', { claimIdleMs: 100 });
    let stuck = 0;
    let release = (): void => {};
    await connect(() => {
      stuck++;
      return new Promise((resolve) => {
        release = resolve;
      });
    });
    const client = gateway.openMemory();
    client.send(frame(1));
    await eventually(() => stuck === 1, 'the frame at the first consumer');
    const heard: number[] = [];
    await connect(({ seq }) => void heard.push(seq));
    await eventually(() => heard.length === 1, 'the frame at the second consumer');
    expect(heard).toEqual([1]);
    release();
  });

  it('puts a batch that fails again and again to the dead letters, with the reason, and goes on', async () => {
    const errors: string[] = [];
    const { gateway, connect, topic } = await setUp('redis-streams', {
      claimIdleMs: 20,
      deliveriesMax: 3,
      onError: (error) => errors.push(String(error)),
    });
    const heard: number[] = [];
    let failures = 0;
    await connect(({ seq }) => {
      if (seq === 1) {
        failures++;
        throw new Error('cannot deal with it');
      }
      heard.push(seq);
    });
    const client = gateway.openMemory();
    client.send(frame(1, FLAG.ackRequested));
    await client.takeSeq(1);
    client.send(frame(2));
    await eventually(() => heard.length === 1, 'the next frame');
    let letters: [string, Buffer[]][] = [];
    const endMs = performance.now() + 8000;
    while (letters.length === 0 && performance.now() < endMs) {
      letters = (await redis.xrangeBuffer(`${topic}:dead`, '-', '+')).map(([id, fields]) => [
        String(id),
        fields,
      ]);
    }
    const letter = decodeDeadLetter(letters[0][1][1]);
    expect(letter).toMatchObject({ topic, attempts: 3, reason: 'failed 3 times' });
    expect(letter?.messages).toHaveLength(1);
    expect([failures, errors.length]).toEqual([3, 3]);
    // The letter is written before the entry is settled.
    let unsettled: unknown;
    while (unsettled !== 0 && performance.now() < endMs) [unsettled] = await redis.xpending(topic, 'backend');
    expect(unsettled).toBe(0);
  });

  it('goes on after Redis was restarted without its data', async () => {
    const { gateway, connect } = await setUp('redis-streams');
    const heard: number[] = [];
    await connect(({ seq }) => void heard.push(seq));
    const client = gateway.openMemory();
    client.send(frame(1));
    await eventually(() => heard.length === 1, 'the first frame');
    await server.restart();
    client.send(frame(2));
    await eventually(() => heard.includes(2), 'the second frame');
    expect(heard).toEqual([1, 2]);
  });
});
