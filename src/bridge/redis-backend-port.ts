import type { BackendPort } from './bridge.ts';
import { type RedisOptions, redisSettings } from './redis-options.ts';
import { RedisPublisher } from './redis-publisher.ts';
import { PubSubPort } from './redis-pubsub-port.ts';
import { RedisSubscriber } from './redis-subscriber.ts';
import { UpWaiters } from './up-waiters.ts';

type OnMessage = (message: Uint8Array) => void;

/** Empty messages go here, to learn whether publishing works. */
const PROBE_CHANNEL = 'dualgate:backend:probe';

/**
 * The backends' side of Redis Pub/Sub, for the demo backend, tests and tools. Subscriptions come back after Redis was
 * away; what was published meanwhile is lost to them, as Pub/Sub has no memory.
 */
export class RedisBackendPort implements BackendPort {
  readonly #publisher: RedisPublisher;
  readonly #subscriber: RedisSubscriber;
  readonly #topics = new Map<string, OnMessage[]>();
  readonly #waiters = new UpWaiters();

  /** Connects at the first use. Throws a RangeError for an address that cannot be parsed. */
  constructor(options: RedisOptions) {
    const settings = redisSettings(options);
    this.#publisher = new RedisPublisher(settings, new PubSubPort(settings, PROBE_CHANNEL), {
      onStateChange: () => this.#waiters.wake(),
    });
    this.#subscriber = new RedisSubscriber(settings, [], {
      onMessage: (channel, message) => {
        for (const onMessage of this.#topics.get(channel.toString()) ?? []) onMessage(message);
      },
      onSubscribed: () => this.#waiters.wake(),
    });
  }

  /** Waits for Redis as long as it takes; rejects once closed. */
  async subscribe(topic: string, onMessage: OnMessage): Promise<void> {
    const listeners = this.#topics.get(topic) ?? [];
    this.#topics.set(topic, [...listeners, onMessage]);
    void this.#subscriber.start();
    for (;;) {
      await this.#waiters.whenUp(this.#subscriber);
      const subscribed = await this.#subscriber.add(topic).then(
        () => true,
        () => false,
      );
      if (subscribed) return;
    }
  }

  async publish(channel: string, message: Uint8Array): Promise<void> {
    await this.publishCounted(channel, message);
  }

  /**
   * As `publish`, with the number of subscribers that Redis gave the message to (-1: unknown, in a cluster). Waits for
   * the first connection; rejects where Redis went away or refuses.
   */
  async publishCounted(channel: string, message: Uint8Array): Promise<number> {
    void this.#publisher.start();
    const bytes = this.#publisher.up ? message : new Uint8Array(message);
    await this.#waiters.whenUp(this.#publisher);
    return new Promise((resolve, reject) => {
      this.#publisher.publish(channel, [bytes], (error, receivers) => {
        if (error === undefined) resolve(receivers);
        else reject(error);
      });
    });
  }

  async close(): Promise<void> {
    this.#publisher.close();
    this.#subscriber.close();
    this.#waiters.close();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
