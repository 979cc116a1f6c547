import { RedisConnection } from './redis-connection.ts';
import { redisFailure } from './redis-failure.ts';
import { connectMasters, type RedisLink } from './redis-link.ts';
import type { RedisSettings } from './redis-options.ts';

/** Called by a StreamReader; they do not throw. */
export interface StreamReaderHandlers {
  /** The view is valid during the call only. */
  onMessage(message: Buffer): void;
  onStateChange(up: boolean): void;
}

const COUNT = 256;

/**
 * Reads one stream from its end on, by XREAD that blocks. It remembers how far it has read, so what is added while the
 * connection is lost comes afterwards. Every read is answered within `blockMs`, so a connection that has gone silent is
 * found without a probe.
 */
export class StreamReader {
  readonly key: string;
  readonly #settings: RedisSettings;
  readonly #handlers: StreamReaderHandlers;
  readonly #blockMs: number;
  readonly #connection: RedisConnection;
  #lastId: string | undefined;
  #link: RedisLink | undefined;

  constructor(settings: RedisSettings, key: string, blockMs: number, handlers: StreamReaderHandlers) {
    this.key = key;
    this.#settings = settings;
    this.#handlers = handlers;
    this.#blockMs = blockMs;
    this.#connection = new RedisConnection(settings, {
      prepare: (link) => this.#prepare(link),
      onUp: (link) => {
        this.#link = link;
        handlers.onStateChange(true);
        void this.#readOn(link);
      },
      onDown: () => {
        this.#link = undefined;
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

  /** Idempotent. */
  close(): void {
    this.#connection.close();
  }

  async #prepare(link: RedisLink): Promise<void> {
    await connectMasters(link);
    const newest = await link.xrevrange(this.key, '+', '-', 'COUNT', 1);
    this.#lastId ??= newest[0]?.[0] ?? '0-0';
  }

  async #readOn(link: RedisLink): Promise<void> {
    while (link === this.#link) {
      const timer = setTimeout(
        () => this.#connection.reset('no answer in time'),
        this.#blockMs + this.#settings.commandTimeoutMs,
      );
      try {
        const last = this.#lastId ?? '$';
        const read = link.xreadBuffer('COUNT', COUNT, 'BLOCK', this.#blockMs, 'STREAMS', this.key, last);
        this.#deliver(link, await read);
      } catch (error) {
        if (link === this.#link) this.#connection.reset(redisFailure(error));
      } finally {
        clearTimeout(timer);
      }
    }
  }

  #deliver(link: RedisLink, answer: [key: Buffer, items: [id: Buffer, fields: Buffer[]][]][] | null): void {
    for (const [, entries] of answer ?? []) {
      for (const [id, fields] of entries) {
        if (link !== this.#link) return;
        this.#lastId = id.toString();
        if (fields.length >= 2) this.#handlers.onMessage(fields[1]);
      }
    }
  }
}
