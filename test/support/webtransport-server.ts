import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import type { LibrarySession, LibraryStream } from '../../transports/webtransport/library.ts';
import type { RefusedReason, WebTransportListenerOptions } from '../../transports/webtransport/options.ts';
import { WebTransportListener } from '../../transports/webtransport/webtransport-listener.ts';
import { Peer, Recorder, until } from '../compliance/transport-harness.ts';
import { RawWebTransport } from './raw-webtransport.ts';
import { openSession, testCertificate, testLibrary } from './webtransport.ts';

const library = await testLibrary();

/** A listener under test with everything it says, and clients for it. */
export class TestServer {
  readonly library = library;
  readonly certificate = testCertificate();
  readonly recorders: Recorder[] = [];
  readonly refused: RefusedReason[] = [];
  readonly listener: WebTransportListener;
  url = '';
  port = 0;

  constructor(options: Partial<WebTransportListenerOptions> = {}) {
    this.listener = new WebTransportListener({
      library,
      certificate: this.certificate,
      onRefused: (reason) => this.refused.push(reason),
      ...options,
    });
  }

  static async start(options: Partial<WebTransportListenerOptions> = {}): Promise<TestServer> {
    const server = new TestServer(options);
    await server.listen();
    return server;
  }

  async listen(): Promise<void> {
    const { host, port } = await this.listener.listen((connection) => {
      const recorder = new Recorder(connection);
      this.recorders.push(recorder);
      return recorder;
    });
    this.port = port;
    this.url = `https://${host}:${port}/wt`;
  }

  session(suffix = ''): Promise<LibrarySession> {
    return openSession(library, `${this.url}${suffix}`, this.certificate);
  }

  /** A client with its control stream open, and the gateway's end of it. */
  async connect(): Promise<{
    session: LibrarySession;
    stream: LibraryStream;
    peer: Peer;
    gateway: Recorder;
  }> {
    const before = this.recorders.length;
    const session = await this.session();
    const stream = await session.createBidirectionalStream();
    const peer = new Peer();
    peer.attach(new RawWebTransport(session, stream, peer));
    await until(() => this.recorders.length > before, 'the connection is accepted');
    return { session, stream, peer, gateway: this.recorders[before] };
  }

  close(): Promise<void> {
    return this.listener.close(DISCONNECT.shutdown);
  }
}
