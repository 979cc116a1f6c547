import { randomInt } from 'node:crypto';
import { RedisStoreCommands } from '../../src/bridge/redis-commands.ts';
import { silentLog } from '../../src/observe/log.ts';
import { Metrics } from '../../src/observe/metrics.ts';
import { NO_PLACE } from '../../src/queue/push-place.ts';
import { TickFlusher } from '../../src/queue/tick-flusher.ts';
import { RedisControlChannel } from '../../src/session/control/control-channel.ts';
import { MemoryControlChannel, MemoryPeers } from '../../src/session/control/memory-control-channel.ts';
import { Hub } from '../../src/session/hub.ts';
import { MACHINE_ID_MAX, SnowflakeGenerator } from '../../src/session/ids/snowflake.ts';
import { SessionLifecycle } from '../../src/session/lifecycle.ts';
import type { Session } from '../../src/session/session.ts';
import { SharedSessions } from '../../src/session/shared-sessions.ts';
import { MemorySessionStore } from '../../src/session/store/memory-session-store.ts';
import { RedisSessionStore, SESSION_SCRIPTS } from '../../src/session/store/redis-session-store.ts';
import type { SessionStore } from '../../src/session/store/session-store.ts';
import { nullConnection } from './null-connection.ts';

export interface BenchSession {
  readonly session: Session;
  readonly token: string;
  /** Undefined: it is already. */
  readonly stored: Promise<void> | undefined;
}

/** The session core of a gateway by itself. */
function sessionCore() {
  const hub = new Hub();
  const metrics = new Metrics();
  const ids = new SnowflakeGenerator(randomInt(MACHINE_ID_MAX + 1));
  const lifecycle = new SessionLifecycle({
    ...{ gatewayId: 'bench', hub, metrics, log: silentLog, resumeWindowMs: 30_000, devices: undefined },
    nextId: () => ids.next(),
    queues: {
      ...{ framesMax: 1024, bytesMax: 1_048_576, slowGraceMs: 5000 },
      replay: { framesMax: 1024, bytesMax: 1_048_576, ageMaxSec: 120 },
      flusher: new TickFlusher(() => {}),
      pushes: NO_PLACE,
      wait: metrics.sendQueueWait,
      nowSec: () => 0,
      onDropped() {},
      onPromoted() {},
    },
  });
  const cells = metrics.forTransport('none');
  const create = (): BenchSession => {
    const session = lifecycle.open(nullConnection(), cells);
    lifecycle.list(session);
    const { text, stored } = lifecycle.renewToken(session, undefined);
    return { session, token: text, stored };
  };
  return { hub, metrics, lifecycle, cells, create, closing: false };
}

type SessionCore = ReturnType<typeof sessionCore>;

/** `none`: a gateway by itself. `memory`: with others in its process. `redis`: with others anywhere. */
export type StoreKind = 'none' | 'memory' | 'redis';

/** A session core, and the store that it shares its sessions in. */
export interface StoredCore extends SessionCore {
  readonly sharing: SharedSessions | undefined;
  readonly store: SessionStore | undefined;
  /** Resolves when the store has what it was given before. */
  settle(): Promise<void>;
  /** Bytes of the store outside this process; 0 where there are none. */
  storeBytes(): Promise<number>;
  close(): Promise<void>;
}

/** `redisAddr`: of a Redis that only this run uses; it is emptied at the end. */
export async function storedCore(kind: StoreKind, redisAddr: string): Promise<StoredCore> {
  const core = sessionCore();
  if (kind === 'redis') return await redisCore(core, redisAddr);
  const outside = { ...core, settle: turn, storeBytes: async () => 0 };
  if (kind === 'none') return { ...outside, sharing: undefined, store: undefined, close: async () => {} };
  const store = new MemorySessionStore();
  const control = new MemoryControlChannel(new MemoryPeers(), () => {});
  const sharing = sharingOf(core, { store, control });
  await sharing.start(core);
  return { ...outside, sharing, store, close: () => sharing.close() };
}

async function redisCore(core: SessionCore, addr: string): Promise<StoredCore> {
  const redis = new RedisStoreCommands({ addr }, SESSION_SCRIPTS);
  const control = new RedisControlChannel(redis, { name: 'broadcast' });
  const store = new RedisSessionStore(redis);
  const sharing = sharingOf(core, { store, control });
  await sharing.start(core);
  return {
    ...{ ...core, sharing, store },
    // Redis answers in order.
    settle: async () => {
      await turn();
      await redis.call('PING');
    },
    storeBytes: async () => {
      const info = String(await redis.call('INFO', 'memory'));
      return Number(/used_memory:(\d+)/.exec(info)?.[1]);
    },
    close: async () => {
      await redis.call('FLUSHALL');
      await sharing.close();
    },
  };
}

function sharingOf(
  { metrics }: SessionCore,
  parts: Pick<ConstructorParameters<typeof SharedSessions>[0], 'store' | 'control'>,
): SharedSessions {
  return new SharedSessions({
    ...{ gatewayId: 'bench', durable: false, ttlMs: 1_800_000, resumeWindowMs: 30_000, cacheSize: 5000 },
    ...{ devices: { policy: 'kick-oldest', perUser: 3 }, history: undefined },
    ...{ metrics, log: silentLog, ...parts },
  });
}

/** What a turn of the event loop gathers is done at its end. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
