import { afterAll, beforeAll } from 'vitest';
import { RedisBackendPort } from '../../src/bridge/redis-backend-port.ts';
import { RedisBridge } from '../../src/bridge/redis-bridge.ts';
import { type RedisCluster, startRedisCluster } from '../support/redis-cluster.ts';
import { bridgeSuite } from './bridge-suite.ts';

let cluster: RedisCluster;

beforeAll(async () => {
  cluster = await startRedisCluster();
});

afterAll(() => cluster.stop());

for (const sharded of [false, true]) {
  bridgeSuite(sharded ? 'redis cluster, sharded' : 'redis cluster', async () => ({
    bridge: (channels) => new RedisBridge({ mode: 'cluster', addr: cluster.addrs, sharded, channels }),
    backend: () => new RedisBackendPort({ mode: 'cluster', addr: cluster.addrs.toReversed(), sharded }),
    countsReceivers: false,
    tearDown: async () => undefined,
  }));
}
