import { describe, expect, it } from 'vitest';
import { closedAsTooLarge, expectSame, frames } from './transport-checks.ts';
import { type BenchSource, copyOf, frameOf, numberOf, until } from './transport-harness.ts';

const KIB = 1024;

/** Frames, their limit, and datagrams. */
export function frameCases(source: BenchSource): void {
  describe('frames', () => {
    it('arrive in order, both ways', async () => {
      const { gateway, connection, peer } = await source.connect();
      for (let i = 0; i < 100; i++) {
        peer.client.send(frameOf(20, i));
        connection.send(frameOf(20, i));
      }
      await until(() => gateway.frames.length === 100 && peer.frames.length === 100, 'all frames');
      expectSame(gateway.frames, frames(100, 20));
      expectSame(peer.frames, frames(100, 20));
    });

    it('of 0 bytes, 1 byte and every length encoding arrive as they are', async () => {
      const { gateway, connection, peer } = await source.connect({ frameBytesMax: 128 * KIB });
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
      const bench = await source.start({}, (connection) => {
        connection.send(frameOf(8, 1));
        connection.send(frameOf(8, 2));
      });
      const { connection, peer } = await bench.connect();
      connection.send(frameOf(8, 3));
      await until(() => peer.frames.length === 3, 'three frames');
      expect(peer.frames.map(numberOf)).toEqual([1, 2, 3]);
    });

    it('sent inside onFrame arrive', async () => {
      const { gateway, connection, peer } = await source.connect();
      gateway.onEach = (frame) => connection.send(copyOf(frame));
      for (let i = 0; i < 50; i++) peer.client.send(frameOf(64, i));
      await until(() => peer.frames.length === 50, 'the echoes');
      expectSame(peer.frames, frames(50, 64));
    });

    it('are not handed over inside send', async () => {
      const { connection, peer } = await source.connect();
      connection.send(frameOf(8));
      expect(peer.frames).toHaveLength(0);
      await until(() => peer.frames.length === 1, 'the frame');
    });

    it('of one tick arrive in order, small and large mixed', async () => {
      const { connection, peer } = await source.connect();
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
      const { gateway, connection, peer } = await source.connect();
      for (let i = 0; i < 10_000; i++) {
        peer.client.send(frameOf(16, i));
        connection.send(frameOf(16, i));
      }
      await until(() => gateway.frames.length >= 10_000 && peer.frames.length >= 10_000, '10,000 frames');
      expectSame(gateway.frames, frames(10_000, 16));
      expectSame(peer.frames, frames(10_000, 16));
    });

    it('one shared by two connections arrives at both, twice, unchanged', async () => {
      const bench = await source.start();
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
      const { gateway, peer } = await source.connect();
      context.skip(peer.client.sendText === undefined, 'no text messages');
      peer.client.sendText?.('{"größe": "✓"}');
      await until(() => gateway.texts.length === 1, 'the text');
      expect(gateway.texts).toEqual(['{"größe": "✓"}']);
      expect(gateway.frames).toHaveLength(0);
    });

    it('are known to have arrived, where the transport can tell', async (context) => {
      const { gateway, connection, peer } = await source.connect();
      context.skip(connection.askArrival === undefined, 'cannot tell');
      peer.client.pause();
      connection.send(frameOf(20, 1));
      connection.askArrival?.();
      expect(gateway.arrivals).toBe(0);
      peer.client.resume();
      await until(() => gateway.arrivals === 1, 'word of the frame');
      expectSame(peer.frames, [frameOf(20, 1)]);
    });
  });

  describe('the frame limit', () => {
    it('lets a frame of its size in, and ends the link at one more', async () => {
      const { gateway, peer } = await source.connect({ frameBytesMax: 1000 });
      peer.client.send(frameOf(1000, 1));
      await until(() => gateway.frames.length === 1, 'the frame at the limit');
      expectSame(gateway.frames, [frameOf(1000, 1)]);
      peer.client.send(frameOf(1001, 2));
      await closedAsTooLarge({ gateway, peer });
      expect(gateway.frames).toHaveLength(1);
    });

    it('can be raised', async () => {
      const { gateway, connection, peer } = await source.connect({ frameBytesMax: 1000 });
      connection.setFrameBytesMax(300_000);
      peer.client.send(frameOf(300_000, 1));
      await until(() => gateway.frames.length === 1, 'the large frame');
      expectSame(gateway.frames, [frameOf(300_000, 1)]);
      peer.client.send(frameOf(300_001));
      await closedAsTooLarge({ gateway, peer });
    });

    it('can be lowered between frames', async () => {
      const { gateway, connection, peer } = await source.connect({ frameBytesMax: 1000 });
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
      const { gateway, peer } = await source.connect({ frameBytesMax: 1000 });
      context.skip(peer.client.announce === undefined, 'nothing announces a frame');
      peer.client.announce?.(0x7fff_ffff);
      await closedAsTooLarge({ gateway, peer });
    });

    it('leaves the other connections alone', async () => {
      const bench = await source.start({ frameBytesMax: 1000 });
      const bad = await bench.connect();
      const good = await bench.connect();
      bad.peer.client.send(frameOf(1001));
      await closedAsTooLarge(bad);
      good.peer.client.send(frameOf(1000, 1));
      await until(() => good.gateway.frames.length === 1, 'the frame of the other connection');
    });
  });

  describe('datagrams', () => {
    it('travel both ways where the connection has them', async (context) => {
      const { gateway, connection, peer } = await source.connect();
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
      const { connection, peer } = await source.connect();
      context.skip(!connection.info.datagrams, 'no datagrams');
      const frame = frameOf(connection.datagramBytesMax + 1);
      expect(connection.sendDatagram(frame)).toBe(false);
      connection.send(frame);
      await until(() => peer.frames.length === 1, 'the frame');
      expect(peer.datagrams).toHaveLength(0);
    });

    it('are refused where the connection has none', async (context) => {
      const { connection } = await source.connect();
      context.skip(connection.info.datagrams, 'has datagrams');
      expect(connection.datagramBytesMax).toBe(0);
      expect(connection.sendDatagram(frameOf(1))).toBe(false);
    });
  });
}
