import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../compliance/transport-harness.ts';
import {
  allClosed,
  connectAndClose,
  openShortStreams,
  rssMiB,
  vanishInHandshake,
} from '../support/webtransport-load.ts';
import { TestServer } from '../support/webtransport-server.ts';

/** Client and server share the process, so what either keeps counts. */
const RSS_GROWTH_MAX_MIB = 64;
const STREAMS = 100_000;
const STREAMS_PER_SESSION = 1_000;
const CYCLES = 10_000;

let server: TestServer;

afterEach(() => server.close());

async function start(...options: Parameters<typeof TestServer.start>): Promise<void> {
  server = await TestServer.start(...options);
}

/** Nothing of an ended connection is kept here. */
async function forgetEnded(): Promise<void> {
  await allClosed(server);
  server.recorders.length = 0;
}

describe('WebTransport under load', () => {
  it('survives 1,000 clients that vanish in the middle of their handshake', async () => {
    await start();
    await vanishInHandshake(server, 1_000);
    await connectAndClose(server, 1, 1);
    await until(() => server.recorders.length > 0, 'a connection');
  });

  it('keeps nothing of 100,000 short streams', async () => {
    await start({ streamsMax: STREAMS_PER_SESSION });
    const sessionOfStreams = async () => {
      const { session, gateway } = await server.connect();
      await openShortStreams(session, STREAMS_PER_SESSION);
      session.close({ closeCode: 1000, reason: '' });
      await until(() => gateway.closes.length === 1, 'the close');
      expect(gateway.closes[0].code).toBe(1000);
      await forgetEnded();
    };
    for (let i = 0; i < 10; i++) await sessionOfStreams();
    const before = rssMiB();
    for (let i = 10; i < STREAMS / STREAMS_PER_SESSION; i++) await sessionOfStreams();
    expect(rssMiB() - before).toBeLessThan(RSS_GROWTH_MAX_MIB);
  });

  it('keeps nothing of 10,000 connections', async () => {
    await start({ handshakesPerSec: 100_000, handshakesPerSecPerAddress: 100_000 });
    const round = 500;
    await connectAndClose(server, 4 * round, 8);
    await forgetEnded();
    const before = rssMiB();
    for (let done = 4 * round; done < CYCLES; done += round) {
      await connectAndClose(server, round, 8);
      await forgetEnded();
    }
    expect(rssMiB() - before).toBeLessThan(RSS_GROWTH_MAX_MIB);
  });

  it('keeps nothing of a peer that floods a connection which is not read, 20 times', async () => {
    await start({ datagramsMax: 500 });
    const frame = new Uint8Array(60_000);
    const flood = async () => {
      const { peer, gateway } = await server.connect();
      gateway.connection.pause();
      for (let i = 0; i < 200; i++) peer.client.send(frame);
      for (let i = 0; i < 20_000; i++) {
        peer.client.sendDatagram(frame.subarray(0, 1_000));
        if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
        if (gateway.closes.length > 0) break;
      }
      expect(gateway.closes).toMatchObject([{ code: 4106, by: 'local' }]);
      server.recorders.length = 0;
    };
    await flood();
    const before = rssMiB();
    for (let i = 0; i < 20; i++) await flood();
    expect(rssMiB() - before).toBeLessThan(RSS_GROWTH_MAX_MIB);
  });
});
