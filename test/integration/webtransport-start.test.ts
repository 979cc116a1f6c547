import { createPrivateKey } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { StartError } from '../../src/errors.ts';
import { loadWebTransport, type WebTransportLibrary } from '../../transports/webtransport/library.ts';
import { createSelfSigned } from '../../transports/webtransport/self-signed.ts';
import { until } from '../compliance/transport-harness.ts';
import { openSession, testCertificate } from '../support/webtransport.ts';
import { TestServer } from '../support/webtransport-server.ts';

/** A start that hangs would do so for ever. */
const START_DEADLINE_MS = 10_000;
const servers: TestServer[] = [];

async function start(...options: Parameters<typeof TestServer.start>): Promise<TestServer> {
  const server = await TestServer.start(...options);
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

describe('the library', () => {
  it('is there', async () => {
    expect(await loadWebTransport()).toMatchObject({ available: true });
  });

  it('that cannot be loaded gives its reason in one line', async () => {
    const loaded = await loadWebTransport('@fails-components/no-such-addon');
    expect(loaded).toMatchObject({ available: false });
    expect(loaded.available ? '' : loaded.reason).toMatch(/^Cannot find package '@fails-components.*$/);
  });
});

describe('a start fails in time and with the reason', () => {
  async function failure(server: TestServer): Promise<unknown> {
    const started = performance.now();
    const outcome = await server.listen().then(
      () => server.close(),
      (error: unknown) => error,
    );
    expect(performance.now() - started).toBeLessThan(START_DEADLINE_MS);
    expect(outcome).toBeInstanceOf(StartError);
    return outcome;
  }

  it('where the certificate is not PEM', async () => {
    const certificate = { ...testCertificate(), certPem: 'no PEM' };
    expect(String(await failure(new TestServer({ certificate })))).toContain('it is not a PEM certificate');
  });

  it('where the key is of another certificate', async () => {
    const certificate = { ...testCertificate(), keyPem: testCertificate().keyPem };
    expect(String(await failure(new TestServer({ certificate })))).toContain(
      'belongs to another certificate',
    );
  });

  it('where the certificate has expired', async () => {
    const certificate = createSelfSigned({ names: ['localhost'], notBeforeMs: 0, notAfterMs: 1_000 });
    expect(String(await failure(new TestServer({ certificate })))).toContain(
      'expired on Jan  1 00:00:01 1970',
    );
  });

  it('where another socket has the port', async () => {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    expect(String(await failure(new TestServer({ port })))).toMatch(/UDP 127\.0\.0\.1:\d+: .*EADDRINUSE/);
    socket.close();
  });

  it('where the library never comes up', async () => {
    const { library } = new TestServer();
    class SilentServer extends library.Http3Server {
      override startServer(): void {}
    }
    const silent: WebTransportLibrary = { ...library, Http3Server: SilentServer };
    const reason = String(await failure(new TestServer({ library: silent, startTimeoutMs: 100 })));
    expect(reason).toContain('no answer within 100 ms');
  });
});

it('takes a key behind the parameters of its curve, as openssl writes it', async () => {
  const { certPem, keyPem } = testCertificate();
  const sec1 = createPrivateKey(keyPem).export({ type: 'sec1', format: 'pem' });
  // The OID of P-256.
  const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
  const certificate = { certPem, keyPem: `${parameters}${sec1}` };
  const server = await start({ certificate });
  await openSession(server.library, server.url, certificate);
});

describe('a request', () => {
  it('for another path is refused, and one with a query let in', async () => {
    const server = await start();
    const wrong = openSession(server.library, server.url.replace('/wt', '/other'), server.certificate);
    await expect(wrong).rejects.toThrow();
    expect(server.refused).toEqual(['path']);
    const session = await server.session('?token=secret%21&x=1');
    const stream = await session.createBidirectionalStream();
    stream.writable
      .getWriter()
      .write(Uint8Array.of(0))
      .catch(() => {});
    await until(() => server.recorders.length === 1, 'the connection');
    expect(server.recorders[0].connection.info).toEqual({
      transport: 'webtransport',
      datagrams: true,
      remoteAddress: '127.0.0.1',
      token: 'secret!',
    });
  });

  it('above the number of sessions is refused, and let in when one has left', async () => {
    const server = await start({ connectionsMax: 1 });
    const first = await server.connect();
    await expect(server.session()).rejects.toThrow();
    expect(server.refused).toEqual(['full']);
    first.peer.client.close(1000, '');
    await until(() => first.gateway.closes.length === 1, 'the first has left');
    await server.connect();
  });

  it('above the handshakes of its burst is refused', async () => {
    const server = await start({ handshakesPerSec: 0.2 });
    await server.session();
    await expect(server.session()).rejects.toThrow();
    expect(server.refused).toEqual(['rate']);
  });

  it('above the handshakes of its address is closed with the code', async () => {
    const server = await start({ handshakesPerSecPerAddress: 0.2 });
    await server.connect();
    const session = await server.session();
    expect(await session.closed).toEqual({ closeCode: 4103, reason: 'rate limit exceeded' });
    expect(server.refused).toEqual(['rate-address']);
    expect(server.recorders).toHaveLength(1);
  });

  it('above the sessions of its address is closed with the code', async () => {
    const server = await start({ connectionsPerAddressMax: 1 });
    await server.connect();
    const session = await server.session();
    expect(await session.closed).toEqual({
      closeCode: 4101,
      reason: 'too many connections from this address',
    });
    expect(server.refused).toEqual(['full-address']);
    expect(server.recorders).toHaveLength(1);
  });

  it('without a control stream is closed in time', async () => {
    const server = await start({ helloTimeoutMs: 50 });
    const session = await server.session();
    expect(await session.closed).toEqual({ closeCode: 4104, reason: 'no Hello in time' });
    expect(server.refused).toEqual(['no-control-stream']);
    expect(server.recorders).toHaveLength(0);
  });
});

describe('two listeners in one process', () => {
  it('do not know of each other', async () => {
    const [a, b] = [await start(), await start()];
    const [toA, toB] = [await a.connect(), await b.connect()];
    await a.close();
    toB.peer.client.send(Uint8Array.of(1, 2, 3));
    await until(() => toB.gateway.frames.length === 1, 'a frame at the other');
    expect(toA.gateway.closes).toHaveLength(1);
    expect(toB.gateway.closes).toHaveLength(0);
  });
});
