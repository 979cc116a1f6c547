import type { RedisLink } from './redis-link.ts';
import type { RedisSettings } from './redis-options.ts';
import type { OnAnswer, Outgoing, PublishPort } from './redis-publisher.ts';

/** Writes by PUBLISH, or by SPUBLISH inside the shards of a cluster. */
export class PubSubPort implements PublishPort {
  readonly #settings: RedisSettings;
  readonly #probeChannel: string;

  /** `probeChannel` gets an empty message on each new connection, to learn whether this user may publish. */
  constructor(settings: RedisSettings, probeChannel: string) {
    this.#settings = settings;
    this.#probeChannel = probeChannel;
  }

  async prepare(link: RedisLink): Promise<void> {
    const { sharded } = this.#settings;
    await (sharded ? link.spublish(this.#probeChannel, EMPTY) : link.publish(this.#probeChannel, EMPTY));
  }

  send(link: RedisLink, { topic, messages }: Outgoing, onAnswer: OnAnswer): number {
    for (const message of messages) {
      const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
      if (this.#settings.sharded) link.spublish(topic, bytes, onAnswer);
      else link.publish(topic, bytes, onAnswer);
    }
    return messages.length;
  }

  /** A node of a cluster counts its own subscribers only. */
  receivers(value: unknown): number {
    return this.#settings.mode !== 'cluster' && typeof value === 'number' ? value : -1;
  }
}

const EMPTY = Buffer.alloc(0);
