import { RedisConnection } from './redis-connection.ts';
import { redisError } from './redis-failure.ts';
import type { RedisLink } from './redis-link.ts';
import type { RedisSettings } from './redis-options.ts';

/** Called by a RedisSubscriber; they do not throw. */
export interface RedisSubscriberHandlers {
  /** The views are valid during the call only. */
  onMessage(channel: Buffer, message: Buffer): void;
  /** All channels are subscribed, or the connection is gone. */
  onSubscribed(subscribed: boolean): void;
}

/** The subscribing connection: holds its set of channels through every new connection. */
export class RedisSubscriber {
  readonly #settings: RedisSettings;
  readonly #connection: RedisConnection;
  readonly #channels: Set<string>;

  constructor(settings: RedisSettings, channels: readonly string[], handlers: RedisSubscriberHandlers) {
    this.#settings = settings;
    this.#channels = new Set(channels);
    this.#connection = new RedisConnection(settings, {
      prepare: async (link) => {
        const onMessage = (channel: Buffer, message: Buffer): void => handlers.onMessage(channel, message);
        link.on(settings.sharded ? 'smessageBuffer' : 'messageBuffer', onMessage);
        await Promise.all([...this.#channels].map((channel) => this.#subscribe(link, channel)));
      },
      onUp: () => {
        handlers.onSubscribed(true);
      },
      onDown: () => {
        handlers.onSubscribed(false);
      },
    });
  }

  get up(): boolean {
    return this.#connection.up;
  }

  get detail(): string {
    return this.#connection.detail;
  }

  /** Resolves with the outcome of the first attempt to connect, good or bad. */
  start(): Promise<void> {
    this.#connection.start();
    return this.#connection.firstAttempt;
  }

  /**
   * Adds a channel, for this connection and all that follow. Rejects where the present connection does not confirm it
   * within the command timeout; that connection is made anew then, with the channel.
   */
  async add(channel: string): Promise<void> {
    this.#channels.add(channel);
    const link = this.#connection.link;
    if (link === undefined) throw redisError(this.#connection.detail);
    const timer = setTimeout(() => this.reset('no answer in time'), this.#settings.commandTimeoutMs);
    try {
      await this.#subscribe(link, channel);
    } catch {
      throw redisError('subscription failed');
    } finally {
      clearTimeout(timer);
    }
  }

  /** Drops the connection and makes it anew. */
  reset(why: string): void {
    this.#connection.reset(why);
  }

  /** Idempotent. */
  close(): void {
    this.#connection.close();
  }

  /** One command per channel: sharded channels of one command would have to share a slot. */
  #subscribe(link: RedisLink, channel: string): Promise<unknown> {
    return this.#settings.sharded ? link.ssubscribe(channel) : link.subscribe(channel);
  }
}
