import { RedisConnection } from './redis-connection.ts';
import { redisFailure } from './redis-failure.ts';
import { connectMasters, type RedisLink } from './redis-link.ts';
import type { RedisSettings } from './redis-options.ts';

/** What is called does not throw. */
export interface StreamReaderOptions {
  readonly key: string;
  /** A read waits for no longer than this. */
  readonly blockMs: number;
  /** Entries that are older than the newest by no more than this come first, as `past`. Default: none. */
  readonly pastMs?: number;
  /** The view is valid during the call only. */
  onMessage(message: Buffer, past: boolean): void;
  onStateChange(up: boolean): void;
  /** While the connection was lost, entries were trimmed that had not been read. */
  onMissed?(): void;
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
  readonly #options: StreamReaderOptions;
  readonly #connection: RedisConnection;
  #lastId: string | undefined;
  /** The newest entry of the past. */
  #pastId = '';

  constructor(settings: RedisSettings, options: StreamReaderOptions) {
    this.key = options.key;
    this.#settings = settings;
    this.#options = options;
    this.#connection = new RedisConnection(settings, {
      prepare: (link) => this.#prepare(link),
      onUp: (link) => {
        options.onStateChange(true);
        void this.#readOn(link);
      },
      onDown: () => {
        options.onStateChange(false);
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

  /** Idempotent. */
  close(): void {
    this.#connection.close();
  }

  async #prepare(link: RedisLink): Promise<void> {
    await connectMasters(link);
    if (this.#lastId === undefined) return await this.#begin(link);
    const oldest = await link.xrange(this.key, '-', '+', 'COUNT', 1);
    const oldestId = oldest[0]?.[0];
    if (oldestId !== undefined && isLater(oldestId, this.#lastId)) this.#options.onMissed?.();
  }

  async #begin(link: RedisLink): Promise<void> {
    const newest = await link.xrevrange(this.key, '+', '-', 'COUNT', 1);
    const newestId = newest[0]?.[0] ?? '0-0';
    const { pastMs = 0 } = this.#options;
    if (pastMs > 0) this.#pastId = newestId;
    this.#lastId = pastMs > 0 ? `${Math.max(0, partsOf(newestId)[0] - pastMs)}-0` : newestId;
  }

  async #readOn(link: RedisLink): Promise<void> {
    while (link === this.#connection.link) {
      const timer = setTimeout(
        () => this.#connection.reset('no answer in time'),
        this.#options.blockMs + this.#settings.commandTimeoutMs,
      );
      try {
        const last = this.#lastId ?? '$';
        const { blockMs } = this.#options;
        const read = link.xreadBuffer('COUNT', COUNT, 'BLOCK', blockMs, 'STREAMS', this.key, last);
        this.#deliver(link, await read);
      } catch (error) {
        if (link === this.#connection.link) this.#connection.reset(redisFailure(error));
      } finally {
        clearTimeout(timer);
      }
    }
  }

  #deliver(link: RedisLink, answer: [key: Buffer, items: [id: Buffer, fields: Buffer[]][]][] | null): void {
    for (const [, entries] of answer ?? []) {
      for (const [id, fields] of entries) {
        if (link !== this.#connection.link) return;
        const lastId = id.toString();
        this.#lastId = lastId;
        const past = this.#isPast(lastId);
        if (fields.length >= 2) this.#options.onMessage(fields[1], past);
      }
    }
  }

  #isPast(id: string): boolean {
    if (this.#pastId === '') return false;
    if (!isLater(id, this.#pastId)) return true;
    this.#pastId = '';
    return false;
  }
}

function isLater(id: string, than: string): boolean {
  const [ms, number] = partsOf(id);
  const [thanMs, thanNumber] = partsOf(than);
  return ms > thanMs || (ms === thanMs && number > thanNumber);
}

/** Milliseconds and number of an entry. */
function partsOf(id: string): readonly [number, number] {
  const [ms, number = '0'] = id.split('-');
  return [Number(ms), Number(number)];
}
