import type { BatchIdentity, Bridge, BridgeSink, BridgeStatus, ChannelNames, PublishDone } from './bridge.ts';
import { type RedisOptions, type RedisSettings, redisSettings } from './redis-options.ts';
import { RedisPublisher } from './redis-publisher.ts';
import { StreamPort } from './redis-stream-port.ts';
import { StreamReader } from './redis-stream-reader.ts';

export interface RedisStreamsBridgeOptions extends RedisOptions {
  readonly channels: ChannelNames;
  /** Default `envelope`. */
  readonly format?: 'envelope' | 'raw';
  /** Entries that a stream keeps, roughly. Default 100,000. */
  readonly maxlen?: number;
  /** A frame that asked for an acknowledgement is known for at least this long. Default 60. */
  readonly dedupWindowSec?: number;
  /** A read waits for no longer than this. Default 2000. */
  readonly blockMs?: number;
  /** Broadcast pushes that are older than the newest by no more than this come at the start, as `past`. Default: none. */
  readonly pastMs?: number;
}

const MAXLEN = 100_000;
const DEDUP_WINDOW_SEC = 60;
const BLOCK_MS = 2000;
/** A gateway is not held up by an address that swallows packets. */
const START_WAIT_MS = 1000;

/** Streams of a cluster are where their key is; that takes a client that knows the slots, as sharded Pub/Sub does. */
export function streamSettings(options: RedisOptions): RedisSettings {
  const settings = redisSettings(options);
  return { ...settings, sharded: settings.mode === 'cluster' };
}

/**
 * The Bridge on Redis Streams: what is published is kept for backends that come later, and pushes made while a
 * connection was lost come afterwards. A publish with an identity is taken once only, however often it is tried.
 */
export class RedisStreamsBridge implements Bridge {
  readonly kind = 'redis-streams';
  readonly #publisher: RedisPublisher;
  readonly #readers: readonly StreamReader[];
  #sink: BridgeSink | undefined;

  /** Throws a RangeError for an address that cannot be parsed. */
  constructor(options: RedisStreamsBridgeOptions) {
    const settings = streamSettings(options);
    const { broadcast, addressed } = options.channels;
    const port = new StreamPort({
      gateway: addressed,
      format: options.format ?? 'envelope',
      maxlen: options.maxlen ?? MAXLEN,
      dedupWindowSec: options.dedupWindowSec ?? DEDUP_WINDOW_SEC,
    });
    this.#publisher = new RedisPublisher(settings, port, {
      onStateChange: (up) => this.#sink?.onStateChange(up),
    });
    const { blockMs = BLOCK_MS, pastMs = 0 } = options;
    const onStateChange = (): void => {};
    this.#readers = [
      new StreamReader(settings, {
        ...{ key: addressed, blockMs, onStateChange },
        onMessage: (message) => this.#sink?.onDownstream(message, 'addressed'),
      }),
      new StreamReader(settings, {
        ...{ key: broadcast, blockMs, pastMs, onStateChange },
        onMessage: (message, past) => this.#sink?.onDownstream(message, past ? 'past' : 'broadcast'),
        onMissed: () => this.#sink?.onMissed(),
      }),
    ];
  }

  /** Resolves once all connections are up or have failed to come up for the first time, within 1 s. */
  async start(sink: BridgeSink): Promise<void> {
    this.#sink = sink;
    let timer: NodeJS.Timeout | undefined;
    const waited = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, START_WAIT_MS);
    });
    const parts = [this.#publisher, ...this.#readers];
    await Promise.race([waited, Promise.all(parts.map((part) => part.start()))]);
    clearTimeout(timer);
  }

  get up(): boolean {
    return this.#publisher.up;
  }

  publish(topic: string, messages: readonly Uint8Array[], done: PublishDone, identity?: BatchIdentity): void {
    this.#publisher.publish(topic, messages, done, identity);
  }

  status(): BridgeStatus {
    const publishing = this.#publisher.detail;
    const reading = this.#readers.find((reader) => !reader.up)?.detail ?? this.#readers[0].detail;
    const subscribed = this.#readers.every((reader) => reader.up);
    const detail = publishing === reading ? publishing : `publishing: ${publishing}; reading: ${reading}`;
    return { up: this.#publisher.up, subscribed, detail };
  }

  async close(): Promise<void> {
    this.#sink = undefined;
    this.#publisher.close();
    for (const reader of this.#readers) reader.close();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
