import { createPrivateKey, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { messageOf, StartError } from '../../src/errors.ts';
import type { BoundAddress } from '../../src/transport.ts';
import type { CertificatePair } from './certificate-check.ts';
import type {
  LibraryRead,
  LibraryReadable,
  LibraryServer,
  LibrarySession,
  WebTransportLibrary,
} from './library.ts';
import { rememberAddress } from './native.ts';

export interface QuicServerOptions {
  readonly library: WebTransportLibrary;
  readonly host: string;
  readonly port: number;
  readonly certificate: CertificatePair;
  /** 0: as the system has it. */
  readonly recvBufferBytes: number;
  readonly sendBufferBytes: number;
  readonly startTimeoutMs: number;
}

export interface QuicServerEvents {
  /** The HTTP status for a request with these header fields; 200 accepts. */
  onRequest(header: unknown): number;
  /** A session that was accepted. */
  onSession(session: LibrarySession): void;
}

/** All sessions are registered under one path, whatever was asked for: to any other the library gives 200 and no one. */
const SESSION_PATH = '/';

/**
 * Streams that one QUIC connection may have open at a time, of each direction. A session needs two bidirectional ones
 * (its request and its control stream), HTTP/3 itself three unidirectional ones (RFC 9114 section 6.2).
 */
const STREAMS_PER_DIRECTION = 32;

/** Time for the CONNECTION_CLOSE packets to leave before the socket closes. */
const LINGER_MS = 50;
const SOCKET_CLOSE_DEADLINE_MS = 150;

/** One HTTP/3 server of the library on one UDP socket. */
export class QuicServer {
  readonly address: BoundAddress;
  readonly #server: LibraryServer;
  #stopped: Promise<void> | undefined;

  private constructor(server: LibraryServer, address: BoundAddress) {
    this.#server = server;
    this.address = address;
  }

  /** Rejects with a StartError where the port cannot be had or the library does not come up in time. */
  static async start(options: QuicServerOptions, events: QuicServerEvents): Promise<QuicServer> {
    const server = new options.library.Http3Server(serverInit(options));
    server.closed.catch(ignore);
    server.setRequestCallback(requestCallback(events));
    readSessions(server.sessionStream(SESSION_PATH), events);
    server.startServer();
    try {
      await within(server.ready, options.startTimeoutMs);
    } catch (error) {
      stopQuietly(server);
      throw startError(options, error);
    }
    const address = server.address();
    if (address === null) throw startError(options, new Error('it has no address'));
    rememberAddress(server);
    return new QuicServer(server, { host: address.host, port: address.port });
  }

  /** Closes the QUIC connections that still stand, then the socket. Idempotent, bounded; the port is free after. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    await delay(LINGER_MS);
    stopQuietly(this.#server);
    await within(this.#server.closed, SOCKET_CLOSE_DEADLINE_MS).catch(ignore);
  }
}

function serverInit(options: QuicServerOptions) {
  return {
    host: options.host,
    port: options.port,
    secret: randomBytes(32).toString('hex'),
    cert: options.certificate.certPem,
    privKey: plainKey(options.certificate.keyPem),
    initialBidirectionalStreams: STREAMS_PER_DIRECTION,
    initialUnidirectionalStreams: STREAMS_PER_DIRECTION,
    quicheNodeSocketOptions: {
      // With the library's default a second process binds the same port without an error.
      reuseAddr: false,
      recvBufferSize: options.recvBufferBytes || undefined,
      sendBufferSize: options.sendBufferBytes || undefined,
      lookup: numericLookup,
    },
  };
}

/** The library takes the first PEM block for the key; openssl puts the curve's parameters before it. */
function plainKey(keyPem: string): string {
  return createPrivateKey(keyPem).export({ type: 'pkcs8', format: 'pem' }).toString();
}

/**
 * The socket sees numeric addresses only. Answering at once saves a third of the processor time per packet, and lets
 * the last packets leave: with Node's own lookup a send waits for the next tick, and a close in this one drops it.
 */
function numericLookup(
  host: string,
  _options: unknown,
  callback: (error: null, address: string, family: number) => void,
): void {
  callback(null, host, isIP(host));
}

/**
 * Awaits nothing and always answers: the library keeps a raw pointer to the request until the promise settles, which
 * a client that goes away meanwhile leaves dangling, and without an answer the client hangs.
 */
function requestCallback(events: QuicServerEvents) {
  return async ({ header }: { header: unknown }) => {
    try {
      return { path: SESSION_PATH, status: events.onRequest(header) };
    } catch {
      return { path: SESSION_PATH, status: 500 };
    }
  };
}

function readSessions(sessions: LibraryReadable<LibrarySession>, events: QuicServerEvents): void {
  const reader = sessions.getReader();
  reader.closed.catch(ignore);
  const take = ({ done, value }: LibraryRead<LibrarySession>) => {
    if (done) return;
    events.onSession(value);
    reader.read().then(take, ignore);
  };
  reader.read().then(take, ignore);
}

/** The library throws where it never came up, or where its socket is closed already. */
function stopQuietly(server: LibraryServer): void {
  try {
    server.stopServer();
  } catch {
    // There is nothing left to stop.
  }
}

function startError(options: QuicServerOptions, cause: unknown): StartError {
  return new StartError(
    `WebTransport cannot listen on UDP ${options.host}:${options.port}: ${messageOf(cause)}`,
    cause,
  );
}

/** The library's own promises may never settle. */
function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function delay(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

function ignore(): void {}
