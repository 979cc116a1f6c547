import type { BatchIdentity, PublishDone } from './bridge.ts';
import { RedisConnection } from './redis-connection.ts';
import { isServerTrouble, redisError, redisFailure } from './redis-failure.ts';
import { connectMasters, type RedisLink } from './redis-link.ts';
import type { RedisSettings } from './redis-options.ts';
import { TickCork } from './tick-cork.ts';

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

/** One batch to be written. */
export interface Outgoing {
  readonly topic: string;
  readonly messages: readonly Uint8Array[];
  readonly identity: BatchIdentity | undefined;
}

export type OnAnswer = (error: Error | null | undefined, value: unknown) => void;

/** How messages are written: Pub/Sub or streams. */
export interface PublishPort {
  /** Learns on a new link whether this user may write, and loads what is needed. A rejection drops the link. */
  prepare(link: RedisLink): Promise<void>;
  /** Writes the messages in order. Returns how often `onAnswer` will be called, later. */
  send(link: RedisLink, outgoing: Outgoing, onAnswer: OnAnswer): number;
  /** Receivers that a good answer tells of; -1: unknown. */
  receivers(value: unknown): number;
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
  readonly #port: PublishPort;
  readonly #connection: RedisConnection;
  /** Insertion order is the order of sending, so the first is the oldest. */
  readonly #inFlight = new Set<Pending>();
  readonly #tickCork = new TickCork();
  #watch: NodeJS.Timeout | undefined;

  constructor(settings: RedisSettings, port: PublishPort, handlers: RedisPublisherHandlers) {
    this.#settings = settings;
    this.#port = port;
    this.#connection = new RedisConnection(settings, {
      prepare: async (link) => {
        await connectMasters(link);
        await port.prepare(link);
      },
      onUp: () => {
        handlers.onStateChange(true);
      },
      onDown: (why) => {
        this.#failInFlight(why);
        handlers.onStateChange(false);
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

  /** As `Bridge.publish`. */
  publish(topic: string, messages: readonly Uint8Array[], done: PublishDone, identity?: BatchIdentity): void {
    const link = this.#connection.link;
    if (link === undefined || messages.length === 0) {
      process.nextTick(done, link === undefined ? redisError(this.#connection.detail) : undefined, -1);
      return;
    }
    const pending: Pending = {
      unanswered: 0,
      receivers: -1,
      error: undefined,
      sentAtMs: performance.now(),
      done,
    };
    this.#inFlight.add(pending);
    this.#watch ??= this.#watchIn(this.#settings.commandTimeoutMs);
    this.#tickCork.cork(link);
    const onAnswer: OnAnswer = (error, value) => this.#onAnswer(pending, error, value);
    pending.unanswered = this.#port.send(link, { topic, messages, identity }, onAnswer);
  }

  /** Drops the connection, which fails what is in flight. Idempotent. */
  close(): void {
    this.#connection.close();
    clearTimeout(this.#watch);
    this.#watch = undefined;
  }

  #onAnswer(pending: Pending, error: Error | null | undefined, value: unknown): void {
    if (pending.unanswered === 0) return;
    if (error) pending.error ??= redisError(redisFailure(error));
    else {
      const receivers = this.#port.receivers(value);
      pending.receivers = pending.receivers < 0 ? receivers : Math.min(pending.receivers, receivers);
    }
    if (error && isServerTrouble(error)) return this.#connection.reset(redisFailure(error));
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
