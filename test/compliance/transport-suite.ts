import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StartError } from '../../src/errors.ts';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import type { Connection } from '../../src/transport.ts';
import {
  Bench,
  copyOf,
  frameOf,
  type Harness,
  type ListenerSettings,
  LOST_DEADLINE_MS,
  numberOf,
  type Pair,
  type Recorder,
  until,
} from './transport-harness.ts';

const KIB = 1024;

/**
 * What `src/transport.ts` promises, for every adapter alike; the spec file of an adapter is its `setUp` and nothing
 * else. Cases ask for what the connection or the client can do, never for a transport's name.
 */
export function transportSuite(name: string, setUp: () => Promise<Harness>): void {
  describe(`transport: ${name}`, () => {
    let harness: Harness;
    const benches: Bench[] = [];

    beforeEach(async () => {
      harness = await setUp();
    });

    afterEach(async () => {
      for (const bench of benches.splice(0)) {
        await bench.close(DISCONNECT.shutdown);
        for (const recorder of bench.recorders) {
          expect(recorder.closes).toHaveLength(1);
          expect(recorder.afterClose).toBe(0);
        }
      }
      await harness.tearDown?.();
    });

    async function start(
      settings?: ListenerSettings,
      onAccept?: (connection: Connection) => void,
    ): Promise<Bench> {
      const bench = await Bench.start(harness, settings, onAccept);
      benches.push(bench);
      return bench;
    }

    async function connect(settings?: ListenerSettings): Promise<Pair> {
      return (await start(settings)).connect();
    }

    describe('frames', () => {
      it('arrive in order, both ways', async () => {
        const { gateway, connection, peer } = await connect();
        for (let i = 0; i < 100; i++) {
          peer.client.send(frameOf(20, i));
          connection.send(frameOf(20, i));
        }
        await until(() => gateway.frames.length === 100 && peer.frames.length === 100, 'all frames');
        expectSame(gateway.frames, frames(100, 20));
        expectSame(peer.frames, frames(100, 20));
      });

      it('of 0 bytes, 1 byte and every length encoding arrive as they are', async () => {
        const { gateway, connection, peer } = await connect({ frameBytesMax: 128 * KIB });
        const lengths = [0, 1, 125, 126, 127, 16 * KIB, 16 * KIB + 1, 65_535, 65_536, 70_000];
        for (const length of lengths) {
          peer.client.send(frameOf(length));
          connection.send(frameOf(length));
        }
        const all = () => gateway.frames.length === lengths.length && peer.frames.length === lengths.length;
        await until(all, 'all frames');
        expectSame(
          gateway.frames,
          lengths.map((length) => frameOf(length)),
        );
        expectSame(
          peer.frames,
          lengths.map((length) => frameOf(length)),
        );
      });

      it('sent inside accept arrive, first', async () => {
        const bench = await start({}, (connection) => {
          connection.send(frameOf(8, 1));
          connection.send(frameOf(8, 2));
        });
        const { connection, peer } = await bench.connect();
        connection.send(frameOf(8, 3));
        await until(() => peer.frames.length === 3, 'three frames');
        expect(peer.frames.map(numberOf)).toEqual([1, 2, 3]);
      });

      it('sent inside onFrame arrive', async () => {
        const { gateway, connection, peer } = await connect();
        gateway.onEach = (frame) => connection.send(copyOf(frame));
        for (let i = 0; i < 50; i++) peer.client.send(frameOf(64, i));
        await until(() => peer.frames.length === 50, 'the echoes');
        expectSame(peer.frames, frames(50, 64));
      });

      it('are not handed over inside send', async () => {
        const { connection, peer } = await connect();
        connection.send(frameOf(8));
        expect(peer.frames).toHaveLength(0);
        await until(() => peer.frames.length === 1, 'the frame');
      });

      it('of one tick arrive in order, small and large mixed', async () => {
        const { connection, peer } = await connect();
        const lengths = [10, 40_000, 10, 200, 20_000, 65_000, 0, 10];
        lengths.forEach((length, i) => {
          connection.send(frameOf(length, i));
        });
        await until(() => peer.frames.length === lengths.length, 'all frames');
        expectSame(
          peer.frames,
          lengths.map((length, i) => frameOf(length, i)),
        );
      });

      it('10,000 small ones arrive, both ways', async () => {
        const { gateway, connection, peer } = await connect();
        for (let i = 0; i < 10_000; i++) {
          peer.client.send(frameOf(16, i));
          connection.send(frameOf(16, i));
        }
        await until(() => gateway.frames.length >= 10_000 && peer.frames.length >= 10_000, '10,000 frames');
        expectSame(gateway.frames, frames(10_000, 16));
        expectSame(peer.frames, frames(10_000, 16));
      });

      it('one shared by two connections arrives at both, twice, unchanged', async () => {
        const bench = await start();
        const pairs = [await bench.connect(), await bench.connect()];
        const shared = frameOf(100, 7);
        for (const { connection } of pairs) connection.send(shared);
        for (const { peer } of pairs) await until(() => peer.frames.length === 1, 'the shared frame');
        for (const { connection } of pairs) {
          connection.send(shared);
          connection.send(shared);
        }
        for (const { peer } of pairs) {
          await until(() => peer.frames.length === 3, 'the shared frame again');
          expectSame(peer.frames, [shared, shared, shared]);
        }
        expectSame([shared], [frameOf(100, 7)]);
      });

      it('text arrives as text where there is such', async (context) => {
        const { gateway, peer } = await connect();
        context.skip(peer.client.sendText === undefined, 'no text messages');
        peer.client.sendText?.('{"größe": "✓"}');
        await until(() => gateway.texts.length === 1, 'the text');
        expect(gateway.texts).toEqual(['{"größe": "✓"}']);
        expect(gateway.frames).toHaveLength(0);
      });
    });

    describe('the frame limit', () => {
      it('lets a frame of its size in, and ends the link at one more', async () => {
        const { gateway, peer } = await connect({ frameBytesMax: 1000 });
        peer.client.send(frameOf(1000, 1));
        await until(() => gateway.frames.length === 1, 'the frame at the limit');
        expectSame(gateway.frames, [frameOf(1000, 1)]);
        peer.client.send(frameOf(1001, 2));
        await closedAsTooLarge({ gateway, peer });
        expect(gateway.frames).toHaveLength(1);
      });

      it('can be raised', async () => {
        const { gateway, connection, peer } = await connect({ frameBytesMax: 1000 });
        connection.setFrameBytesMax(300_000);
        peer.client.send(frameOf(300_000, 1));
        await until(() => gateway.frames.length === 1, 'the large frame');
        expectSame(gateway.frames, [frameOf(300_000, 1)]);
        peer.client.send(frameOf(300_001));
        await closedAsTooLarge({ gateway, peer });
      });

      it('can be lowered between frames', async () => {
        const { gateway, connection, peer } = await connect({ frameBytesMax: 1000 });
        peer.client.send(frameOf(1000, 1));
        await until(() => gateway.frames.length === 1, 'the frame at the old limit');
        connection.setFrameBytesMax(10);
        peer.client.send(frameOf(10, 2));
        await until(() => gateway.frames.length === 2, 'the frame at the new limit');
        peer.client.send(frameOf(11, 3));
        await closedAsTooLarge({ gateway, peer });
        expect(gateway.frames).toHaveLength(2);
      });

      it('is checked before the frame is there', async (context) => {
        const { gateway, peer } = await connect({ frameBytesMax: 1000 });
        context.skip(peer.client.announce === undefined, 'nothing announces a frame');
        peer.client.announce?.(0x7fff_ffff);
        await closedAsTooLarge({ gateway, peer });
      });

      it('leaves the other connections alone', async () => {
        const bench = await start({ frameBytesMax: 1000 });
        const bad = await bench.connect();
        const good = await bench.connect();
        bad.peer.client.send(frameOf(1001));
        await closedAsTooLarge(bad);
        good.peer.client.send(frameOf(1000, 1));
        await until(() => good.gateway.frames.length === 1, 'the frame of the other connection');
      });
    });

    describe('close', () => {
      it('brings code and reason to the peer, after what was sent', async () => {
        const { gateway, connection, peer } = await connect();
        for (let i = 0; i < 20; i++) connection.send(frameOf(5_000, i));
        connection.close(DISCONNECT.kicked);
        await ended({ gateway, peer });
        expectSame(peer.frames, frames(20, 5_000));
        expect(peer.closes).toEqual([DISCONNECT.kicked]);
        expect(gateway.closes).toEqual([{ ...DISCONNECT.kicked, by: 'local' }]);
      });

      it('inside accept brings code and reason to the peer', async () => {
        const bench = await start({}, (connection) => connection.close(DISCONNECT.full));
        const { gateway, peer } = await bench.connect();
        await ended({ gateway, peer });
        expect(peer.closes).toEqual([DISCONNECT.full]);
        expect(gateway.closes).toEqual([{ ...DISCONNECT.full, by: 'local' }]);
      });

      it('twice: the first code wins', async () => {
        const { gateway, connection, peer } = await connect();
        connection.close(DISCONNECT.slow);
        connection.close(DISCONNECT.kicked);
        await ended({ gateway, peer });
        connection.close(DISCONNECT.internal);
        expect(peer.closes).toEqual([DISCONNECT.slow]);
        expect(gateway.closes).toEqual([{ ...DISCONNECT.slow, by: 'local' }]);
      });

      it('takes a reason of 123 bytes whole', async () => {
        const { gateway, connection, peer } = await connect();
        const reason = `${'é'.repeat(61)}!`;
        connection.close({ code: 4205, reason });
        await ended({ gateway, peer });
        expect(peer.closes).toEqual([{ code: 4205, reason }]);
      });

      it('cuts a longer reason instead of failing', async () => {
        const { gateway, connection, peer } = await connect();
        connection.close({ code: 4205, reason: 'r'.repeat(500) });
        await ended({ gateway, peer });
        expect(peer.closes).toEqual([{ code: 4205, reason: 'r'.repeat(123) }]);
      });

      it('of the peer is seen with its code and reason, after its frames', async () => {
        const { gateway, peer } = await connect();
        for (let i = 0; i < 20; i++) peer.client.send(frameOf(5_000, i));
        peer.client.close(4321, 'bye');
        await until(() => gateway.closes.length === 1, 'the close');
        expectSame(gateway.frames, frames(20, 5_000));
        expect(gateway.closes).toEqual([{ code: 4321, reason: 'bye', by: 'peer' }]);
      });

      it('is bounded where the peer does not read', async () => {
        const { gateway, connection, peer } = await connect();
        peer.client.pause();
        await fill(connection);
        connection.close(DISCONNECT.slow);
        await until(() => gateway.closes.length === 1, 'onClose', 2_000);
        expect(gateway.closes).toEqual([{ ...DISCONNECT.slow, by: 'local' }]);
      });

      it('is bounded where this side does not read', async () => {
        const { gateway, connection, peer } = await connect();
        connection.pause();
        for (let i = 0; i < 100; i++) peer.client.send(frameOf(10_000));
        connection.close(DISCONNECT.flooded);
        await until(() => gateway.closes.length === 1, 'onClose', 2_000);
        await until(() => peer.closes.length === 1, 'the close at the peer');
      });

      it('by nobody is lost, once', async (context) => {
        const { gateway, peer } = await connect();
        context.skip(peer.client.vanish === undefined, 'the loss of a peer is not seen in time');
        peer.client.vanish?.();
        await until(() => gateway.closes.length > 0, 'onClose');
        expect(gateway.closes).toEqual([{ code: 0, reason: '', by: 'lost' }]);
      });

      it('nothing throws, and nothing is sent, after it', async () => {
        const { gateway, connection, peer } = await connect();
        connection.close(DISCONNECT.kicked);
        for (let round = 0; round < 2; round++) {
          expect(connection.send(frameOf(8))).toBe(false);
          expect(connection.sendDatagram(frameOf(8))).toBe(false);
          connection.setFrameBytesMax(100);
          connection.pause();
          connection.resume();
          peer.client.send(frameOf(8));
          await ended({ gateway, peer });
        }
        expect(peer.frames).toHaveLength(0);
        expect(peer.datagrams).toHaveLength(0);
        expect(gateway.frames).toHaveLength(0);
        expect(gateway.drains).toBe(0);
      });
    });

    describe('flow control', () => {
      it('send says false to a paused peer; after drain all has arrived in order', async () => {
        const { gateway, connection, peer } = await connect();
        peer.client.pause();
        const sent = await fill(connection);
        const full = connection.bufferedBytes;
        expect(full).toBeGreaterThan(0);
        expect(gateway.drains).toBe(0);
        peer.client.resume();
        await until(() => gateway.drains === 1 && peer.frames.length === sent, 'drain, and all frames');
        expect(peer.frames.map(numberOf)).toEqual(Array.from({ length: sent }, (_, i) => i));
        expect(gateway.bytesAtDrain).toBeLessThan(full);
        expect(connection.bufferedBytes).toBe(0);
        expect(connection.send(frameOf(8, sent))).toBe(true);
      });

      it('a link that is lost while it is full does not drain', async (context) => {
        const { gateway, peer } = await connect();
        context.skip(peer.client.vanish === undefined, 'the loss of a peer is not seen in time');
        peer.client.pause();
        const drains = await fillForGood(gateway);
        peer.client.vanish?.();
        await until(() => gateway.closes.length === 1, 'onClose');
        expect(gateway.drains).toBe(drains);
      });

      it('pause holds back the peer, resume lets it go on', async () => {
        const { gateway, connection, peer } = await connect();
        peer.client.send(frameOf(8, 0));
        await until(() => gateway.frames.length === 1, 'the first frame');
        connection.pause();
        for (let i = 1; i <= 2_000; i++) peer.client.send(frameOf(8_000, i));
        await turns(20);
        expect(gateway.frames.length).toBeLessThan(1_000);
        connection.resume();
        await until(() => gateway.frames.length === 2_001, 'all frames');
        expect(gateway.frames.map(numberOf)).toEqual(Array.from({ length: 2_001 }, (_, i) => i));
      });

      it('a flooded connection lets the others have their turn', async () => {
        const bench = await start();
        const flood = await bench.connect();
        const quiet = await bench.connect();
        const frame = frameOf(16 * KIB);
        const total = 2_048;
        let floodFramesBefore = total;
        quiet.gateway.onEach = () => {
          floodFramesBefore = flood.gateway.frames.length;
        };
        for (let i = 0; i < total; i++) flood.peer.client.send(frame);
        quiet.peer.client.send(frameOf(8));
        await until(() => quiet.gateway.frames.length === 1, 'the frame of the quiet connection');
        expect(floodFramesBefore).toBeLessThan(total);
        await until(() => flood.gateway.frames.length === total, 'the flood', 20_000);
      });
    });

    describe('datagrams', () => {
      it('travel both ways where the connection has them', async (context) => {
        const { gateway, connection, peer } = await connect();
        context.skip(!connection.info.datagrams, 'no datagrams');
        expect(connection.datagramBytesMax).toBeGreaterThan(0);
        const largest = frameOf(connection.datagramBytesMax, 1);
        // Lost ones are no failure, so each end repeats until one has come.
        await until(() => {
          expect(connection.sendDatagram(largest)).toBe(true);
          peer.client.sendDatagram(frameOf(100, 2));
          return gateway.datagrams.length > 0 && peer.datagrams.length > 0;
        }, 'a datagram each way');
        expectSame(peer.datagrams.slice(0, 1), [largest]);
        expectSame(gateway.datagrams.slice(0, 1), [frameOf(100, 2)]);
        expect(gateway.frames).toHaveLength(0);
        expect(peer.frames).toHaveLength(0);
      });

      it('too large for one: not sent, and send takes it', async (context) => {
        const { connection, peer } = await connect();
        context.skip(!connection.info.datagrams, 'no datagrams');
        const frame = frameOf(connection.datagramBytesMax + 1);
        expect(connection.sendDatagram(frame)).toBe(false);
        connection.send(frame);
        await until(() => peer.frames.length === 1, 'the frame');
        expect(peer.datagrams).toHaveLength(0);
      });

      it('are refused where the connection has none', async (context) => {
        const { connection } = await connect();
        context.skip(connection.info.datagrams, 'has datagrams');
        expect(connection.datagramBytesMax).toBe(0);
        expect(connection.sendDatagram(frameOf(1))).toBe(false);
      });
    });

    describe('the listener', () => {
      it('closes every connection with the code, within 1 s, whatever the peers do', async () => {
        const bench = await start();
        const reading = await bench.connect();
        const silent = await bench.connect();
        silent.peer.client.pause();
        await fill(silent.connection);
        const started = performance.now();
        const closing = bench.listener.close(DISCONNECT.drained);
        await Promise.all([closing, bench.listener.close(DISCONNECT.internal)]);
        expect(performance.now() - started).toBeLessThan(1_000);
        for (const { gateway } of [reading, silent]) {
          expect(gateway.closes).toEqual([{ ...DISCONNECT.drained, by: 'local' }]);
        }
        await until(() => reading.peer.closes.length === 1, 'the close at the peer');
        expect(reading.peer.closes).toEqual([DISCONNECT.drained]);
      });

      it('stopAccepting refuses new connections and leaves the old', async () => {
        const bench = await start();
        const { gateway, peer } = await bench.connect();
        bench.listener.stopAccepting();
        bench.listener.stopAccepting();
        await expect(bench.connect()).rejects.toThrow();
        peer.client.send(frameOf(8, 1));
        await until(() => gateway.frames.length === 1, 'a frame of the old connection');
        expect(gateway.closes).toHaveLength(0);
      });

      it('rejects with a StartError where the port is taken', async (context) => {
        context.skip(!harness.hasPort, 'no port');
        const bench = await start();
        const started = performance.now();
        await expect(start({ port: bench.address.port })).rejects.toThrow(StartError);
        expect(performance.now() - started).toBeLessThan(2_000);
      });

      it('can be closed without ever having listened', async () => {
        await harness.createListener({}).close(DISCONNECT.shutdown);
      });

      it('leaves no handle behind', async () => {
        // Loads what Node loads lazily, and keeps it out of the comparison.
        const warmUp = createServer();
        await new Promise<void>((resolve) => warmUp.close(() => resolve()));
        const before = resources();
        const bench = await start();
        const pairs = [await bench.connect(), await bench.connect(), await bench.connect()];
        pairs[0].connection.close(DISCONNECT.kicked);
        pairs[1].peer.client.close(1000, '');
        pairs[2].connection.send(frameOf(100));
        await until(() => pairs[2].peer.frames.length === 1, 'a frame');
        await bench.listener.close(DISCONNECT.shutdown);
        await until(() => noneMore(resources(), before), 'every handle is released');
      });
    });
  });
}

/** As `toEqual`, which compares megabytes element by element, in time that shows. */
function expectSame(actual: readonly Uint8Array[], expected: readonly Uint8Array[]): void {
  expect(actual.length).toBe(expected.length);
  const different = actual.findIndex((frame, i) => Buffer.compare(frame, expected[i]) !== 0);
  if (different !== -1) expect(actual[different]).toEqual(expected[different]);
}

function frames(count: number, length: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => frameOf(length, i));
}

/** Sends numbered frames until the connection asks for rest; the caller has paused the peer. */
async function fill(connection: Connection): Promise<number> {
  const framesMax = 8_192;
  for (let i = 0; i < framesMax; i++) {
    if (!connection.send(frameOf(16 * KIB, i))) return i + 1;
    if (i % 64 === 63) await turns(1);
  }
  throw new Error(`send took ${framesMax} frames of 16 KiB for a peer that does not read`);
}

/**
 * As `fill`, until no drain follows: the peer's windows are full then, where a transport may ask for rest while its
 * library still takes what it has. Returns the drains so far.
 */
async function fillForGood(gateway: Recorder): Promise<number> {
  for (let round = 0; round < 10; round++) {
    const drains = gateway.drains;
    for (let i = 0; i < 64; i++) await fill(gateway.connection);
    await turns(20);
    if (gateway.drains === drains) return drains;
  }
  await fill(gateway.connection);
  return gateway.drains;
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve, 1));
}

async function ended({ gateway, peer }: Omit<Pair, 'connection'>): Promise<void> {
  const both = () => gateway.closes.length > 0 && peer.closes.length > 0;
  await until(both, 'both ends see the close', LOST_DEADLINE_MS);
}

async function closedAsTooLarge(pair: Omit<Pair, 'connection'>): Promise<void> {
  await ended(pair);
  expect(pair.peer.closes).toEqual([DISCONNECT.frameTooLarge]);
  expect(pair.gateway.closes).toEqual([{ ...DISCONNECT.frameTooLarge, by: 'local' }]);
}

/** Open handles by type; timers of the test runner come and go, so only what is left over counts. */
function resources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}

function noneMore(now: Map<string, number>, before: Map<string, number>): boolean {
  // `until` itself waits by one timer.
  for (const [type, count] of now) {
    if (count > (before.get(type) ?? 0) + (type === 'Timeout' ? 1 : 0)) return false;
  }
  return true;
}
