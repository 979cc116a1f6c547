import { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { RedisBridge } from '../../src/bridge/redis-bridge.ts';
import { RecordingSink } from '../support/recording-sink.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';

describe('writes of the Redis bridge', () => {
  let redis: RedisServer;
  let bridge: RedisBridge;

  beforeAll(async () => {
    redis = await startRedis();
    bridge = new RedisBridge({
      addr: redis.addr,
      channels: { broadcast: 'broadcast', addressed: 'gateway:1' },
      // A probe is a write too.
      probeIntervalMs: 3_600_000,
    });
    await bridge.start(new RecordingSink());
  });

  afterEach(() => vi.restoreAllMocks());

  afterAll(async () => {
    await bridge.close();
    await redis.stop();
  });

  function publish(topic: string, count: number): Promise<void> {
    const messages = Array.from({ length: count }, (_value, index) => Uint8Array.of(index));
    return new Promise((resolve, reject) => {
      bridge.publish(topic, messages, (error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  /** Writes handed to the operating system by any socket of this process while `action` runs. */
  async function writesOf(action: () => Promise<unknown>): Promise<number> {
    const single = vi.spyOn(Socket.prototype, '_write');
    const vectored = vi.spyOn(Socket.prototype, '_writev');
    await action();
    return single.mock.calls.length + vectored.mock.calls.length;
  }

  it('sends all messages of one publish in one write', async () => {
    expect(await writesOf(() => publish('topic', 100))).toBe(1);
  });

  it('sends the publishes of one tick, of several topics, in one write', async () => {
    const topics = Array.from({ length: 20 }, (_value, index) => `topic:${index}`);
    expect(await writesOf(() => Promise.all(topics.map((topic) => publish(topic, 3))))).toBe(1);
  });

  it('sends what comes in the next tick in a write of its own', async () => {
    const writes = await writesOf(async () => {
      await publish('topic', 2);
      await publish('topic', 2);
    });
    expect(writes).toBe(2);
  });
});
