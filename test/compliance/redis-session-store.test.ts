import { afterAll, beforeAll } from 'vitest';
import { RedisStoreCommands } from '../../src/bridge/redis-commands.ts';
import { RedisSessionStore, SESSION_SCRIPTS } from '../../src/session/store/redis-session-store.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { describeSessionStore } from './session-store-suite.ts';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

describeSessionStore('RedisSessionStore', async () => {
  const commands = new RedisStoreCommands({ addr: redis.addr }, SESSION_SCRIPTS);
  await commands.start();
  await commands.call('FLUSHALL');
  return { store: new RedisSessionStore(commands), close: async () => commands.close() };
});
