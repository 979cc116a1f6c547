import { afterAll, beforeAll } from 'vitest';
import { RedisStoreCommands } from '../../src/bridge/redis-commands.ts';
import { RedisSessionStore, SESSION_SCRIPTS } from '../../src/session/store/redis-session-store.ts';
import { type RedisCluster, redisCommand, startRedisCluster } from '../support/redis-cluster.ts';
import { describeSessionStore } from './session-store-suite.ts';

let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startRedisCluster();
});
afterAll(() => cluster.stop());

describeSessionStore('RedisSessionStore on a cluster', async () => {
  for (const { port } of cluster.nodes) await redisCommand(port, 'FLUSHALL');
  const options = { mode: 'cluster', addr: cluster.addrs } as const;
  const commands = new RedisStoreCommands(options, SESSION_SCRIPTS);
  await commands.start();
  return { store: new RedisSessionStore(commands), close: async () => commands.close() };
});
