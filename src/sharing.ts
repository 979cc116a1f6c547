import { randomUUID } from 'node:crypto';
import { AUTH_MODES } from './auth/auth-mode.ts';
import type { BridgeStatus } from './bridge/bridge.ts';
import { RedisStoreCommands } from './bridge/redis-commands.ts';
import { historySeconds, redisOptions } from './bridges.ts';
import type { Config } from './config/schema.ts';
import { GatewayIdentity } from './identity.ts';
import type { Log } from './observe/log.ts';
import type { Metrics } from './observe/metrics.ts';
import { RedisControlChannel } from './session/control/control-channel.ts';
import { MemoryControlChannel } from './session/control/memory-control-channel.ts';
import { PushHistory } from './session/history/push-history.ts';
import type { IdSource } from './session/ids/snowflake.ts';
import type { SessionSharing, SharingGateway, UserDirectory } from './session/remote.ts';
import type { ResumeToken } from './session/resume-token.ts';
import type { Session, SessionUser } from './session/session.ts';
import { SharedSessions } from './session/shared-sessions.ts';
import { RedisSessionStore, SESSION_SCRIPTS } from './session/store/redis-session-store.ts';
import type { DeviceLimit } from './session/users/user-admission.ts';
import type { SharedMemory } from './shared-memory.ts';

export interface SharingParts {
  readonly id: string;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Undefined: without Redis the sessions are this gateway's own. */
  readonly memory: SharedMemory | undefined;
}

/** What a gateway has of the others. */
export interface Sharing {
  readonly sessions: SessionSharing;
  /** No two gateways that share their sessions make the same id. Undefined where a machine id is configured. */
  readonly ids: IdSource | undefined;
  /** Of the sessions' own connections to Redis; undefined where they need none. */
  readonly store: (() => BridgeStatus) | undefined;
}

/** What of Redis the sessions need, started and closed together. */
export class RedisSharing implements SessionSharing {
  readonly sessions: SharedSessions;
  readonly history: PushHistory | undefined;
  readonly #redis: RedisStoreCommands;
  readonly #identity: GatewayIdentity;

  constructor(config: Config, parts: SharingParts) {
    const redis = new RedisStoreCommands(redisOptions(config), SESSION_SCRIPTS);
    this.#redis = redis;
    this.#identity = new GatewayIdentity(config, { ...parts, redis });
    this.history = createHistory(config);
    this.sessions = new SharedSessions({
      ...sessionOptions(config, parts),
      history: this.history,
      store: new RedisSessionStore(redis, randomUUID()),
      control: new RedisControlChannel(redis, {
        name: config.bridge.downstream.channel,
        sharded: config.redis.mode === 'cluster' && config.redis.sharded,
        streamMaxlen: config.bridge.kind === 'redis-streams' ? config.bridge.stream_maxlen : undefined,
      }),
    });
  }

  get directory(): UserDirectory {
    return this.sessions.directory;
  }

  get ids(): IdSource | undefined {
    return this.#identity.ids;
  }

  status(): BridgeStatus {
    return this.#redis.status();
  }

  async start(gateway: SharingGateway): Promise<void> {
    await this.sessions.start(gateway);
    await this.#identity.start();
  }

  claim(token: ResumeToken, received: number): Promise<Session | undefined> {
    return this.sessions.claim(token, received);
  }

  onBarrier(sessionIds: readonly string[], nonce: string): void {
    this.sessions.onBarrier(sessionIds, nonce);
  }

  logoutEverywhere(user: SessionUser, session: Session): Promise<boolean> {
    return this.sessions.logoutEverywhere(user, session);
  }

  handOver(): Promise<void> {
    return this.sessions.handOver();
  }

  async close(): Promise<void> {
    await this.#identity.close();
    await this.sessions.close();
  }
}

/** Undefined where no other gateway could know of the sessions here. */
export function createSharing(config: Config, parts: SharingParts): Sharing | undefined {
  if (config.bridge.kind === 'memory') return memorySharing(config, parts);
  const sessions = new RedisSharing(config, parts);
  return { sessions, ids: sessions.ids, store: () => sessions.status() };
}

function memorySharing(config: Config, parts: SharingParts): Sharing | undefined {
  const { memory } = parts;
  const { channel } = config.bridge.downstream;
  if (memory === undefined) return undefined;
  const { broker, store, peers, ids } = memory;
  const control = new MemoryControlChannel(peers, (barrier) => broker.publish(channel, [barrier], () => {}));
  const options = { ...sessionOptions(config, parts), store, control, history: undefined };
  return { sessions: new SharedSessions(options), ids, store: undefined };
}

function deviceLimit({ auth, session }: Config): DeviceLimit | undefined {
  if (!AUTH_MODES[auth.mode].limitsDevices) return undefined;
  return { policy: session.device_policy, perUser: session.devices_per_user };
}

function sessionOptions(config: Config, { id, metrics, log }: SharingParts) {
  const { session } = config;
  return {
    gatewayId: id,
    durable: session.durable,
    ttlMs: session.ttl_sec * 1000,
    resumeWindowMs: session.resume_window_sec * 1000,
    devices: deviceLimit(config),
    cacheSize: session.local_cache_size,
    metrics,
    log,
  };
}

/** Undefined where none is kept. */
function createHistory(config: Config): PushHistory | undefined {
  const ageMaxSec = historySeconds(config);
  if (ageMaxSec === 0) return undefined;
  const bytesMax = config.session.history_bytes_max;
  return new PushHistory({ bytesMax, ageMaxSec, nowSec: () => Math.floor(performance.now() / 1000) });
}
