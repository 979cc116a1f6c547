import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { StartError } from '../../src/errors.ts';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import { certificateHash } from '../../transports/webtransport/certificate-check.ts';
import { webTransportLink } from '../../transports/webtransport/client.ts';
import type { LibraryServerInit } from '../../transports/webtransport/library.ts';
import { frameOf, Peer, until } from '../compliance/transport-harness.ts';
import { startUdpProxy, type UdpProxy } from '../support/udp-proxy.ts';
import { openSession, testCertificate, testLibrary } from '../support/webtransport.ts';
import { TestServer } from '../support/webtransport-server.ts';

const servers: TestServer[] = [];
const proxies: UdpProxy[] = [];

async function start(...options: Parameters<typeof TestServer.start>): Promise<TestServer> {
  const server = await TestServer.start(...options);
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  for (const proxy of proxies.splice(0)) await proxy.close();
});

/** A link of our own client to `port`. */
async function link(server: TestServer, port = server.port) {
  const peer = new Peer();
  const open = webTransportLink(`https://127.0.0.1:${port}/wt`, {
    library: server.library,
    serverCertificateHashes: [certificateHash(server.certificate.certPem)],
  });
  return { peer, link: await open(peer) };
}

describe('a stop', () => {
  it('brings the code to every client, also to one without a control stream', async () => {
    const server = await start();
    const first = await server.connect();
    const silent = await server.session();
    const stopped = [server.close(), server.close()];
    expect(await silent.closed).toEqual({ closeCode: 4000, reason: 'gateway shuts down' });
    await until(() => first.peer.closes.length === 1, 'the close of the other');
    expect(first.peer.closes).toEqual([DISCONNECT.shutdown]);
    await Promise.all(stopped);
    server.listener.stopAccepting();
    await server.close();
  });

  it('frees the port', async () => {
    const server = await start();
    await server.connect();
    await server.close();
    const next = await start({ port: server.port });
    await next.connect();
  });
});

describe('the Node client', () => {
  it('sends and hears, by stream and by datagram, and measures', async () => {
    const server = await start();
    const { peer, link: client } = await link(server);
    client.send(frameOf(100, 1));
    await until(() => server.recorders.length === 1, 'the connection');
    const [gateway] = server.recorders;
    gateway.connection.send(frameOf(200, 2));
    await until(() => gateway.frames.length === 1 && peer.frames.length === 1, 'the frames');
    expect(peer.frames).toEqual([frameOf(200, 2)]);
    await until(() => {
      expect(client.sendDatagram(frameOf(50, 3))).toBe(true);
      expect(gateway.connection.sendDatagram(frameOf(60, 4))).toBe(true);
      return gateway.datagrams.length > 0 && peer.datagrams.length > 0;
    }, 'the datagrams');
    expect(client.sendDatagram(frameOf(client.datagramBytesMax + 1))).toBe(false);
    const stats = await gateway.connection.stats?.();
    expect(stats?.rttMs).toBeGreaterThan(0);
    expect(stats?.datagramsLost).toBeGreaterThanOrEqual(0);
    client.send(frameOf(100, 5));
    client.close(4321, 'bye');
    await until(() => gateway.closes.length === 1 && peer.closes.length === 1, 'the close');
    expect(gateway.frames).toEqual([frameOf(100, 1), frameOf(100, 5)]);
    expect(gateway.closes).toEqual([{ code: 4321, reason: 'bye', by: 'peer' }]);
    expect(await gateway.connection.stats?.()).toBeUndefined();
  });

  it('hears why it is closed', async () => {
    const server = await start();
    const { peer, link: client } = await link(server);
    client.send(frameOf(8));
    await until(() => server.recorders.length === 1, 'the connection');
    server.recorders[0].connection.send(frameOf(5_000, 1));
    server.recorders[0].connection.close(DISCONNECT.kicked);
    await until(() => peer.closes.length === 1, 'the close');
    expect(peer.frames).toEqual([frameOf(5_000, 1)]);
    expect(peer.closes).toEqual([DISCONNECT.kicked]);
  });

  it('gives up where it is told to, and where the certificate is another', async () => {
    const server = await start();
    const open = webTransportLink(server.url, { library: server.library, serverCertificateHashes: [] });
    const abort = AbortSignal.abort(new Error('enough'));
    await expect(open(new Peer(), abort)).rejects.toThrow('enough');
    const hash = certificateHash(testCertificate().certPem);
    const wrong = webTransportLink(server.url, { library: server.library, serverCertificateHashes: [hash] });
    await expect(wrong(new Peer())).rejects.toThrow();
    expect(server.recorders).toHaveLength(0);
  });
});

describe('another certificate', () => {
  it('is served on the same port without a restart, and the old sessions are told', async () => {
    const server = await start();
    const { peer, gateway } = await server.connect();
    const certificate = testCertificate();
    await server.listener.replaceCertificate(certificate);
    expect(gateway.closes).toEqual([{ ...DISCONNECT.certificateChanged, by: 'local' }]);
    await until(() => peer.closes.length === 1, 'the close');
    expect(peer.closes).toEqual([DISCONNECT.certificateChanged]);
    await expect(server.session()).rejects.toThrow();
    const session = await openSession(server.library, server.url, certificate);
    const writer = (await session.createBidirectionalStream()).writable.getWriter();
    writer.write(Uint8Array.of(0, 0, 0, 1, 7)).catch(() => {});
    await until(() => server.recorders[1]?.frames.length === 1, 'a frame under the new certificate');
  });

  it('that is not valid is refused, and the old one goes on', async () => {
    const server = await start();
    const { gateway } = await server.connect();
    const bad = { ...testCertificate(), keyPem: 'no key' };
    await expect(server.listener.replaceCertificate(bad)).rejects.toThrow(StartError);
    expect(gateway.closes).toHaveLength(0);
    await server.connect();
  });

  it('is not taken up by a listener that closes', async () => {
    const server = await start();
    const replaced = server.listener.replaceCertificate(testCertificate());
    await Promise.all([replaced, server.close()]);
    // The port is free: nobody serves.
    await start({ port: server.port });
  });

  it('twice at once: the last one serves', async () => {
    const server = await start();
    const certificates = [testCertificate(), testCertificate()];
    await Promise.all(certificates.map((pair) => server.listener.replaceCertificate(pair)));
    await openSession(server.library, server.url, certificates[1]);
  });
});

describe('another certificate, while another socket has the port', () => {
  /** A server whose later starts all meet a port that is taken, as long as `blocked` says so. */
  async function startBlockable() {
    const taken = createSocket('udp4');
    taken.bind(0, '127.0.0.1');
    await once(taken, 'listening');
    taken.unref();
    const state = { blocked: false, starts: 0, ups: 0 };
    const library = await testLibrary();
    class BlockableServer extends library.Http3Server {
      constructor(init: LibraryServerInit) {
        super(state.blocked ? { ...init, port: taken.address().port } : init);
        state.starts++;
        this.ready.then(
          () => state.ups++,
          () => {},
        );
      }
    }
    const server = await start({ library: { ...library, Http3Server: BlockableServer } });
    return { server, state };
  }

  it('is served by itself as soon as the port is free', async () => {
    const { server, state } = await startBlockable();
    const { gateway } = await server.connect();
    const certificate = testCertificate();
    state.blocked = true;
    await expect(server.listener.replaceCertificate(certificate)).rejects.toThrow(/EADDRINUSE/);
    expect(gateway.closes).toEqual([{ ...DISCONNECT.certificateChanged, by: 'local' }]);
    const { starts } = state;
    await until(() => state.starts >= starts + 2, 'two more tries');
    state.blocked = false;
    await until(() => state.ups === 2, 'the next server');
    await openSession(server.library, server.url, certificate);
  });

  it('can be followed by a further one, which serves', async () => {
    const { server, state } = await startBlockable();
    state.blocked = true;
    await expect(server.listener.replaceCertificate(testCertificate())).rejects.toThrow(StartError);
    state.blocked = false;
    const certificate = testCertificate();
    await server.listener.replaceCertificate(certificate);
    await openSession(server.library, server.url, certificate);
    // Longer than the delay of the next try: nothing is left of it.
    const { starts } = state;
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(state.starts).toBe(starts);
  });

  it('is given up by a listener that closes', async () => {
    const { server, state } = await startBlockable();
    state.blocked = true;
    await expect(server.listener.replaceCertificate(testCertificate())).rejects.toThrow(StartError);
    const { starts } = state;
    state.blocked = false;
    await server.close();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(state).toMatchObject({ starts, ups: 1 });
  });
});

it('a listener that accepts no more does not begin again with another certificate', async () => {
  const server = await start();
  const certificate = testCertificate();
  const replaced = server.listener.replaceCertificate(certificate);
  server.listener.stopAccepting();
  await replaced;
  await expect(openSession(server.library, server.url, certificate)).rejects.toThrow();
  expect(server.refused).toEqual(['full']);
});

describe('behind a NAT', () => {
  it('that gives the client another port the session lives on', async () => {
    const server = await start();
    const proxy = await startUdpProxy(server.port);
    proxies.push(proxy);
    const { peer, link: client } = await link(server, proxy.port);
    client.send(frameOf(100, 1));
    await until(() => server.recorders[0]?.frames.length === 1, 'a frame before');
    const [gateway] = server.recorders;
    const natPort = proxy.natPort;
    await proxy.rebind();
    expect(proxy.natPort).not.toBe(natPort);
    client.send(frameOf(100, 2));
    await until(() => gateway.frames.length === 2, 'a frame after');
    gateway.connection.send(frameOf(100, 3));
    await until(() => peer.frames.length === 1, 'an answer after');
    expect(gateway.closes).toHaveLength(0);
    expect(server.recorders).toHaveLength(1);
  });

  it('that loses everything the close is bounded on both sides', async () => {
    const server = await start();
    const proxy = await startUdpProxy(server.port);
    proxies.push(proxy);
    const { peer, link: client } = await link(server, proxy.port);
    client.send(frameOf(100, 1));
    await until(() => server.recorders[0]?.frames.length === 1, 'a frame before');
    proxy.cut();
    const [gateway] = server.recorders;
    gateway.connection.send(frameOf(100));
    gateway.connection.close(DISCONNECT.kicked);
    client.close(4321, 'bye');
    // A close that is asked for again does not begin anew.
    const again = setInterval(() => gateway.connection.close(DISCONNECT.internal), 50);
    await until(() => gateway.closes.length === 1, 'our close').finally(() => clearInterval(again));
    await until(() => peer.closes.length === 1, "the client's close");
    expect(gateway.closes).toEqual([{ ...DISCONNECT.kicked, by: 'local' }]);
    expect(peer.closes).toEqual([{ code: 4321, reason: 'bye' }]);
  });
});
