import { afterEach, describe, expect, it } from 'vitest';
import { RedisBackendPort } from '../../src/bridge/redis-backend-port.ts';
import { RedisBridge } from '../../src/bridge/redis-bridge.ts';
import type { RedisOptions } from '../../src/bridge/redis-options.ts';
import { eventually, RecordingSink } from '../support/recording-sink.ts';
import { redisCommand, startRedisCluster } from '../support/redis-cluster.ts';
import { startRedis } from '../support/redis-server.ts';

const CHANNELS = { broadcast: 'broadcast', addressed: 'gateway:1' };
const TOPIC = 'game:request:mmo';
const DEADLINE_MS = 20_000;

describe('Redis bridge when nodes fail', () => {
  const cleanUp: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const step of cleanUp.splice(0).reverse()) await step();
  });

  async function startBridge(options: RedisOptions) {
    const bridge = new RedisBridge({ ...options, channels: CHANNELS });
    cleanUp.push(() => bridge.close());
    const sink = new RecordingSink();
    await bridge.start(sink);
    await eventually(() => bridge.up && bridge.status().subscribed, 'the bridge', DEADLINE_MS);
    return { bridge, sink };
  }

  function backendPort(options: RedisOptions): RedisBackendPort {
    const backend = new RedisBackendPort(options);
    cleanUp.push(() => backend.close());
    return backend;
  }

  /** Both ways, until it works: a cluster may need a moment after the bridge is back. */
  async function expectTraffic(bridge: RedisBridge, sink: RecordingSink, backend: RedisBackendPort) {
    const received: Uint8Array[] = [];
    await backend.subscribe(TOPIC, (message) => received.push(new Uint8Array(message)));
    await untilTrue(async () => {
      bridge.publish(TOPIC, [Uint8Array.of(7)], () => undefined);
      await backend.publish(CHANNELS.broadcast, Uint8Array.of(8)).catch(() => undefined);
      return received.length > 0 && sink.messages.length > 0;
    });
    expect([received[0], sink.messages[0]]).toEqual([Uint8Array.of(7), Uint8Array.of(8)]);
  }

  async function untilTrue(attempt: () => Promise<boolean>) {
    const endMs = performance.now() + DEADLINE_MS;
    while (!(await attempt())) {
      if (performance.now() > endMs) throw new Error('waited in vain for traffic');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  it('moves on to another node of a cluster', { timeout: 60_000 }, async () => {
    const cluster = await startRedisCluster();
    cleanUp.push(() => cluster.stop());
    const { bridge, sink } = await startBridge({ mode: 'cluster', addr: cluster.addrs });
    await cluster.nodes[0].kill();
    await sink.state(false);
    await sink.state(true);
    await eventually(() => bridge.status().subscribed, 'subscription');
    await expectTraffic(bridge, sink, backendPort({ mode: 'cluster', addr: cluster.addrs[1] }));
  });

  it('comes back when a master of a sharded cluster does', { timeout: 60_000 }, async () => {
    const cluster = await startRedisCluster();
    cleanUp.push(() => cluster.stop());
    const options = { mode: 'cluster', addr: cluster.addrs, sharded: true } as const;
    const { bridge, sink } = await startBridge(options);
    await cluster.nodes[1].kill();
    await sink.state(false);
    await cluster.nodes[1].restart();
    await eventually(() => bridge.up && bridge.status().subscribed, 'the bridge', DEADLINE_MS);
    await expectTraffic(bridge, sink, backendPort(options));
  });

  it('follows a failover that sentinels announce', { timeout: 60_000 }, async () => {
    const master = await startRedis();
    cleanUp.push(() => master.stop());
    const replica = await startRedis({ args: ['--replicaof', `127.0.0.1 ${master.port}`] });
    cleanUp.push(() => replica.stop());
    const sentinel = await startRedis({ sentinelOf: master.port });
    cleanUp.push(() => sentinel.stop());
    await untilTrue(async () => (await redisCommand(sentinel.port, 'SENTINEL REPLICAS game')).length > 5);

    const options = { mode: 'sentinel', addr: sentinel.addr, masterName: 'game' } as const;
    const { bridge, sink } = await startBridge(options);
    await master.kill();
    await sink.state(false);
    await eventually(() => bridge.up && bridge.status().subscribed, 'the new master', DEADLINE_MS);
    expect(await redisCommand(replica.port, 'ROLE')).toContain('master');
    await expectTraffic(bridge, sink, backendPort(options));
  });
});
