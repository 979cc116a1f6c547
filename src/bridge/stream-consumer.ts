import { encodeDeadLetter } from '../protocol/envelopes.ts';
import { RedisConnection } from './redis-connection.ts';
import { redisFailure } from './redis-failure.ts';
import { connectMasters, type RedisLink } from './redis-link.ts';
import type { RedisSettings } from './redis-options.ts';
import { STREAM_FIELD } from './redis-stream-port.ts';

export interface StreamConsumerOptions {
  readonly settings: RedisSettings;
  /** The stream. */
  readonly topic: string;
  readonly group: string;
  /** Name of this consumer in the group; no two at a time have the same. */
  readonly consumer: string;
  /** An entry that a consumer took so long ago, and did not settle, is taken over. */
  readonly claimIdleMs: number;
  /** An entry that failed as often goes to the dead letters. */
  readonly deliveriesMax: number;
  /** Deals with one message; the entry is settled once it resolves, and comes again where it rejects. */
  handle(message: Uint8Array): Promise<void>;
  /** A message failed, or could not be settled. */
  onError(error: unknown): void;
  /** The consumer reads, or does not. */
  onStateChange(up: boolean): void;
}

/** One entry of a stream. */
interface Entry {
  readonly id: string;
  readonly message: Buffer;
}

const READ_COUNT = 16;
/** Also how long a close may have to wait for a read. */
const BLOCK_MS = 500;
const CLAIM_COUNT = 16;

/**
 * Reads a stream as one of a consumer group: an entry goes to one consumer, is settled (XACK) after it was dealt with,
 * and is taken over by another one (XAUTOCLAIM) when that does not happen. At least once; one entry at a time.
 */
export class StreamConsumer {
  readonly #options: StreamConsumerOptions;
  readonly #connection: RedisConnection;
  #claimDueMs = 0;
  #claimCursor = '0-0';
  #working: Promise<void> = Promise.resolve();
  #closing = false;

  constructor(options: StreamConsumerOptions) {
    this.#options = options;
    this.#connection = new RedisConnection(options.settings, {
      prepare: (link) => this.#prepare(link),
      onUp: (link) => {
        options.onStateChange(true);
        // One entry at a time also where the handler of the lost connection is still at work.
        this.#working = this.#working.then(() => this.#work(link));
      },
      onDown: () => {
        options.onStateChange(false);
      },
    });
  }

  get up(): boolean {
    return this.#connection.up;
  }

  start(): void {
    this.#connection.start();
  }

  /** Takes no further entry, settles the one at hand within `deadlineMs`, and ends. Idempotent. */
  async close(deadlineMs: number): Promise<void> {
    this.#closing = true;
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, deadlineMs);
    });
    await Promise.race([this.#working, deadline]);
    clearTimeout(timer);
    this.#connection.close();
  }

  /** Makes the group where there is none, from the first entry on: what came before any backend is not lost. */
  async #prepare(link: RedisLink): Promise<void> {
    await connectMasters(link);
    const { topic, group } = this.#options;
    try {
      await link.xgroup('CREATE', topic, group, '0', 'MKSTREAM');
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('BUSYGROUP')) throw error;
    }
  }

  async #work(link: RedisLink): Promise<void> {
    while (link === this.#connection.link && !this.#closing) {
      try {
        if (performance.now() >= this.#claimDueMs) await this.#claim(link);
        for (const entry of await this.#guarded(this.#read(link))) await this.#deal(link, entry);
      } catch (error) {
        if (link === this.#connection.link) this.#connection.reset(redisFailure(error));
      }
    }
  }

  /** A command that is not answered in time ends the connection, which fails the command. */
  async #guarded<T>(command: Promise<T>): Promise<T> {
    const limitMs = BLOCK_MS + this.#options.settings.commandTimeoutMs;
    const timer = setTimeout(() => this.#connection.reset('no answer in time'), limitMs);
    try {
      return await command;
    } finally {
      clearTimeout(timer);
    }
  }

  async #read(link: RedisLink): Promise<Entry[]> {
    const { topic, group, consumer } = this.#options;
    // biome-ignore format: one argument of the command after the other
    const answer = await link.xreadgroupBuffer(
      'GROUP', group, consumer, 'COUNT', READ_COUNT, 'BLOCK', BLOCK_MS, 'STREAMS', topic, '>',
    );
    return entriesOf(Array.isArray(answer) && Array.isArray(answer[0]) ? answer[0][1] : undefined);
  }

  async #deal(link: RedisLink, entry: Entry): Promise<void> {
    const { topic, group, handle, onError } = this.#options;
    if (this.#closing) return;
    try {
      await handle(entry.message);
    } catch (error) {
      onError(error);
      return;
    }
    await this.#guarded(link.xack(topic, group, entry.id));
  }

  /** Takes over what nobody settled, a few at a time: dead consumers' entries, and those that failed. */
  async #claim(link: RedisLink): Promise<void> {
    const { topic, group, consumer, claimIdleMs } = this.#options;
    const parts = [topic, group, consumer, claimIdleMs, this.#claimCursor, 'COUNT', CLAIM_COUNT];
    const answer: unknown = await this.#guarded(link.callBuffer('XAUTOCLAIM', ...parts));
    if (!Array.isArray(answer)) return;
    const [cursor, entries] = answer;
    this.#claimCursor = String(cursor);
    if (this.#claimCursor === '0-0') this.#claimDueMs = performance.now() + claimIdleMs / 2;
    for (const entry of entriesOf(entries)) await this.#dealAgain(link, entry);
  }

  async #dealAgain(link: RedisLink, entry: Entry): Promise<void> {
    const { topic, group, deliveriesMax } = this.#options;
    const pending = await this.#guarded(link.xpending(topic, group, entry.id, entry.id, 1));
    const [first] = pending;
    const deliveries = Array.isArray(first) ? Number(first[3]) : 0;
    if (deliveries <= deliveriesMax) return this.#deal(link, entry);
    await this.#guarded(link.xadd(`${topic}:dead`, '*', STREAM_FIELD, this.#letter(entry, deliveries - 1)));
    await this.#guarded(link.xack(topic, group, entry.id));
  }

  #letter(entry: Entry, attempts: number): Buffer {
    const { topic, consumer } = this.#options;
    const letter = encodeDeadLetter({
      topic,
      reason: `failed ${attempts} times`,
      attempts,
      failedAtMs: Date.now(),
      source: consumer,
      messages: [entry.message],
    });
    return Buffer.from(letter.buffer, letter.byteOffset, letter.byteLength);
  }
}

/** The entries of an answer; those that were trimmed away, or are not of a gateway, are left out. */
function entriesOf(answer: unknown): Entry[] {
  if (!Array.isArray(answer)) return [];
  return answer.flatMap((item: unknown) => {
    if (!Array.isArray(item) || !Array.isArray(item[1])) return [];
    const message: unknown = item[1][1];
    return Buffer.isBuffer(message) ? [{ id: String(item[0]), message }] : [];
  });
}
