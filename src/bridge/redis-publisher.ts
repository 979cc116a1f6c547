import { Redis } from 'ioredis';
import type { PublishDone } from './bridge.ts';
import { RedisConnection } from './redis-connection.ts';
import { redisError, redisFailure } from './redis-failure.ts';
import { connectMasters, type RedisLink } from './redis-link.ts';
import type { RedisSettings } from './redis-options.ts';

/** One call of `publish` on its way. */
interface Pending {
  /** Messages without an answer; 0: settled. */
  unanswered: number;
  /** The smallest so far; -1: unknown. */
  receivers: number;
  error: Error | undefined;
  readonly sentAtMs: number;
  readonly done: PublishDone;
}

/** Called by a RedisPublisher; they do not throw. */
export interface RedisPublisherHandlers {
  onStateChange(up: boolean): void;
}

/**
 * The publishing connection. Everything published in one tick leaves in one write: the socket is corked at the first
 * message and uncorked when the tick ends. One watch over the oldest publish stands for a timer per command; an
 * answer that does not come in time ends the connection, because Redis answers in order.
 */
export class RedisPublisher {
  readonly #settings: RedisSettings;
  readonly #connection: RedisConnection;
  /** Insertion order is the order of sending, so the first is the oldest. */
  readonly #inFlight = new Set<Pending>();
  #link: RedisLink | undefined;
  #corked: Redis['stream'] | undefined;
  #watch: NodeJS.Timeout | undefined;

  /** `probeChannel` gets an empty message on each new connection, to learn whether this user may publish. */
  constructor(settings: RedisSettings, probeChannel: string, handlers: RedisPublisherHandlers) {
    this.#settings = settings;
    this.#connection = new RedisConnection(settings, {
      prepare: async (link) => {
        await connectMasters(link);
        await (settings.sharded ? link.spublish(probeChannel, EMPTY) : link.publish(probeChannel, EMPTY));
      },
      onUp: (link) => {
        this.#link = link;
        handlers.onStateChange(true);
      },
      onDown: (why) => {
        this.#link = undefined;
        this.#failInFlight(why);
        handlers.onStateChange(false);
      },
    });
  }

  get up(): boolean {
    return this.#link !== undefined;
  }

  get detail(): string {
    return this.#connection.detail;
  }

  /** Resolves with the outcome of the first attempt to connect, good or bad. */
  start(): Promise<void> {
    this.#connection.start();
    return this.#connection.firstAttempt;
  }

  /** As `Bridge.publish`. */
  publish(channel: string, messages: readonly Uint8Array[], done: PublishDone): void {
    const link = this.#link;
    if (link === undefined || messages.length === 0) {
      process.nextTick(done, link === undefined ? redisError(this.#connection.detail) : undefined, -1);
      return;
    }
    const pending: Pending = {
      unanswered: messages.length,
      receivers: -1,
      error: undefined,
      sentAtMs: performance.now(),
      done,
    };
    this.#inFlight.add(pending);
    this.#watch ??= this.#watchIn(this.#settings.commandTimeoutMs);
    if (link instanceof Redis) this.#cork(link);
    const onAnswer = (error: Error | null | undefined, receivers: unknown): void =>
      this.#onAnswer(pending, error, receivers);
    for (const message of messages) this.#send(link, channel, message, onAnswer);
  }

  /** Drops the connection, which fails what is in flight. Idempotent. */
  close(): void {
    this.#connection.close();
    clearTimeout(this.#watch);
    this.#watch = undefined;
  }

  #send(link: RedisLink, channel: string, message: Uint8Array, onAnswer: OnAnswer): void {
    const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
    if (this.#settings.sharded) link.spublish(channel, bytes, onAnswer);
    else link.publish(channel, bytes, onAnswer);
  }

  #cork(link: Redis): void {
    if (this.#corked !== undefined) return;
    this.#corked = link.stream;
    link.stream.cork();
    process.nextTick(this.#uncork);
  }

  readonly #uncork = (): void => {
    this.#corked?.uncork();
    this.#corked = undefined;
  };

  #onAnswer(pending: Pending, error: Error | null | undefined, receivers: unknown): void {
    if (pending.unanswered === 0) return;
    if (error) pending.error ??= redisError(redisFailure(error));
    else if (this.#settings.mode !== 'cluster' && typeof receivers === 'number') {
      pending.receivers = pending.receivers < 0 ? receivers : Math.min(pending.receivers, receivers);
    }
    pending.unanswered -= 1;
    if (pending.unanswered > 0) return;
    this.#inFlight.delete(pending);
    pending.done(pending.error, pending.error === undefined ? pending.receivers : -1);
  }

  #failInFlight(why: string): void {
    const lost = [...this.#inFlight];
    this.#inFlight.clear();
    for (const pending of lost) pending.unanswered = 0;
    for (const pending of lost) pending.done(redisError(why), -1);
  }

  #watchIn(delayMs: number): NodeJS.Timeout {
    return setTimeout(this.#checkOldest, delayMs).unref();
  }

  readonly #checkOldest = (): void => {
    this.#watch = undefined;
    const [oldest] = this.#inFlight;
    if (oldest === undefined) return;
    const leftMs = oldest.sentAtMs + this.#settings.commandTimeoutMs - performance.now();
    if (leftMs > 0) {
      this.#watch = this.#watchIn(Math.ceil(leftMs));
      return;
    }
    // Where this process stood still, the answer may be waiting in the socket: it is read before the verdict.
    setImmediate(() => {
      if (this.#inFlight.has(oldest)) this.#connection.reset('no answer in time');
      else if (this.#inFlight.size > 0) this.#watch ??= this.#watchIn(0);
    });
  };
}

type OnAnswer = (error: Error | null | undefined, receivers: unknown) => void;

const EMPTY = Buffer.alloc(0);
