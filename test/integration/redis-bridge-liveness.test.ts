import { afterEach, describe, expect, it } from 'vitest';
import { RedisBackendPort } from '../../src/bridge/redis-backend-port.ts';
import { RedisBridge } from '../../src/bridge/redis-bridge.ts';
import { eventually, RecordingSink } from '../support/recording-sink.ts';
import { startRedis } from '../support/redis-server.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

const CHANNELS = { broadcast: 'broadcast', addressed: 'gateway:1' };

describe('liveness of the Redis subscription', () => {
  const cleanUp: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const step of cleanUp.splice(0).reverse()) await step();
  });

  /** A probe that is answered late would be taken for one that is not: so be it only where none is. */
  async function start(probeIntervalMs: number, probeTimeoutMs = 10_000) {
    const redis = await startRedis();
    cleanUp.push(() => redis.stop());
    const proxy = await startTcpProxy(redis.port);
    cleanUp.push(() => proxy.close());
    const bridge = new RedisBridge({
      addr: proxy.addr,
      channels: CHANNELS,
      probeIntervalMs,
      probeTimeoutMs,
    });
    cleanUp.push(() => bridge.close());
    const sink = new RecordingSink();
    await bridge.start(sink);
    const backend = new RedisBackendPort({ addr: redis.addr });
    cleanUp.push(() => backend.close());
    return { proxy, bridge, sink, backend };
  }

  it('makes a connection anew that is up and delivers nothing', async () => {
    const { proxy, bridge, sink, backend } = await start(200, 1_000);
    expect(proxy.accepted).toBe(2);
    expect(bridge.status()).toMatchObject({ up: true, subscribed: true });
    proxy.swallowFromServer('subscribe');
    await eventually(() => !bridge.status().subscribed, 'the silence to be found');
    await eventually(() => bridge.status().subscribed, 'a new subscription');
    expect(bridge.up).toBe(true);
    expect(sink.states).toEqual([true]);
    expect(proxy.accepted).toBe(3);
    await backend.publish(CHANNELS.addressed, Uint8Array.of(5));
    expect(await sink.receive(1)).toEqual([Uint8Array.of(5)]);
  });

  it('leaves a quiet connection alone that answers its probes', async () => {
    const { proxy, bridge, backend } = await start(40);
    const probes: number[] = [];
    await backend.subscribe('gateway:1:probe', (message) => probes.push(message.length));
    await eventually(() => probes.length >= 5, 'five probes');
    expect(bridge.status().subscribed).toBe(true);
    expect(proxy.accepted).toBe(2);
  });

  it('keeps probes from the sink', async () => {
    const { sink, backend } = await start(30);
    const probes: number[] = [];
    await backend.subscribe('gateway:1:probe', () => probes.push(1));
    await eventually(() => probes.length >= 3, 'three probes');
    expect(sink.messages).toEqual([]);
  });
});
