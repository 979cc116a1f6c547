import { afterAll, afterEach, beforeAll } from 'vitest';
import { RedisStoreCommands } from '../../src/bridge/redis-commands.ts';
import type { RedisOptions } from '../../src/bridge/redis-options.ts';
import { SESSION_SCRIPTS } from '../../src/session/store/redis-session-store.ts';
import { type RedisServer, startRedis } from './redis-server.ts';

export interface RedisStage {
  readonly server: RedisServer;
  /** Run after the test that adds them, the newest first. */
  readonly closers: (() => void | Promise<void>)[];
  /** Commands of a connection that is closed after the test. */
  connect(options?: Partial<RedisOptions>): Promise<RedisStoreCommands>;
}

/** One Redis for the tests of a file, and what they open. To be called by the file. */
export function stageRedis(): RedisStage {
  let server: RedisServer | undefined;
  const closers: (() => void | Promise<void>)[] = [];
  const present = (): RedisServer => {
    if (server === undefined) throw new Error('not started');
    return server;
  };
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.stop());
  afterEach(async () => {
    server?.resume();
    for (const close of closers.splice(0).reverse()) await close();
  });
  return {
    get server() {
      return present();
    },
    closers,
    connect: async (options = {}) => {
      const commands = new RedisStoreCommands({ addr: present().addr, ...options }, SESSION_SCRIPTS);
      closers.push(() => commands.close());
      await commands.start();
      return commands;
    },
  };
}
