import type { Bridge, BridgeSink, BridgeStatus, ChannelNames, PublishDone } from './bridge.ts';
import { type RedisOptions, redisSettings } from './redis-options.ts';
import { RedisPublisher } from './redis-publisher.ts';
import { PubSubPort } from './redis-pubsub-port.ts';
import { RedisSubscriber } from './redis-subscriber.ts';
import { SubscriberProbe } from './subscriber-probe.ts';

export interface RedisBridgeOptions extends RedisOptions {
  readonly channels: ChannelNames;
  /** Silence on the subscriber connection after which it is tested. Default 5000. */
  readonly probeIntervalMs?: number;
  /** Time for the test message to come back through Redis. Default 2000. */
  readonly probeTimeoutMs?: number;
}

const PROBE_INTERVAL_MS = 5000;
const PROBE_TIMEOUT_MS = 2000;
/** A gateway is not held up by an address that swallows packets. */
const START_WAIT_MS = 1000;

/**
 * The Bridge on Redis Pub/Sub: one publishing and one subscribing connection, each kept up on its own. Nothing is
 * queued or sent again here: while Redis is away every publish fails at once, and spool and retries are the caller's.
 * In cluster mode the number of receivers is unknown, because a node counts its own subscribers only.
 */
export class RedisBridge implements Bridge {
  readonly kind = 'redis';
  readonly #publisher: RedisPublisher;
  readonly #subscriber: RedisSubscriber;
  readonly #probe: SubscriberProbe;
  readonly #probeChannels: readonly ProbeChannel[];
  readonly #broadcast: Buffer;
  readonly #sharded: boolean;
  #sink: BridgeSink | undefined;

  /** Throws a RangeError for an address that cannot be parsed. */
  constructor(options: RedisBridgeOptions) {
    const settings = redisSettings(options);
    const { broadcast, addressed } = options.channels;
    this.#broadcast = Buffer.from(broadcast);
    this.#sharded = settings.sharded;
    this.#probeChannels = probeChannels(options.channels, settings.sharded);
    const probes = this.#probeChannels.map(({ name }) => name);
    this.#publisher = new RedisPublisher(settings, new PubSubPort(settings, probes[0]), {
      onStateChange: (up) => this.#sink?.onStateChange(up),
    });
    this.#subscriber = new RedisSubscriber(settings, [broadcast, addressed, ...probes], {
      onMessage: (channel, message) => this.#onMessage(channel, message),
      onSubscribed: (subscribed) => this.#onSubscribed(subscribed),
    });
    this.#probe = new SubscriberProbe({
      channels: probes,
      intervalMs: options.probeIntervalMs ?? PROBE_INTERVAL_MS,
      timeoutMs: options.probeTimeoutMs ?? PROBE_TIMEOUT_MS,
      send: (channel) => this.#sendProbe(channel),
      onSilent: () => this.#subscriber.reset('subscription is silent'),
    });
  }

  /** Resolves once both connections are up or have failed to come up for the first time, within 1 s. */
  async start(sink: BridgeSink): Promise<void> {
    this.#sink = sink;
    let timer: NodeJS.Timeout | undefined;
    const waited = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, START_WAIT_MS);
    });
    await Promise.race([waited, Promise.all([this.#publisher.start(), this.#subscriber.start()])]);
    clearTimeout(timer);
  }

  get up(): boolean {
    return this.#publisher.up;
  }

  publish(topic: string, messages: readonly Uint8Array[], done: PublishDone): void {
    this.#publisher.publish(topic, messages, done);
  }

  status(): BridgeStatus {
    const publishing = this.#publisher.detail;
    const subscribing = this.#subscriber.detail;
    return {
      up: this.#publisher.up,
      subscribed: this.#subscriber.up,
      detail:
        publishing === subscribing ? publishing : `publishing: ${publishing}; subscribing: ${subscribing}`,
    };
  }

  async close(): Promise<void> {
    this.#sink = undefined;
    this.#probe.stop();
    this.#publisher.close();
    this.#subscriber.close();
    await new Promise((resolve) => setImmediate(resolve));
  }

  #onMessage(channel: Buffer, message: Buffer): void {
    for (const probe of this.#probeChannels) {
      if (channel.length === probe.bytes.length && channel.equals(probe.bytes)) {
        this.#probe.heardProbe(probe.name);
        return;
      }
    }
    if (!this.#sharded) this.#probe.heard();
    const source = channel.equals(this.#broadcast) ? 'broadcast' : 'addressed';
    this.#sink?.onDownstream(message, source);
  }

  #onSubscribed(subscribed: boolean): void {
    if (subscribed) return this.#probe.start();
    this.#probe.stop();
    this.#sink?.onMissed();
  }

  #sendProbe(channel: string): boolean {
    if (!this.#publisher.up) return false;
    this.#publisher.publish(channel, [EMPTY], (error) => {
      if (error !== undefined) this.#probe.abandon();
    });
    return true;
  }
}

interface ProbeChannel {
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * One probe tests one connection, and sharded Pub/Sub has a connection per shard: there each channel has a probe of its
 * own, in its own slot by the hash tag. Both carry the gateway's name, so that no other gateway hears them.
 */
function probeChannels(channels: ChannelNames, sharded: boolean): readonly ProbeChannel[] {
  const { addressed, broadcast } = channels;
  const names = sharded
    ? [`{${addressed}}:probe`, `{${broadcast}}:probe:${addressed}`]
    : [`${addressed}:probe`];
  return names.map((name) => ({ name, bytes: Buffer.from(name) }));
}

const EMPTY = new Uint8Array(0);
