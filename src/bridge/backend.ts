import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  type DisconnectRequest,
  type Downstream,
  decodeUpstreamBatch,
  encodeDownstreamBatch,
  type GroupChange,
  type Push,
  type Upstream,
} from '../protocol/envelopes.ts';
import type { BackendPort } from './bridge.ts';
import { RedisBackendPort } from './redis-backend-port.ts';
import type { RedisOptions } from './redis-options.ts';
import { RedisStreamsBackendPort } from './redis-streams-backend-port.ts';
import { streamSettings } from './redis-streams-bridge.ts';
import { StreamConsumer } from './stream-consumer.ts';

export type { DisconnectRequest, GroupChange, Push, RedisOptions, Upstream };

/** The package's entry `dualgate/backend`: what a game backend in Node needs to hear clients and to answer them. */
export interface BackendOptions {
  readonly redis: RedisOptions;
  /** As the gateway's `bridge.kind`. Default `redis-streams`. */
  readonly kind?: 'redis' | 'redis-streams';
  /** Ids of the games to serve. */
  readonly games: readonly string[];
  /** As `bridge.upstream.topic`. Default `game:request:{game_id}`. */
  readonly topic?: string;
  /** As `bridge.downstream.channel`. Default `broadcast`. */
  readonly broadcast?: string;
  /** Streams: the consumer group; each group hears everything once. Default `backend`. */
  readonly group?: string;
  /** Streams: name of this consumer in its group. Default: host name and a random part. */
  readonly consumer?: string;
  /** Streams: an entry not settled for this long goes to another consumer. Default 30,000. */
  readonly claimIdleMs?: number;
  /** Streams: an entry that failed as often goes to `{topic}:dead`. Default 5. */
  readonly deliveriesMax?: number;
  /** Hears what a handler throws, and bytes that are no batch. Default: a process warning. */
  onError?(error: unknown): void;
}

/**
 * Deals with one frame. With Streams a batch is settled once the handler has resolved for all its frames; where it
 * rejects, the whole batch comes again: at least once, so a handler that must not act twice remembers session and seq.
 */
export type FrameHandler = (frame: Upstream, backend: Backend) => void | Promise<void>;

const CLAIM_IDLE_MS = 30_000;
const DELIVERIES_MAX = 5;
const CLOSE_DEADLINE_MS = 5000;

/** Connects, and resolves once frames of every game would arrive; waits for Redis as long as it takes. */
export async function connectBackend(options: BackendOptions, onFrame: FrameHandler): Promise<Backend> {
  const backend = new Backend(options, onFrame);
  await backend.start();
  return backend;
}

/** A backend at work. Made by `connectBackend`. Every push resolves once Redis has it, and rejects where it has not. */
export class Backend {
  readonly #options: BackendOptions;
  readonly #onFrame: FrameHandler;
  readonly #port: BackendPort;
  #consumers: readonly StreamConsumer[] = [];

  constructor(options: BackendOptions, onFrame: FrameHandler) {
    this.#options = options;
    this.#onFrame = onFrame;
    const streams = options.kind !== 'redis';
    this.#port = streams ? new RedisStreamsBackendPort(options.redis) : new RedisBackendPort(options.redis);
  }

  async start(): Promise<void> {
    const topic = this.#options.topic ?? 'game:request:{game_id}';
    const topics = this.#options.games.map((game) => topic.replaceAll('{game_id}', game));
    if (this.#options.kind !== 'redis') return this.#consume(topics);
    await Promise.all(
      topics.map((name) =>
        this.#port.subscribe(name, (message) => {
          this.#handle(new Uint8Array(message)).catch((error: unknown) => this.#report(error));
        }),
      ),
    );
  }

  /** Answers a frame: the client's request with its seq resolves. */
  reply(frame: Upstream, payload: Uint8Array): Promise<void> {
    const { sessionId, route, msgId, seq, latest } = frame;
    const message = { targetSessionIds: [sessionId], route, msgId, seq, response: true, latest, payload };
    return this.pushTo(frame.gatewayId, message);
  }

  /** To sessions of every gateway. */
  push(...messages: Push[]): Promise<void> {
    return this.#publish(
      this.#broadcast,
      messages.map((message) => ({ message })),
    );
  }

  /** To sessions of one gateway: `gatewayId` of a frame. */
  pushTo(gatewayId: string, ...messages: Push[]): Promise<void> {
    return this.#publish(
      `gateway:${gatewayId}`,
      messages.map((message) => ({ message })),
    );
  }

  /** Adds sessions or users to a group, removes them, or dissolves it, on every gateway. */
  changeGroup(group: GroupChange): Promise<void> {
    return this.#publish(this.#broadcast, [{ group }]);
  }

  disconnect(disconnect: DisconnectRequest): Promise<void> {
    return this.#publish(this.#broadcast, [{ disconnect }]);
  }

  /** Takes nothing more, waits up to 5 s for the handlers at work, and ends. Idempotent. */
  async close(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.close(CLOSE_DEADLINE_MS)));
    await this.#port.close();
  }

  get #broadcast(): string {
    return this.#options.broadcast ?? 'broadcast';
  }

  #publish(channel: string, items: readonly Downstream[]): Promise<void> {
    return this.#port.publish(channel, encodeDownstreamBatch(items));
  }

  async #consume(topics: readonly string[]): Promise<void> {
    const { redis, group = 'backend', claimIdleMs, deliveriesMax } = this.#options;
    const consumer = this.#options.consumer ?? `${hostname()}-${randomUUID().slice(0, 8)}`;
    let wake = (): void => {};
    this.#consumers = topics.map(
      (topic) =>
        new StreamConsumer({
          settings: streamSettings(redis),
          topic,
          group,
          consumer,
          claimIdleMs: claimIdleMs ?? CLAIM_IDLE_MS,
          deliveriesMax: deliveriesMax ?? DELIVERIES_MAX,
          handle: (message) => this.#handle(message),
          onError: (error) => this.#report(error),
          onStateChange: () => wake(),
        }),
    );
    await new Promise<void>((resolve) => {
      wake = () => {
        if (this.#consumers.every((one) => one.up)) resolve();
      };
      for (const one of this.#consumers) one.start();
      wake();
    });
  }

  async #handle(message: Uint8Array): Promise<void> {
    const frames = decodeUpstreamBatch(message);
    if (frames === undefined) throw new Error(`${message.length} bytes that are no UpstreamBatch`);
    for (const frame of frames) await this.#onFrame(frame, this);
  }

  #report(error: unknown): void {
    if (this.#options.onError !== undefined) this.#options.onError(error);
    else process.emitWarning(error instanceof Error ? error : String(error));
  }
}
