import { afterEach, describe, expect, it } from 'vitest';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import type { LibraryWriter } from '../../transports/webtransport/library.ts';
import { backingStream, nativeReading } from '../../transports/webtransport/native.ts';
import { frameOf, type Recorder, until } from '../compliance/transport-harness.ts';
import { drain } from '../support/webtransport.ts';
import {
  allClosed,
  connectAndClose,
  openShortStreams,
  rssMiB,
  vanishInHandshake,
} from '../support/webtransport-load.ts';
import { TestServer } from '../support/webtransport-server.ts';

const RSS_GROWTH_MAX_MIB = 64;
const servers: TestServer[] = [];

async function start(...options: Parameters<typeof TestServer.start>): Promise<TestServer> {
  const server = await TestServer.start(...options);
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function stillServes(server: TestServer): Promise<void> {
  const { peer, gateway } = await server.connect();
  peer.client.send(frameOf(10));
  await until(() => gateway.frames.length === 1, 'a frame of a new client');
}

/** Sends until no drain follows for a second, with no more than one write on its way. Returns the drains so far. */
async function fillUp(gateway: Recorder): Promise<number> {
  for (;;) {
    const { drains } = gateway;
    while (gateway.connection.send(frameOf(60_000)));
    const sentAtMs = performance.now();
    while (gateway.drains === drains) {
      if (performance.now() - sentAtMs > 1_000) return drains;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

/** MiB that the server and its windows, and the client's own buffers, take within 1 s. */
async function takenMiB(writer: LibraryWriter): Promise<number> {
  let taken = 0;
  const flood = async () => {
    for (;;) {
      await writer.write(new Uint8Array(2 ** 20));
      taken++;
    }
  };
  flood().catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return taken;
}

/**
 * Mends what the addon tells the library with every chunk, so that its `pull` settles and each later read starts the
 * stream again, as the library means it. Returns the way back.
 */
function settleReads(stream: object): () => void {
  const prototype = Reflect.getPrototypeOf(stream) ?? {};
  const commit: unknown = Reflect.get(prototype, 'commitReadBuffer');
  if (typeof commit !== 'function') throw new Error('the library has no commitReadBuffer');
  Reflect.set(prototype, 'commitReadBuffer', function (this: object, chunk: object) {
    return Reflect.apply(commit, this, [{ ...chunk, drained: true }]);
  });
  return () => Reflect.set(prototype, 'commitReadBuffer', commit);
}

describe('clients that vanish', () => {
  it('in the middle of the handshake do no harm', { timeout: 120_000 }, async () => {
    let requests = 0;
    const { library } = new TestServer();
    class CountingServer extends library.Http3Server {
      override setRequestCallback(
        callback: Parameters<InstanceType<typeof library.Http3Server>['setRequestCallback']>[0],
      ): void {
        super.setRequestCallback((request) => {
          requests++;
          return callback(request);
        });
      }
    }
    const server = await start({ library: { ...library, Http3Server: CountingServer } });
    // On loopback a handshake takes some 10 ms, and longer on a busy machine: some have to come as far as their request.
    for (let delayMaxMs = 16; requests === 0; delayMaxMs *= 2)
      await vanishInHandshake(server, 50, delayMaxMs);
    await stillServes(server);
  });

  it('with a lost link are told from those that close', async () => {
    const server = await start();
    const lost = await server.connect();
    const closed = await server.connect();
    lost.session.close({ closeCode: 0, reason: '' });
    closed.peer.client.close(4321, 'bye');
    await allClosed(server);
    expect(lost.gateway.closes).toEqual([{ code: 0, reason: '', by: 'lost' }]);
    expect(closed.gateway.closes).toEqual([{ code: 4321, reason: 'bye', by: 'peer' }]);
  });

  it('without a word are dropped after the idle time', async () => {
    const server = await start({ idleTimeoutMs: 2_000 });
    const silent = await server.connect();
    const talking = await server.connect();
    const timer = setInterval(() => talking.peer.client.send(frameOf(1)), 50);
    await until(() => silent.gateway.closes.length === 1, 'the idle close');
    clearInterval(timer);
    expect(silent.gateway.closes).toEqual([{ ...DISCONNECT.heartbeatTimeout, by: 'local' }]);
    expect(talking.gateway.closes).toHaveLength(0);
  });
});

describe('a client that drains', () => {
  it('keeps its link, and its close code is heard', async () => {
    const server = await start();
    const { session, peer, gateway } = await server.connect();
    drain(session);
    peer.client.send(frameOf(10));
    await until(() => gateway.frames.length === 1, 'a frame after the drain');
    peer.client.close(4321, 'drained');
    await allClosed(server);
    expect(gateway.closes).toEqual([{ code: 4321, reason: 'drained', by: 'peer' }]);
  });

  it('and closes at once is gone, once', async () => {
    const server = await start();
    const { session, gateway } = await server.connect();
    drain(session);
    session.close({ closeCode: 4321, reason: '' });
    await allClosed(server);
    expect(gateway.closes).toHaveLength(1);
    await stillServes(server);
  });
});

describe('a client that floods', () => {
  it('bytes into a connection that is not read is held back', async () => {
    const server = await start();
    const session = await server.session();
    const writer = (await session.createBidirectionalStream()).writable.getWriter();
    writer.closed.catch(() => {});
    await writer.write(Uint8Array.of(0));
    await until(() => server.recorders.length === 1, 'the connection');
    const [gateway] = server.recorders;
    gateway.connection.pause();
    const before = rssMiB();
    expect(await takenMiB(writer)).toBeLessThan(8);
    expect(rssMiB() - before).toBeLessThan(RSS_GROWTH_MAX_MIB);
    gateway.connection.close(DISCONNECT.kicked);
    await allClosed(server);
  });

  it('bytes is held back also where the library starts the stream again with a read', async () => {
    const server = await start();
    const session = await server.session();
    const stream = await session.createBidirectionalStream();
    const writer = stream.writable.getWriter();
    writer.closed.catch(() => {});
    await writer.write(Uint8Array.of(0));
    await until(() => server.recorders.length === 1, 'the connection');
    const [gateway] = server.recorders;
    gateway.onEach = () => {
      gateway.connection.pause();
      gateway.connection.resume();
      gateway.connection.pause();
    };
    const restore = settleReads(backingStream(session, stream));
    await writer.write(Uint8Array.of(0, 0, 1, 7));
    await until(() => gateway.frames.length === 1, 'the frame that pauses');
    const taken = await takenMiB(writer);
    restore();
    expect(taken).toBeLessThan(8);
    gateway.connection.close(DISCONNECT.kicked);
    await allClosed(server);
  });

  it('datagrams into a connection that is not read is disconnected', async () => {
    const server = await start({ datagramsMax: 100 });
    const { peer, gateway } = await server.connect();
    gateway.connection.pause();
    await until(() => {
      for (let i = 0; i < 20; i++) peer.client.sendDatagram(frameOf(500));
      return gateway.closes.length === 1;
    }, 'the disconnect');
    expect(gateway.closes).toEqual([{ ...DISCONNECT.flooded, by: 'local' }]);
    expect(gateway.datagrams).toHaveLength(0);
  });

  it('datagrams before its control stream is disconnected', async () => {
    const server = await start({ datagramsMax: 100 });
    const session = await server.session();
    let ended: unknown;
    session.closed.then((info) => {
      ended = info;
    });
    const writer = session.datagrams.createWritable().getWriter();
    await until(() => {
      for (let i = 0; i < 20; i++) writer.write(frameOf(500)).catch(() => {});
      return ended !== undefined;
    }, 'the disconnect');
    expect(ended).toEqual({ closeCode: 4106, reason: 'unread data exceeds the limit' });
  });

  it('streams is disconnected', async () => {
    const server = await start({ streamsMax: 10 });
    const { session, gateway } = await server.connect();
    openShortStreams(session, 11).catch(() => {});
    await allClosed(server);
    expect(gateway.closes).toEqual([{ ...DISCONNECT.flooded, by: 'local' }]);
  });

  it('unidirectional streams is disconnected', async () => {
    const server = await start({ streamsMax: 2 });
    const { session, gateway } = await server.connect();
    const holder: unknown = Reflect.get(session, 'createUnidirectionalStream');
    if (typeof holder !== 'function') throw new Error('the library has no createUnidirectionalStream');
    for (let i = 0; i < 3; i++) {
      const writable: unknown = await Reflect.apply(holder, session, []);
      if (!(writable instanceof WritableStream)) throw new Error('not a stream');
      const writer = writable.getWriter();
      writer.closed.catch(() => {});
      writer.write(frameOf(100)).catch(() => {});
    }
    await allClosed(server);
    expect(gateway.closes).toEqual([{ ...DISCONNECT.flooded, by: 'local' }]);
  });

  it('streams up to the limit may stay, and they are refused', async () => {
    const server = await start({ streamsMax: 10 });
    const { session, peer, gateway } = await server.connect();
    const stream = await session.createBidirectionalStream();
    const writer = stream.writable.getWriter();
    writer.write(frameOf(10)).catch(() => {});
    await expect(writer.closed).rejects.toThrow('StopSending with code:1');
    await expect(stream.readable.getReader().read()).rejects.toThrow('Resetstream with code:1');
    peer.client.send(frameOf(10));
    await until(() => gateway.frames.length === 1, 'a frame on the control stream');
  });
});

describe('the control stream', () => {
  it('may come a byte at a time', async () => {
    const server = await start();
    const session = await server.session();
    const stream = await session.createBidirectionalStream();
    const writer = stream.writable.getWriter();
    for (const byte of [0, 0, 0, 3, 7, 8, 9, 0, 0, 0, 1, 5]) {
      await writer.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => server.recorders[0]?.frames.length === 2, 'both frames');
    expect(server.recorders[0].frames).toEqual([Uint8Array.of(7, 8, 9), Uint8Array.of(5)]);
  });

  it('that its client finishes ends the link', async () => {
    const server = await start();
    const session = await server.session();
    const stream = await session.createBidirectionalStream();
    const writer = stream.writable.getWriter();
    await writer.write(Uint8Array.of(0, 0, 0, 1, 5));
    writer.close().catch(() => {});
    expect(await session.closed).toMatchObject({ closeCode: 1000 });
    await allClosed(server);
    expect(server.recorders[0].frames).toEqual([Uint8Array.of(5)]);
    expect(server.recorders[0].closes).toMatchObject([{ code: 1000, by: 'peer' }]);
  });
});

describe('a client that no longer takes the control stream', () => {
  it('ends the link, and what it did not take does not drain', async () => {
    const server = await start();
    const session = await server.session();
    const stream = await session.createBidirectionalStream();
    const writer = stream.writable.getWriter();
    writer.closed.catch(() => {});
    await writer.write(Uint8Array.of(0));
    await until(() => server.recorders.length === 1, 'the connection');
    const [gateway] = server.recorders;
    nativeReading(backingStream(session, stream))?.stopReading();
    const drains = await fillUp(gateway);
    stream.readable.cancel({ code: 1 }).catch(() => {});
    await allClosed(server);
    expect(gateway.drains).toBe(drains);
    expect(gateway.closes).toMatchObject([{ code: 1000, by: 'peer' }]);
  });
});

describe('a handler that throws', () => {
  it('ends its own link as an internal error', async () => {
    const server = await start();
    const { peer, gateway } = await server.connect();
    gateway.onEach = () => {
      throw new Error('a fault of the core');
    };
    peer.client.send(frameOf(10));
    await allClosed(server);
    expect(gateway.closes).toEqual([{ ...DISCONNECT.internal, by: 'local' }]);
    await stillServes(server);
  });
});

describe('many', () => {
  it('connections one after the other leave nothing behind', async () => {
    const server = await start();
    await connectAndClose(server, 100, 4);
    await until(() => server.recorders.length === 100, 'all have been connections');
    await allClosed(server);
    expect(server.recorders.every(({ closes }) => closes[0].code === 1000)).toBe(true);
  });
});
