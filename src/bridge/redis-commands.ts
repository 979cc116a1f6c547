import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import type { BridgeStatus } from './bridge.ts';
import { RedisConnection } from './redis-connection.ts';
import { redisError, redisFailure } from './redis-failure.ts';
import type { RedisLink } from './redis-link.ts';
import { type RedisOptions, type RedisSettings, redisSettings } from './redis-options.ts';
import { RedisSubscriber } from './redis-subscriber.ts';
import { TickCork } from './tick-cork.ts';

type Argument = string | number | Uint8Array;

interface Script {
  readonly lua: string;
}

interface Pending {
  readonly sentAtMs: number;
  reject(error: Error): void;
}

/**
 * Commands and scripts for stores, on a connection of their own. As elsewhere nothing is queued while Redis is away and
 * nothing is sent twice. One watch over the oldest command stands for a timer each.
 */
export class RedisStoreCommands {
  /** Called each time that commands have a chance again, the first one included. Must not throw. */
  onUp: (() => void) | undefined;
  readonly #settings: RedisSettings;
  readonly #connection: RedisConnection;
  readonly #digests = new WeakMap<Script, string>();
  readonly #inFlight = new Set<Pending>();
  #subscriber: RedisSubscriber | undefined;
  readonly #tickCork = new TickCork();
  #watch: NodeJS.Timeout | undefined;

  /** `scripts` are loaded on each new connection. Throws a RangeError for an address that cannot be parsed. */
  constructor(options: RedisOptions, scripts: readonly Script[]) {
    const settings = redisSettings(options);
    // Keys live on the node of their slot, so a cluster needs its map, whatever Pub/Sub does.
    this.#settings = { ...settings, sharded: settings.mode === 'cluster' };
    this.#connection = new RedisConnection(this.#settings, {
      prepare: async (link) => {
        await Promise.all(scripts.map((script) => load(link, script)));
      },
      onUp: () => {
        this.onUp?.();
      },
      onDown: (why) => {
        this.#failAll(why);
      },
    });
  }

  get up(): boolean {
    return this.#connection.up;
  }

  /** `subscribed`: what `listen` is to hear would arrive; true where nothing is listened to. */
  status(): BridgeStatus {
    const connection = this.#connection;
    const subscriber = this.#subscriber;
    const subscribed = subscriber?.up ?? true;
    const detail = connection.up && subscriber !== undefined ? subscriber.detail : connection.detail;
    return { up: connection.up, subscribed, detail };
  }

  async start(): Promise<void> {
    this.#connection.start();
    await Promise.all([this.#connection.firstAttempt, this.#subscriber?.start()]);
  }

  call(command: string, ...args: Argument[]): Promise<unknown> {
    const link = this.#connection.link;
    if (link === undefined) return Promise.reject(redisError(this.#connection.detail));
    this.#tickCork.cork(link);
    return new Promise((resolve, reject) => {
      const pending = { sentAtMs: performance.now(), reject };
      this.#inFlight.add(pending);
      this.#watch ??= this.#watchIn(this.#settings.commandTimeoutMs);
      link.callBuffer(command, args.map(bytesOf)).then(
        (reply: unknown) => {
          this.#inFlight.delete(pending);
          resolve(reply);
        },
        (error: unknown) => {
          this.#inFlight.delete(pending);
          reject(isNoScript(error) ? new NoScriptError() : redisError(redisFailure(error)));
        },
      );
    });
  }

  async run(script: Script, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    const digest = this.#digestOf(script);
    const rest = [keys.length, ...keys, ...args];
    try {
      return await this.call('EVALSHA', digest, ...rest);
    } catch (error) {
      if (!(error instanceof NoScriptError)) throw error;
      return await this.call('EVAL', script.lua, ...rest);
    }
  }

  listen(channels: readonly string[], onMessage: (message: Uint8Array) => void): void {
    this.#subscriber = new RedisSubscriber(this.#settings, channels, {
      onMessage: (_channel, message) => onMessage(message),
      onSubscribed: () => {},
    });
  }

  async publish(channel: string, message: string | Uint8Array): Promise<number> {
    const { sharded } = this.#settings;
    try {
      const receivers = await this.call(sharded ? 'SPUBLISH' : 'PUBLISH', channel, message);
      return sharded ? -1 : Number(receivers);
    } catch {
      return 0;
    }
  }

  close(): void {
    this.#connection.close();
    this.#subscriber?.close();
    this.#failAll('closed');
    clearTimeout(this.#watch);
    this.#watch = undefined;
  }

  #digestOf(script: Script): string {
    const known = this.#digests.get(script);
    if (known !== undefined) return known;
    const digest = createHash('sha1').update(script.lua).digest('hex');
    this.#digests.set(script, digest);
    return digest;
  }

  #failAll(why: string): void {
    const lost = [...this.#inFlight];
    this.#inFlight.clear();
    for (const { reject } of lost) reject(redisError(why));
  }

  #watchIn(delayMs: number): NodeJS.Timeout {
    return setTimeout(this.#checkOldest, delayMs).unref();
  }

  readonly #checkOldest = (): void => {
    this.#watch = undefined;
    const [oldest] = this.#inFlight;
    if (oldest === undefined) return;
    const leftMs = oldest.sentAtMs + this.#settings.commandTimeoutMs - performance.now();
    if (leftMs <= 0) this.#connection.reset('no answer in time');
    else this.#watch = this.#watchIn(Math.ceil(leftMs));
  };
}

/** Ahead of its use, as a script that Redis does not know would run later than what was sent after it. */
async function load(link: RedisLink, { lua }: Script): Promise<void> {
  const nodes = link instanceof Redis ? [link] : link.nodes('master');
  await Promise.all(nodes.map((node) => node.script('LOAD', lua)));
}

/** Redis has forgotten its scripts. */
class NoScriptError extends Error {}

function isNoScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}

function bytesOf(argument: Argument): string | number | Buffer {
  if (typeof argument === 'string' || typeof argument === 'number') return argument;
  return Buffer.from(argument.buffer, argument.byteOffset, argument.byteLength);
}
