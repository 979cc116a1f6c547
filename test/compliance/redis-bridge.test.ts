import { afterAll, beforeAll } from 'vitest';
import { RedisBackendPort } from '../../src/bridge/redis-backend-port.ts';
import { RedisBridge } from '../../src/bridge/redis-bridge.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { bridgeSuite } from './bridge-suite.ts';

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis();
});

afterAll(() => redis.stop());

bridgeSuite('redis', async () => ({
  bridge: (channels) => new RedisBridge({ addr: redis.addr, channels }),
  backend: () => new RedisBackendPort({ addr: redis.addr }),
  countsReceivers: true,
  tearDown: async () => undefined,
}));
