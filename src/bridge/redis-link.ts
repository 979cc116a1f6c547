import { type RedisOptions as ClientOptions, Cluster, Redis } from 'ioredis';
import type { RedisAddress, RedisSettings } from './redis-options.ts';

/** One client of ioredis, for one connection attempt; a sharded cluster's client holds a connection per node. */
export type RedisLink = Redis | Cluster;

const LOADING_RETRY_MS = 250;
const KEEP_ALIVE_MS = 10_000;

/**
 * Makes a client that is not connected yet and never acts on its own: no offline queue, no reconnect, nothing sent
 * twice, nothing subscribed again. Whatever a lost connection owes fails at once, and the owner starts over with a new
 * client.
 *
 * Plain Pub/Sub reaches every node of a cluster from any node, so one ordinary connection serves a cluster too, and
 * keeps the order of messages; `address` is the node of this attempt. Only sharded Pub/Sub needs the cluster's map.
 */
export function createLink(settings: RedisSettings, address: RedisAddress): RedisLink {
  if (settings.sharded) return createClusterLink(settings);
  const target: ClientOptions =
    settings.mode === 'sentinel'
      ? {
          sentinels: settings.addresses.map(({ host, port }) => ({ host, port })),
          name: settings.masterName,
          sentinelRetryStrategy: () => null,
          enableTLSForSentinelMode: settings.tls !== undefined,
        }
      : { host: address.host, port: address.port };
  return new Redis({ ...clientOptions(settings), ...target, retryStrategy: null, enableOfflineQueue: false });
}

function createClusterLink(settings: RedisSettings): Cluster {
  const nodes = settings.addresses.map(({ host, port }) => ({ host, port }));
  return new Cluster(nodes, {
    redisOptions: clientOptions(settings),
    clusterRetryStrategy: null,
    enableOfflineQueue: false,
    shardedSubscribers: true,
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    slotsRefreshTimeout: settings.connectTimeoutMs,
    lazyConnect: true,
    ...(settings.tls === undefined ? {} : { dnsLookup: lookupNothing }),
  });
}

/** Certificates name hosts, so TLS connects by the name that the cluster announces. */
function lookupNothing(name: string, callback: (error: null, address: string) => void): void {
  callback(null, name);
}

function clientOptions(settings: RedisSettings) {
  return {
    username: settings.username,
    password: settings.password,
    db: settings.sharded ? 0 : settings.db,
    tls: settings.tls,
    connectTimeout: settings.connectTimeoutMs,
    keepAlive: KEEP_ALIVE_MS,
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    maxLoadingRetryTime: LOADING_RETRY_MS,
    // RESP2: ioredis reads a message of Pub/Sub with fewer steps than a push of RESP3, and nothing here needs the latter.
    protocol: 2,
  } satisfies ClientOptions;
}

/**
 * Calls back when a sharded link loses one of its connections or nodes. ioredis would mend it piece by piece, and
 * messages could overtake each other meanwhile; a new link is simpler and keeps the order.
 */
export function onNodeLost(link: RedisLink, onLost: () => void): void {
  if (link instanceof Cluster) link.on('-node', onLost);
}

/** Resolves once a sharded link is connected to every master; until then it would refuse the second of two commands. */
export async function connectMasters(link: RedisLink): Promise<void> {
  if (link instanceof Cluster) await Promise.all(link.nodes('master').map((node) => node.ping()));
}

/** Ends a link now. ioredis alone would wait up to 2 s for the peer to answer the end of the stream. */
export function destroyLink(link: RedisLink): void {
  link.disconnect();
  if (link instanceof Redis) link.stream?.destroy();
  else for (const node of link.nodes('all')) node.stream?.destroy();
}
