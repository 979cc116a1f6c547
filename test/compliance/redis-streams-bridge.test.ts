import { afterAll, beforeAll } from 'vitest';
import { RedisStreamsBackendPort } from '../../src/bridge/redis-streams-backend-port.ts';
import { RedisStreamsBridge } from '../../src/bridge/redis-streams-bridge.ts';
import { type RedisCluster, startRedisCluster } from '../support/redis-cluster.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { bridgeSuite } from './bridge-suite.ts';

let redis: RedisServer;
let cluster: RedisCluster;

beforeAll(async () => {
  redis = await startRedis();
  cluster = await startRedisCluster();
});

afterAll(async () => {
  await redis.stop();
  await cluster.stop();
});

bridgeSuite('redis streams', async () => ({
  bridge: (channels) => new RedisStreamsBridge({ addr: redis.addr, channels }),
  backend: () => new RedisStreamsBackendPort({ addr: redis.addr }),
  countsReceivers: false,
  tearDown: async () => undefined,
}));

bridgeSuite('redis streams, cluster', async () => ({
  bridge: (channels) => new RedisStreamsBridge({ mode: 'cluster', addr: cluster.addrs, channels }),
  backend: () => new RedisStreamsBackendPort({ mode: 'cluster', addr: cluster.addrs.toReversed() }),
  countsReceivers: false,
  tearDown: async () => undefined,
}));
