import { randomBytes } from 'node:crypto';
import { RedisStoreCommands } from './bridge/redis-commands.ts';
import { historySeconds, redisOptions } from './bridges.ts';
import type { Config } from './config/schema.ts';
import type { Log } from './observe/log.ts';
import type { Metrics } from './observe/metrics.ts';
import { RedisControlChannel } from './session/control-channel.ts';
import { MachineLease } from './session/machine-lease.ts';
import { PushHistory } from './session/push-history.ts';
import { RedisSessionStore, SESSION_SCRIPTS } from './session/redis-session-store.ts';
import type { SessionSharing, SharingGateway, UserDirectory } from './session/remote.ts';
import type { ResumeToken } from './session/resume-token.ts';
import type { Session, SessionUser } from './session/session.ts';
import { SharedSessions } from './session/shared-sessions.ts';
import type { IdSource } from './session/snowflake.ts';

export interface SharingParts {
  readonly id: string;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** What of Redis the sessions need, started and closed together. */
export class RedisSharing implements SessionSharing {
  readonly sessions: SharedSessions;
  readonly history: PushHistory | undefined;
  readonly #lease: MachineLease;
  readonly #leased: boolean;
  /** Barriers are understood: there is no place for them in the raw format. */
  readonly #hears: boolean;

  constructor(config: Config, { id, metrics, log }: SharingParts) {
    const redis = new RedisStoreCommands(redisOptions(config), SESSION_SCRIPTS);
    const { session, gateway } = config;
    this.#leased = gateway.machine_id < 0;
    this.#hears = config.bridge.downstream.format === 'envelope';
    this.#lease = new MachineLease({
      redis,
      owner: `${id}:${randomBytes(8).toString('hex')}`,
      onChange: (machineId) => {
        if (machineId === undefined)
          log.warn({}, 'machine id lost: session ids from the range without lease');
        else log.info({ machineId }, 'machine id leased');
      },
    });
    this.history = createHistory(config);
    this.sessions = new SharedSessions({
      history: this.history,
      gatewayId: id,
      store: new RedisSessionStore(redis),
      control: new RedisControlChannel(redis, {
        name: config.bridge.downstream.channel,
        sharded: config.redis.mode === 'cluster' && config.redis.sharded,
        streamMaxlen: config.bridge.kind === 'redis-streams' ? config.bridge.stream_maxlen : undefined,
      }),
      durable: session.durable,
      ttlMs: session.ttl_sec * 1000,
      resumeWindowMs: session.resume_window_sec * 1000,
      cacheSize: session.local_cache_size,
      metrics,
      log,
    });
  }

  get directory(): UserDirectory {
    return this.sessions.directory;
  }

  get ids(): IdSource {
    return this.#lease;
  }

  async start(gateway: SharingGateway): Promise<void> {
    await this.sessions.start(gateway);
    if (this.#leased) await this.#lease.start();
  }

  claim(token: ResumeToken, received: number): Promise<Session | undefined> {
    return this.sessions.claim(token, received);
  }

  onBarrier(sessionIds: readonly string[], nonce: string): void {
    this.sessions.onBarrier(sessionIds, nonce);
  }

  logoutEverywhere(user: SessionUser): void {
    this.sessions.logoutEverywhere(user);
  }

  handOver(): Promise<void> {
    return this.#hears ? this.sessions.handOver() : Promise.resolve();
  }

  async close(): Promise<void> {
    await this.#lease.close();
    await this.sessions.close();
  }
}

/** Undefined where sessions are not written through, or pushes have no marks: the raw format has no place for them. */
function createHistory(config: Config): PushHistory | undefined {
  const ageMaxSec = historySeconds(config);
  if (ageMaxSec === 0) return undefined;
  const bytesMax = config.session.history_bytes_max;
  return new PushHistory({ bytesMax, ageMaxSec, nowSec: () => Math.floor(performance.now() / 1000) });
}

/** Undefined where no Redis is configured: sessions are this gateway's own then. */
export function createSharing(config: Config, parts: SharingParts): RedisSharing | undefined {
  return config.bridge.kind === 'memory' ? undefined : new RedisSharing(config, parts);
}
