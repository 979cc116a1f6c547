import { afterAll, afterEach, beforeAll } from 'vitest';
import { RedisStoreCommands } from '../../src/bridge/redis-commands.ts';
import { SharedMemory } from '../../src/shared-memory.ts';
import { type RedisServer, startRedis } from './redis-server.ts';
import type { Settings } from './test-gateway.ts';
import { type Shared, type SharedKind, startTwoGateways, type TwoGateways } from './two-gateways.ts';

export interface PairStage {
  readonly redis: RedisServer;
  readonly commands: RedisStoreCommands;
  /** Of the test that runs. */
  readonly pair: TwoGateways;
  sharedOf(kind: SharedKind): Shared;
  /** Closed after the test. */
  start(shared: Shared, settings?: Settings): Promise<TwoGateways>;
}

interface Started {
  readonly redis: RedisServer;
  readonly commands: RedisStoreCommands;
}

/** One Redis for the tests of a file, and a pair of gateways for each test that starts one. To be called by the file. */
export function stagePairs(): PairStage {
  let started: Started | undefined;
  let pair: TwoGateways | undefined;
  beforeAll(async () => {
    const redis = await startRedis();
    const commands = new RedisStoreCommands({ addr: redis.addr }, []);
    await commands.start();
    started = { redis, commands };
  });
  afterEach(async () => {
    await pair?.close();
    pair = undefined;
  });
  afterAll(async () => {
    started?.commands.close();
    await started?.redis.stop();
  });
  return {
    get redis() {
      return present(started).redis;
    },
    get commands() {
      return present(started).commands;
    },
    get pair() {
      return present(pair);
    },
    sharedOf: (kind) => (kind === 'redis' ? present(started).redis : new SharedMemory()),
    start: async (shared, settings) => {
      pair = await startTwoGateways(shared, settings);
      return pair;
    },
  };
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not started');
  return value;
}
