import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { StartError } from '../../src/errors.ts';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import type { Connection } from '../../src/transport.ts';
import { ended, expectSame, frames, turns } from './transport-checks.ts';
import {
  type BenchSource,
  frameOf,
  LOST_DEADLINE_MS,
  numberOf,
  type Recorder,
  until,
} from './transport-harness.ts';

const KIB = 1024;
/** A drain that has not come by then waits for the peer. */
const DRAIN_MS_MAX = 500;

/** How a connection ends, holds back and lets go, and how a listener does. */
export function linkCases(source: BenchSource): void {
  describe('close', () => {
    it('brings code and reason to the peer, after what was sent', async () => {
      const { gateway, connection, peer } = await source.connect();
      for (let i = 0; i < 20; i++) connection.send(frameOf(5_000, i));
      connection.close(DISCONNECT.kicked);
      await ended({ gateway, peer });
      expectSame(peer.frames, frames(20, 5_000));
      expect(peer.closes).toEqual([DISCONNECT.kicked]);
      expect(gateway.closes).toEqual([{ ...DISCONNECT.kicked, by: 'local' }]);
    });

    it('inside accept brings code and reason to the peer', async () => {
      const bench = await source.start({}, (connection) => connection.close(DISCONNECT.full));
      const { gateway, peer } = await bench.connect();
      await ended({ gateway, peer });
      expect(peer.closes).toEqual([DISCONNECT.full]);
      expect(gateway.closes).toEqual([{ ...DISCONNECT.full, by: 'local' }]);
    });

    it('twice: the first code wins', async () => {
      const { gateway, connection, peer } = await source.connect();
      connection.close(DISCONNECT.slow);
      connection.close(DISCONNECT.kicked);
      await ended({ gateway, peer });
      connection.close(DISCONNECT.internal);
      expect(peer.closes).toEqual([DISCONNECT.slow]);
      expect(gateway.closes).toEqual([{ ...DISCONNECT.slow, by: 'local' }]);
    });

    it('takes a reason of 123 bytes whole', async () => {
      const { gateway, connection, peer } = await source.connect();
      const reason = `${'é'.repeat(61)}!`;
      connection.close({ code: 4205, reason });
      await ended({ gateway, peer });
      expect(peer.closes).toEqual([{ code: 4205, reason }]);
    });

    it('cuts a longer reason instead of failing', async () => {
      const { gateway, connection, peer } = await source.connect();
      connection.close({ code: 4205, reason: 'r'.repeat(500) });
      await ended({ gateway, peer });
      expect(peer.closes).toEqual([{ code: 4205, reason: 'r'.repeat(123) }]);
    });

    it('of the peer is seen with its code and reason, after its frames', async () => {
      const { gateway, peer } = await source.connect();
      for (let i = 0; i < 20; i++) peer.client.send(frameOf(5_000, i));
      peer.client.close(4321, 'bye');
      await until(() => gateway.closes.length === 1, 'the close');
      expectSame(gateway.frames, frames(20, 5_000));
      expect(gateway.closes).toEqual([{ code: 4321, reason: 'bye', by: 'peer' }]);
    });

    it('is bounded where the peer does not read', async () => {
      const { gateway, connection, peer } = await source.connect();
      peer.client.pause();
      await fill(connection);
      connection.close(DISCONNECT.slow);
      await until(() => gateway.closes.length === 1, 'onClose');
      expect(gateway.closes).toEqual([{ ...DISCONNECT.slow, by: 'local' }]);
    });

    it('is bounded where this side does not read', async () => {
      const { gateway, connection, peer } = await source.connect();
      connection.pause();
      for (let i = 0; i < 100; i++) peer.client.send(frameOf(10_000));
      connection.close(DISCONNECT.flooded);
      await until(() => gateway.closes.length === 1, 'onClose');
      await until(() => peer.closes.length === 1, 'the close at the peer');
    });

    it('by nobody is lost, once', async (context) => {
      const { gateway, peer } = await source.connect();
      context.skip(peer.client.vanish === undefined, 'the loss of a peer is not seen in time');
      peer.client.vanish?.();
      await until(() => gateway.closes.length > 0, 'onClose');
      expect(gateway.closes).toEqual([{ code: 0, reason: '', by: 'lost' }]);
    });

    it('nothing throws, and nothing is sent, after it', async () => {
      const { gateway, connection, peer } = await source.connect();
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
      const { gateway, connection, peer } = await source.connect();
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
      const { gateway, peer } = await source.connect();
      context.skip(peer.client.vanish === undefined, 'the loss of a peer is not seen in time');
      peer.client.pause();
      const drains = await fillForGood(gateway);
      peer.client.vanish?.();
      await until(() => gateway.closes.length === 1, 'onClose');
      expect(gateway.drains).toBe(drains);
    });

    it('pause holds back the peer, resume lets it go on', async () => {
      const { gateway, connection, peer } = await source.connect();
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
      const bench = await source.start();
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

  describe('the listener', () => {
    it('closes every connection with the code, in time, whatever the peers do', async () => {
      const bench = await source.start();
      const reading = await bench.connect();
      const silent = await bench.connect();
      silent.peer.client.pause();
      await fill(silent.connection);
      const started = performance.now();
      const closing = bench.listener.close(DISCONNECT.drained);
      await Promise.all([closing, bench.listener.close(DISCONNECT.internal)]);
      expect(performance.now() - started).toBeLessThan(LOST_DEADLINE_MS);
      for (const { gateway } of [reading, silent]) {
        expect(gateway.closes).toEqual([{ ...DISCONNECT.drained, by: 'local' }]);
      }
      await until(() => reading.peer.closes.length === 1, 'the close at the peer');
      expect(reading.peer.closes).toEqual([DISCONNECT.drained]);
    });

    it('stopAccepting refuses new connections and leaves the old', async () => {
      const bench = await source.start();
      const { gateway, peer } = await bench.connect();
      bench.listener.stopAccepting();
      bench.listener.stopAccepting();
      await expect(bench.connect()).rejects.toThrow();
      peer.client.send(frameOf(8, 1));
      await until(() => gateway.frames.length === 1, 'a frame of the old connection');
      expect(gateway.closes).toHaveLength(0);
    });

    it('rejects with a StartError where the port is taken', async (context) => {
      context.skip(!source.harness().hasPort, 'no port');
      const bench = await source.start();
      const started = performance.now();
      await expect(source.start({ port: bench.address.port })).rejects.toThrow(StartError);
      expect(performance.now() - started).toBeLessThan(LOST_DEADLINE_MS);
    });

    it('can be closed without ever having listened', async () => {
      await source.harness().createListener({}).close(DISCONNECT.shutdown);
    });

    it('leaves no handle behind', async () => {
      // Loads what Node loads lazily, and keeps it out of the comparison.
      const warmUp = createServer();
      await new Promise<void>((resolve) => warmUp.close(() => resolve()));
      const before = resources();
      const bench = await source.start();
      const pairs = [await bench.connect(), await bench.connect(), await bench.connect()];
      pairs[0].connection.close(DISCONNECT.kicked);
      pairs[1].peer.client.close(1000, '');
      pairs[2].connection.send(frameOf(100));
      await until(() => pairs[2].peer.frames.length === 1, 'a frame');
      await bench.listener.close(DISCONNECT.shutdown);
      await until(() => noneMore(resources(), before), 'every handle is released');
    });
  });
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
 * As `fill`, until no drain follows for a while: the peer's windows are full then, where a transport may ask for rest
 * while its library still takes what it has. Returns the drains so far.
 */
async function fillForGood(gateway: Recorder): Promise<number> {
  for (let round = 0; round < 10; round++) {
    const drains = gateway.drains;
    for (let i = 0; i < 64; i++) await fill(gateway.connection);
    const endMs = performance.now() + DRAIN_MS_MAX;
    while (gateway.drains === drains && performance.now() < endMs) await turns(1);
    if (gateway.drains === drains) return drains;
  }
  await fill(gateway.connection);
  return gateway.drains;
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
