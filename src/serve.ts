import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { WebSocketListener } from '../transports/websocket/websocket-listener.ts';
import { AdminServer } from './admin/admin-server.ts';
import type { BackendPort, Bridge, ChannelNames } from './bridge/bridge.ts';
import { MemoryBridge } from './bridge/memory-bridge.ts';
import { MemoryBroker } from './bridge/memory-broker.ts';
import { RedisBackendPort } from './bridge/redis-backend-port.ts';
import { RedisBridge } from './bridge/redis-bridge.ts';
import type { RedisOptions } from './bridge/redis-options.ts';
import type { Config } from './config/schema.ts';
import { messageOf, StartError } from './errors.ts';
import { Gateway } from './gateway.ts';
import type { Log } from './observe/log.ts';
import { Metrics } from './observe/metrics.ts';
import { PrometheusPage } from './observe/prometheus.ts';
import { DISCONNECT, type Disconnect } from './protocol/disconnect.ts';
import { DemoBackend } from './services/demo-backend.ts';
import { gatewayStats, readiness } from './stats.ts';
import type { BoundAddress, Listener } from './transport.ts';

/** A gateway that runs, with everything around it. */
export interface Running {
  readonly gateway: Gateway;
  readonly metrics: Metrics;
  /** Where each part listens: `websocket`, `webtransport`, `metrics`. */
  readonly addresses: ReadonlyMap<string, BoundAddress>;
  /** Idempotent; bounded to some seconds. */
  close(disconnect?: Disconnect): Promise<void>;
}

/** Builds a gateway as configured and starts it. Rejects with a StartError; nothing is left running then. */
export async function serve(config: Config, log: Log): Promise<Running> {
  const id = config.gateway.id === 'auto' ? automaticId() : config.gateway.id;
  const metrics = new Metrics();
  const channels = { broadcast: config.bridge.downstream.channel, addressed: `gateway:${id}` };
  const { bridge, backendPort } = createBridge(config, channels);
  const listeners = createListeners(config, metrics);
  const gateway = new Gateway({ config, id, bridge, listeners, metrics, log });
  const backends = demoBackends(config, { id, channels, backendPort, log });
  const admin = createAdmin(config, gateway, { bridge, metrics });
  const close = async (disconnect: Disconnect = DISCONNECT.shutdown): Promise<void> => {
    await gateway.close(disconnect);
    await Promise.all(backends.map((backend) => backend.close()));
    await admin?.close();
  };
  try {
    const addresses = new Map(await gateway.start());
    startBackends(backends, log);
    if (admin !== undefined) addresses.set('metrics', await admin.listen());
    return { gateway, metrics, addresses, close };
  } catch (error) {
    await close(DISCONNECT.internal);
    throw error;
  }
}

function automaticId(): string {
  const host = hostname()
    .replaceAll(/[^A-Za-z0-9_.-]/g, '-')
    .slice(0, 40);
  return `${host}-${randomBytes(4).toString('hex')}`;
}

/** The bridge, and how a built-in backend gets at the same queue. */
interface BridgeParts {
  readonly bridge: Bridge;
  backendPort(): BackendPort;
}

function createBridge(config: Config, channels: ChannelNames): BridgeParts {
  if (config.bridge.kind === 'memory') {
    const bridge = new MemoryBridge(new MemoryBroker(), channels);
    return { bridge, backendPort: () => bridge.backend() };
  }
  const { redis } = config;
  const options: RedisOptions = {
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
  try {
    const bridge = new RedisBridge({
      ...options,
      channels,
      probeIntervalMs: redis.probe_interval_ms,
      probeTimeoutMs: redis.probe_timeout_ms,
    });
    return { bridge, backendPort: () => new RedisBackendPort(options) };
  } catch (error) {
    throw new StartError(`redis.addr: ${messageOf(error)}`, error);
  }
}

function createListeners(config: Config, metrics: Metrics): Listener[] {
  const { websocket, limits, session } = config;
  if (!websocket.enabled) return [];
  return [
    new WebSocketListener({
      host: websocket.host,
      port: websocket.port,
      path: websocket.path,
      connectionsMax: websocket.max_connections,
      connectionsPerAddressMax: limits.connections_per_ip,
      allowedOrigins: websocket.allowed_origins,
      perMessageDeflate: websocket.per_message_deflate,
      helloTimeoutMs: limits.hello_timeout_ms,
      frameBytesMax: session.frame_bytes_max_unauthenticated,
      frameBytesHardMax: session.frame_bytes_max,
      onRefused: (reason) => metrics.refused.add(1, 'websocket', reason),
    }),
  ];
}

interface DemoParts {
  readonly id: string;
  readonly channels: ChannelNames;
  readonly log: Log;
  backendPort(): BackendPort;
}

function demoBackends(config: Config, parts: DemoParts): DemoBackend[] {
  const { upstream, downstream } = config.bridge;
  const demos = config.games.filter((game) => game.backend === 'demo');
  if (demos.length === 0) return [];
  if (upstream.format === 'raw' || downstream.format === 'raw') {
    parts.log.warn(
      { games: demos.map((game) => game.id) },
      'demo backend needs format envelope: not started',
    );
    return [];
  }
  return demos.map(
    (game) =>
      new DemoBackend({
        port: parts.backendPort(),
        topic: upstream.topic.replaceAll('{game_id}', game.id),
        gatewayId: parts.id,
        channels: parts.channels,
        log: parts.log,
      }),
  );
}

/** Not awaited: with Redis away a backend subscribes when it comes. */
function startBackends(backends: readonly DemoBackend[], log: Log): void {
  for (const backend of backends) {
    backend
      .start()
      .catch((error: unknown) => log.warn({ error: messageOf(error) }, 'demo backend not started'));
  }
}

function createAdmin(
  config: Config,
  gateway: Gateway,
  parts: { bridge: Bridge; metrics: Metrics },
): AdminServer | undefined {
  const { metrics } = config;
  if (!metrics.enabled) return undefined;
  const page = new PrometheusPage(parts.metrics);
  return new AdminServer(
    { host: metrics.host, port: metrics.port, metricsPath: metrics.path, token: metrics.admin_token },
    {
      metricsContentType: page.contentType,
      metrics: () => {
        gateway.refreshGauges();
        return page.render();
      },
      readiness: () => readiness(gateway, parts.bridge),
      stats: () => gatewayStats(gateway, parts),
      certificateHashes: () => undefined,
    },
  );
}
