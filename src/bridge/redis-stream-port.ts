import { createHash, randomUUID } from 'node:crypto';
import { Cluster } from 'ioredis';
import type { BatchIdentity } from './bridge.ts';
import type { RedisLink } from './redis-link.ts';
import type { OnAnswer, Outgoing, PublishPort } from './redis-publisher.ts';
import { STREAM_ADD_SCRIPT } from './redis-stream-script.ts';

/** The field of a stream entry that holds the message. */
export const STREAM_FIELD = 'd';
/** Far longer than any batch is tried again. */
const LAST_NUMBER_TTL_SEC = 3600;
const PROBE_TTL_MS = 1000;
const SCRIPT_SHA1 = createHash('sha1').update(STREAM_ADD_SCRIPT).digest('hex');

export interface StreamPortOptions {
  /** Names this gateway in its keys. */
  readonly gateway: string;
  readonly format: 'envelope' | 'raw';
  /** Entries that a stream keeps, roughly. */
  readonly maxlen: number;
  /** A frame that asked for an acknowledgement is known for at least this long; 0: not at all. */
  readonly dedupWindowSec: number;
}

/**
 * Writes by XADD. A batch with an identity goes through a script that takes it once only, whatever became of the
 * attempts before. A run of the gateway counts by itself: its random name is part of the key.
 */
export class StreamPort implements PublishPort {
  readonly #options: StreamPortOptions;
  readonly #run = randomUUID();

  constructor(options: StreamPortOptions) {
    this.#options = options;
  }

  async prepare(link: RedisLink): Promise<void> {
    const nodes = link instanceof Cluster ? link.nodes('master') : [link];
    await Promise.all(nodes.map((node) => node.script('LOAD', STREAM_ADD_SCRIPT)));
    await link.set(`${this.#options.gateway}:probe`, '', 'PX', PROBE_TTL_MS);
  }

  send(link: RedisLink, outgoing: Outgoing, onAnswer: OnAnswer): number {
    const { topic, messages, identity } = outgoing;
    if (identity !== undefined) {
      const keys = this.#keys(topic);
      link.evalsha(SCRIPT_SHA1, keys.length, ...keys, ...this.#arguments(messages, identity), onAnswer);
      return 1;
    }
    const { maxlen } = this.#options;
    for (const message of messages) {
      link.xadd(topic, 'MAXLEN', '~', maxlen, '*', STREAM_FIELD, bufferOf(message), onAnswer);
    }
    return messages.length;
  }

  /** An entry is kept for whoever reads later. */
  receivers(): number {
    return -1;
  }

  /** All in the slot of the stream. Windows are counted by this gateway's clock, so those beside it are looked at, too. */
  #keys(topic: string): string[] {
    const tag = /\{([^}]+)\}/.exec(topic)?.[1] ?? topic;
    const { gateway, dedupWindowSec } = this.#options;
    const window = Math.floor(Date.now() / 1000 / Math.max(1, dedupWindowSec));
    const seen = (offset: number): string => `{${tag}}:seen:${window + offset}`;
    return [topic, `{${tag}}:last:${gateway}:${this.#run}`, seen(0), seen(-1), seen(1)];
  }

  #arguments(messages: readonly Uint8Array[], identity: BatchIdentity): (string | number | Buffer)[] {
    const { maxlen, dedupWindowSec, format } = this.#options;
    const { number, oldest, acks } = identity;
    const kept = 3 * Math.max(1, dedupWindowSec);
    const all: (string | number | Buffer)[] = [number, oldest, LAST_NUMBER_TTL_SEC, maxlen, kept, format];
    all.push(messages.length);
    for (const message of messages) all.push(bufferOf(message));
    if (acks === undefined || dedupWindowSec === 0) return all;
    for (let index = 0; index < acks.length; index++) {
      const key = acks.key(index);
      if (key !== undefined) all.push(acks.position(index), key);
    }
    return all;
  }
}

function bufferOf(message: Uint8Array): Buffer {
  return Buffer.from(message.buffer, message.byteOffset, message.byteLength);
}
