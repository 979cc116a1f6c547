import type { ConnectionOptions } from 'node:tls';

/** How to reach Redis, and how long to wait for it. */
export interface RedisOptions {
  /**
   * `host:port` (`[::1]:6379` for IPv6; the port is 6379, or 26379 for sentinels, where absent). Several, separated by
   * commas or as an array: nodes of a cluster, or sentinels.
   */
  readonly addr: string | readonly string[];
  /** Default `standalone`. */
  readonly mode?: 'standalone' | 'cluster' | 'sentinel';
  /** The master's name at the sentinels; default `mymaster`. */
  readonly masterName?: string;
  readonly username?: string;
  readonly password?: string;
  /** Default 0. Pub/Sub does not depend on it. */
  readonly db?: number;
  /** True or node:tls options: TLS to Redis. */
  readonly tls?: boolean | ConnectionOptions;
  /** In cluster mode: SPUBLISH and SSUBSCRIBE, so that a message stays inside its shard (Redis 7). Default false. */
  readonly sharded?: boolean;
  /** A command without an answer for this long fails, and the connection is made anew. Default 5000. */
  readonly commandTimeoutMs?: number;
  /** From the attempt to connect to a connection that is of use (Redis may be loading its data). Default 5000. */
  readonly connectTimeoutMs?: number;
}

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

/** `RedisOptions` with defaults filled in and addresses parsed. */
export interface RedisSettings {
  readonly addresses: readonly RedisAddress[];
  readonly mode: 'standalone' | 'cluster' | 'sentinel';
  readonly masterName: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly db: number;
  readonly tls: ConnectionOptions | undefined;
  readonly sharded: boolean;
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
}

const REDIS_PORT = 6379;
const SENTINEL_PORT = 26_379;
const TIMEOUT_MS = 5000;

/** Throws a RangeError where an address cannot be parsed: a mistake in the config, found at start. */
export function redisSettings(options: RedisOptions): RedisSettings {
  const mode = options.mode ?? 'standalone';
  const texts = typeof options.addr === 'string' ? options.addr.split(',') : options.addr;
  const defaultPort = mode === 'sentinel' ? SENTINEL_PORT : REDIS_PORT;
  return {
    addresses: texts.map((text) => parseRedisAddress(text.trim(), defaultPort)),
    mode,
    masterName: options.masterName ?? 'mymaster',
    username: options.username === '' ? undefined : options.username,
    password: options.password === '' ? undefined : options.password,
    db: options.db ?? 0,
    tls: options.tls === true ? {} : options.tls === false ? undefined : options.tls,
    sharded: mode === 'cluster' && options.sharded === true,
    commandTimeoutMs: options.commandTimeoutMs ?? TIMEOUT_MS,
    connectTimeoutMs: options.connectTimeoutMs ?? TIMEOUT_MS,
  };
}

/**
 * Parses `host`, `host:port` or `[ipv6]:port`. URLs are refused: credentials have their own keys. The RangeError does
 * not repeat the text, which may hold a password.
 */
export function parseRedisAddress(text: string, defaultPort = REDIS_PORT): RedisAddress {
  const match = /^(?:\[([0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|([^\s:/@[\]]+))(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  if (host === undefined || port < 1 || port > 65_535) {
    throw new RangeError('redis address: expected host:port (without scheme, user or password)');
  }
  return { host, port };
}

export function formatAddress(address: RedisAddress): string {
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}
