import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { BackendPort, Bridge, ChannelNames, DownstreamSource } from '../../src/bridge/bridge.ts';
import { eventually, RecordingSink } from '../support/recording-sink.ts';

/** What a kind of bridge gives to the suite. All bridges and backends of one set-up share a queue. */
export interface BridgeSetUp {
  bridge(channels: ChannelNames): Bridge;
  backend(): BackendPort;
  /** True where `done` tells the number of receivers. */
  readonly countsReceivers: boolean;
  tearDown(): Promise<void>;
}

interface Published {
  readonly error: Error | undefined;
  readonly receivers: number;
}

const ALL_BYTES = Uint8Array.from({ length: 256 }, (_value, index) => index);

/** The behaviour that every bridge has. */
export function bridgeSuite(name: string, setUp: () => Promise<BridgeSetUp>): void {
  describe(`bridge: ${name}`, () => {
    const cleanUp: (() => Promise<void>)[] = [];

    afterEach(async () => {
      for (const step of cleanUp.splice(0).reverse()) await step();
    });

    /** Names of their own keep the cases apart on a shared server. */
    function channelNames(broadcast = `broadcast-${randomUUID()}`): ChannelNames {
      return { broadcast, addressed: `gateway:${randomUUID()}` };
    }

    async function start() {
      const kit = await setUp();
      cleanUp.push(() => kit.tearDown());
      return {
        countsReceivers: kit.countsReceivers,
        async bridge(channels = channelNames(), sink = new RecordingSink()) {
          const bridge = kit.bridge(channels);
          cleanUp.push(() => bridge.close());
          await bridge.start(sink);
          await sink.state(true);
          await eventually(() => bridge.status().subscribed, 'subscription');
          return { bridge, sink, channels };
        },
        backend() {
          const backend = kit.backend();
          cleanUp.push(() => backend.close());
          return backend;
        },
      };
    }

    async function startWithBackend() {
      const kit = await start();
      const topic = `game:request:${randomUUID()}`;
      const { bridge, sink, channels } = await kit.bridge();
      const backend = kit.backend();
      const received: Uint8Array[] = [];
      await backend.subscribe(topic, (message) => received.push(new Uint8Array(message)));
      return { kit, topic, bridge, sink, channels, backend, received };
    }

    it('is up and subscribed once started', async () => {
      const { bridge } = await (await start()).bridge();
      expect(bridge.up).toBe(true);
      expect(bridge.status()).toMatchObject({ up: true, subscribed: true });
    });

    it('carries a message upstream unchanged, all byte values', async () => {
      const { bridge, topic, received } = await startWithBackend();
      expect((await publish(bridge, topic, [ALL_BYTES.slice()])).error).toBeUndefined();
      await eventually(() => received.length === 1, 'the message');
      expect(received[0]).toEqual(ALL_BYTES);
    });

    it('keeps the order within one publish and over many', async () => {
      const { bridge, topic, received } = await startWithBackend();
      const results: Promise<Published>[] = [];
      for (let first = 0; first < 200; first += 4) {
        results.push(
          publish(
            bridge,
            topic,
            [0, 1, 2, 3].map((step) => Uint8Array.of(first + step)),
          ),
        );
      }
      expect((await Promise.all(results)).every(({ error }) => error === undefined)).toBe(true);
      await eventually(() => received.length === 200, '200 messages');
      expect(received.map(([value]) => value)).toEqual(Array.from({ length: 200 }, (_value, index) => index));
    });

    it('carries an empty message', async () => {
      const { bridge, topic, received } = await startWithBackend();
      await publish(bridge, topic, [new Uint8Array(0), Uint8Array.of(7)]);
      await eventually(() => received.length === 2, 'two messages');
      expect(received).toEqual([new Uint8Array(0), Uint8Array.of(7)]);
    });

    it('carries a message of 1 MiB both ways', async () => {
      const { bridge, topic, received, backend, sink, channels } = await startWithBackend();
      const large = new Uint8Array(1_048_576).map((_value, index) => index * 31);
      await publish(bridge, topic, [large.slice()]);
      await eventually(() => received.length === 1, 'the message upstream');
      expect(Buffer.compare(received[0], large)).toBe(0);
      await backend.publish(channels.addressed, large);
      expect(Buffer.compare((await sink.receive(1))[0], large)).toBe(0);
    });

    it('carries a view from the middle of a buffer, and nothing around it', async () => {
      const { bridge, topic, received } = await startWithBackend();
      await publish(bridge, topic, [ALL_BYTES.slice().subarray(10, 13)]);
      await eventually(() => received.length === 1, 'the message');
      expect(received[0]).toEqual(Uint8Array.of(10, 11, 12));
    });

    it('calls done once, after the call has returned', async () => {
      const { bridge, topic, received } = await startWithBackend();
      const calls: string[] = [];
      bridge.publish(topic, [Uint8Array.of(1), Uint8Array.of(2)], () => calls.push('done'));
      calls.push('returned');
      await publish(bridge, topic, [Uint8Array.of(3)]);
      await eventually(() => received.length === 3, 'three messages');
      expect(calls).toEqual(['returned', 'done']);
    });

    it('tells the number of receivers, or that it is unknown', async () => {
      const { kit, bridge, topic } = await startWithBackend();
      const counts: number[] = [];
      for (const channel of [`nobody:${topic}`, topic]) {
        counts.push((await publish(bridge, channel, [Uint8Array.of(1), Uint8Array.of(2)])).receivers);
      }
      await kit.backend().subscribe(topic, () => undefined);
      counts.push((await publish(bridge, topic, [Uint8Array.of(1)])).receivers);
      expect(counts).toEqual(kit.countsReceivers ? [0, 1, 2] : [-1, -1, -1]);
    });

    it('keeps topics apart', async () => {
      const { bridge, backend, topic, received } = await startWithBackend();
      const other: Uint8Array[] = [];
      await backend.subscribe(`${topic}:other`, (message) => other.push(new Uint8Array(message)));
      await publish(bridge, topic, [Uint8Array.of(1)]);
      await publish(bridge, `${topic}:other`, [Uint8Array.of(2)]);
      await eventually(() => received.length + other.length >= 2, 'two messages');
      expect([received, other]).toEqual([[Uint8Array.of(1)], [Uint8Array.of(2)]]);
    });

    it('takes publishes to many topics in one tick', async () => {
      const { bridge, topic } = await startWithBackend();
      const messages = () => [Uint8Array.of(1), Uint8Array.of(2)];
      const topics = Array.from({ length: 30 }, (_value, index) => `${topic}:${index}`);
      const results = await Promise.all(topics.map((name) => publish(bridge, name, messages())));
      expect(results.filter(({ error }) => error !== undefined)).toEqual([]);
    });

    it('brings a broadcast to every bridge, an addressed push to one', async () => {
      const kit = await start();
      const first = await kit.bridge();
      const second = await kit.bridge(channelNames(first.channels.broadcast));
      const backend = kit.backend();
      // One after the other has been heard: between channels there is no order.
      await backend.publish(first.channels.addressed, Uint8Array.of(1));
      await first.sink.receive(1);
      await backend.publish(first.channels.broadcast, Uint8Array.of(2));
      expect(await first.sink.receive(2)).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
      await second.sink.receive(1);
      await backend.publish(second.channels.addressed, Uint8Array.of(3));
      expect(await second.sink.receive(2)).toEqual([Uint8Array.of(2), Uint8Array.of(3)]);
      expect([first.sink.messages.length, second.sink.messages.length]).toEqual([2, 2]);
      const sourceOf = ({ sink }: typeof first, value: number) =>
        sink.sources[sink.messages.findIndex(([byte]) => byte === value)];
      expect([sourceOf(first, 1), sourceOf(first, 2)]).toEqual(['addressed', 'broadcast']);
      expect([sourceOf(second, 2), sourceOf(second, 3)]).toEqual(['broadcast', 'addressed']);
    });

    it('lets a sink overwrite its view without harm to the others', async () => {
      const kit = await start();
      const first = await kit.bridge();
      const sinks = [first.sink];
      for (let index = 0; index < 2; index += 1) {
        const { sink } = await kit.bridge(channelNames(first.channels.broadcast), new OverwritingSink());
        sinks.push(sink);
      }
      await kit.backend().publish(first.channels.broadcast, Uint8Array.of(1, 2, 3));
      for (const sink of sinks) expect(await sink.receive(1)).toEqual([Uint8Array.of(1, 2, 3)]);
    });

    it('fails a publish after close, later and once', async () => {
      const { bridge, topic } = await startWithBackend();
      await bridge.close();
      const calls: string[] = [];
      const failed = new Promise<Error | undefined>((resolve) => {
        bridge.publish(topic, [Uint8Array.of(1)], (error) => {
          calls.push('done');
          resolve(error);
        });
      });
      calls.push('returned');
      expect(await failed).toBeInstanceOf(Error);
      expect(calls).toEqual(['returned', 'done']);
      expect(bridge.up).toBe(false);
      expect(bridge.status()).toMatchObject({ up: false, subscribed: false });
    });

    it('settles what is in flight when it closes', async () => {
      const { bridge, topic } = await startWithBackend();
      const results = [1, 2, 3].map((value) => publish(bridge, topic, [Uint8Array.of(value)]));
      await bridge.close();
      expect((await Promise.all(results)).map(({ error }) => error instanceof Error)).toEqual([
        true,
        true,
        true,
      ]);
    });

    it('closes twice, and its sink hears nothing after', async () => {
      const kit = await start();
      const { bridge, sink, channels } = await kit.bridge();
      await Promise.all([bridge.close(), bridge.close()]);
      await bridge.close();
      const watch = await kit.bridge(channels);
      await kit.backend().publish(channels.addressed, Uint8Array.of(1));
      await watch.sink.receive(1);
      expect([sink.messages, sink.states]).toEqual([[], [true]]);
    });

    it('closes before it was started, and publishes nothing then', async () => {
      const kit = await setUp();
      cleanUp.push(() => kit.tearDown());
      const bridge = kit.bridge(channelNames());
      await bridge.close();
      expect((await publish(bridge, 'some:topic', [Uint8Array.of(1)])).error).toBeInstanceOf(Error);
      expect(bridge.up).toBe(false);
    });

    it('leaves no handle behind', async () => {
      const kit = await setUp();
      const before = handles();
      const bridge = kit.bridge(channelNames());
      const backend = kit.backend();
      const sink = new RecordingSink();
      await bridge.start(sink);
      await sink.state(true);
      await backend.subscribe('some:topic', () => undefined);
      await publish(bridge, 'some:topic', [Uint8Array.of(1)]);
      await bridge.close();
      await backend.close();
      await eventually(() => handles() <= before, 'handles to be closed');
      await kit.tearDown();
    });
  });
}

class OverwritingSink extends RecordingSink {
  override onDownstream(message: Uint8Array, source: DownstreamSource): void {
    super.onDownstream(message, source);
    message.fill(0xee);
  }
}

/** Sockets alone: the test runner's own timers come and go. */
function handles(): number {
  return process.getActiveResourcesInfo().filter((kind) => /TCP|TLS|Socket/.test(kind)).length;
}

function publish(bridge: Bridge, topic: string, messages: readonly Uint8Array[]): Promise<Published> {
  return new Promise((resolve) => {
    bridge.publish(topic, messages, (error, receivers) => resolve({ error, receivers }));
  });
}
