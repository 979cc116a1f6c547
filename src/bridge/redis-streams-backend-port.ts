import type { BackendPort } from './bridge.ts';
import { redisError } from './redis-failure.ts';
import type { RedisOptions, RedisSettings } from './redis-options.ts';
import { RedisPublisher } from './redis-publisher.ts';
import { StreamPort } from './redis-stream-port.ts';
import { StreamReader } from './redis-stream-reader.ts';
import { streamSettings } from './redis-streams-bridge.ts';
import { UpWaiters } from './up-waiters.ts';

const BLOCK_MS = 2000;
const MAXLEN = 100_000;

/**
 * The backends' side of Redis Streams, for the demo backend, tests and tools: everyone who subscribes hears all that is
 * added from then on, also what is added while the connection is lost. For work that is shared between consumers there
 * is `connectBackend`.
 */
export class RedisStreamsBackendPort implements BackendPort {
  readonly #settings: RedisSettings;
  readonly #publisher: RedisPublisher;
  readonly #readers: StreamReader[] = [];
  readonly #waiters = new UpWaiters();

  /** Connects at the first use. Throws a RangeError for an address that cannot be parsed. */
  constructor(options: RedisOptions & { readonly maxlen?: number }) {
    this.#settings = streamSettings(options);
    const port = new StreamPort({
      gateway: 'dualgate:backend',
      format: 'envelope',
      maxlen: options.maxlen ?? MAXLEN,
      dedupWindowSec: 0,
    });
    this.#publisher = new RedisPublisher(this.#settings, port, { onStateChange: () => this.#waiters.wake() });
  }

  /** Waits for Redis as long as it takes; rejects once closed. */
  async subscribe(topic: string, onMessage: (message: Uint8Array) => void): Promise<void> {
    if (this.#waiters.closed) throw redisError('closed');
    const reader = new StreamReader(this.#settings, {
      ...{ key: topic, blockMs: BLOCK_MS },
      onMessage: (message) => onMessage(message),
      onStateChange: () => this.#waiters.wake(),
    });
    this.#readers.push(reader);
    void reader.start();
    await this.#waiters.whenUp(reader);
  }

  /** Resolves once the entry is in the stream. Waits for the first connection; rejects where Redis went away. */
  async publish(channel: string, message: Uint8Array): Promise<void> {
    void this.#publisher.start();
    const bytes = this.#publisher.up ? message : new Uint8Array(message);
    await this.#waiters.whenUp(this.#publisher);
    await new Promise<void>((resolve, reject) => {
      this.#publisher.publish(channel, [bytes], (error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  async close(): Promise<void> {
    this.#publisher.close();
    for (const reader of this.#readers) reader.close();
    this.#waiters.close();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
