import type { BackendPort, Bridge, ChannelNames } from './bridge/bridge.ts';
import { MemoryBridge } from './bridge/memory-bridge.ts';
import { MemoryBroker } from './bridge/memory-broker.ts';
import { RedisBackendPort } from './bridge/redis-backend-port.ts';
import { RedisBridge } from './bridge/redis-bridge.ts';
import type { RedisOptions } from './bridge/redis-options.ts';
import { RedisStreamsBackendPort } from './bridge/redis-streams-backend-port.ts';
import { RedisStreamsBridge } from './bridge/redis-streams-bridge.ts';
import type { Config } from './config/schema.ts';
import { messageOf, StartError } from './errors.ts';
import type { Log } from './observe/log.ts';
import { DemoBackend } from './services/demo-backend.ts';

/** The bridge as configured, and how a built-in backend gets at the same queue. */
export interface BridgeParts {
  readonly bridge: Bridge;
  backendPort(): BackendPort;
}

/**
 * Throws a StartError for an address that cannot be parsed. `broker`: of the memory bridge; by default the gateway has
 * one to itself.
 */
export function createBridge(
  config: Config,
  channels: ChannelNames,
  broker: MemoryBroker = new MemoryBroker(),
): BridgeParts {
  if (config.bridge.kind === 'memory') {
    const bridge = new MemoryBridge(broker, channels);
    return { bridge, backendPort: () => bridge.backend() };
  }
  const { probe_interval_ms: probeIntervalMs, probe_timeout_ms: probeTimeoutMs } = config.redis;
  const options = redisOptions(config);
  try {
    if (config.bridge.kind === 'redis-streams') return streamsParts(config, options, channels);
    const bridge = new RedisBridge({ ...options, channels, probeIntervalMs, probeTimeoutMs });
    return { bridge, backendPort: () => new RedisBackendPort(options) };
  } catch (error) {
    throw new StartError(`redis.addr: ${messageOf(error)}`, error);
  }
}

function streamsParts(config: Config, options: RedisOptions, channels: ChannelNames): BridgeParts {
  const maxlen = config.bridge.stream_maxlen;
  const bridge = new RedisStreamsBridge({
    ...options,
    channels,
    maxlen,
    pastMs: historySeconds(config) * 1000,
    format: config.bridge.upstream.format,
    dedupWindowSec: config.queue.dedup_window_sec,
  });
  return { bridge, backendPort: () => new RedisStreamsBackendPort({ ...options, maxlen }) };
}

/** A session's client has its resume window to come back in; finding out that the gateway is dead comes on top. */
const HISTORY_MARGIN_SEC = 15;

/** How long pushes are kept for sessions of gateways that die; 0: they are not. Raw pushes have no marks. */
export function historySeconds({ session, bridge }: Config): number {
  const isAsked = session.history_bytes_max > 0 && session.resume_window_sec > 0;
  const keeps = isAsked && bridge.downstream.format === 'envelope';
  return keeps ? session.resume_window_sec + HISTORY_MARGIN_SEC : 0;
}

/** How to reach the Redis of the configuration. */
export function redisOptions({ redis }: Config): RedisOptions {
  return {
    addr: redis.addr,
    mode: redis.mode,
    masterName: redis.master_name,
    username: redis.username,
    password: redis.password,
    db: redis.db,
    tls: redis.tls,
    sharded: redis.sharded,
    commandTimeoutMs: redis.command_timeout_ms,
  };
}

export interface DemoParts {
  readonly gatewayId: string;
  readonly channels: ChannelNames;
  readonly log: Log;
  backendPort(): BackendPort;
}

/** One demo backend for each game that asks for it; none where the raw format is configured. */
export function createDemoBackends(config: Config, parts: DemoParts): DemoBackend[] {
  const asked = config.games.some((game) => game.backend === 'demo');
  const served = demoGames(config);
  if (asked && served.length === 0) parts.log.warn({}, 'demo backend needs format envelope: not started');
  return served.map((id) => {
    const topic = config.bridge.upstream.topic.replaceAll('{game_id}', id);
    return new DemoBackend({ ...parts, port: parts.backendPort(), topic });
  });
}

/** Ids of the games that the built-in demo backend serves: none where a raw format is configured. */
export function demoGames(config: Config): string[] {
  const { upstream, downstream } = config.bridge;
  if (upstream.format === 'raw' || downstream.format === 'raw') return [];
  return config.games.filter((game) => game.backend === 'demo').map(({ id }) => id);
}
