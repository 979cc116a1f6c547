import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Server as UpgradeServer, WebSocketServer } from 'ws';
import { messageOf, StartError } from '../../src/errors.ts';
import type { Disconnect } from '../../src/protocol/disconnect.ts';
import type { Accept, BoundAddress, ConnectionInfo, Listener } from '../../src/transport.ts';
import { Admission, pathOf, REFUSAL_STATUS, type Refusal, tokenOf, unmapped } from '../admission.ts';
import { ProxiedConnections } from './proxied-connections.ts';
import { ServerSocket } from './server-socket.ts';
import { TrustedProxies } from './trusted-proxies.ts';
import { type ConnectionContext, WebSocketConnection } from './websocket-connection.ts';
import { WriteBatcher } from './write-batcher.ts';

/**
 * Why an upgrade was refused; `bad-handshake` covers what is not a WebSocket handshake (RFC 6455 section 4.2.1),
 * `proxy-header` a proxy without a PROXY header.
 */
export type RefusedReason = Refusal | 'bad-handshake' | 'proxy-header';

export interface WebSocketListenerOptions {
  /** Address to bind. Default `127.0.0.1`. */
  readonly host?: string;
  /** TCP port; 0 (default): any free one. */
  readonly port?: number;
  /** Path of the upgrade request, compared without its query. Default `/ws`; another one is answered with 404. */
  readonly path?: string;
  /** Default 20,000; the next one is answered with 503. */
  readonly connectionsMax?: number;
  /** Default 200; the next one is answered with 429. */
  readonly connectionsPerAddressMax?: number;
  /** Upgrades let in per second, with a burst of five times as many. Default 1,000; the next one is answered with 429. */
  readonly handshakesPerSec?: number;
  /** The same for one address. Default 200; the next one is answered with 429. */
  readonly handshakesPerSecPerAddress?: number;
  /**
   * Exact origins (`https://example.org`), or `*` for any (default). Requests without Origin do not come from
   * browsers and are let in; another origin is answered with 403.
   */
  readonly allowedOrigins?: readonly string[];
  /**
   * Addresses and networks (`10.0.0.0/8`) of proxies whose X-Forwarded-For is believed. Default: none, the peer's own
   * address counts. The constructor throws a RangeError for what is neither.
   */
  readonly trustedProxies?: readonly string[];
  /**
   * Connections from trusted proxies begin with a PROXY header, version 1 or 2; one without is dropped, and one that
   * is late, by `helloTimeoutMs`. Default false.
   */
  readonly proxyProtocol?: boolean;
  /** RFC 7692. Default false: it costs more processor time and memory per connection than game frames gain. */
  readonly perMessageDeflate?: boolean;
  /** A TCP connection that has not sent a whole upgrade request after so long is dropped. Default 8,000. */
  readonly helloTimeoutMs?: number;
  /** Largest frame of a new connection, until `setFrameBytesMax`. Default 64 KiB. */
  readonly frameBytesMax?: number;
  /** Upper bound of `setFrameBytesMax`. Default 16 MiB. */
  readonly frameBytesHardMax?: number;
  /** `send` returns false above this. Default 64 KiB. */
  readonly highWaterBytes?: number;
  /** An upgrade was refused, or a connection could not be accepted. For counters. */
  readonly onRefused?: (reason: RefusedReason) => void;
}

const DEFAULTS = {
  host: '127.0.0.1',
  port: 0,
  path: '/ws',
  connectionsMax: 20_000,
  connectionsPerAddressMax: 200,
  handshakesPerSec: 1_000,
  handshakesPerSecPerAddress: 200,
  allowedOrigins: ['*'],
  trustedProxies: [],
  proxyProtocol: false,
  perMessageDeflate: false,
  helloTimeoutMs: 8_000,
  frameBytesMax: 64 * 1024,
  frameBytesHardMax: 16 * 1024 * 1024,
  highWaterBytes: 64 * 1024,
  onRefused: () => {},
} as const satisfies WebSocketListenerOptions;

const LISTEN_DEADLINE_MS = 2_000;
/** A peer that does not answer our close frame is dropped after this; the boundary allows 2 s. */
const CLOSE_TIMEOUT_MS = 1_500;
/** The same when the whole listener closes; the boundary allows 1 s. */
const LISTENER_CLOSE_TIMEOUT_MS = 700;

/** Accepts WebSockets (RFC 6455) on a TCP port of its own. */
export class WebSocketListener implements Listener {
  readonly transport = 'websocket';
  readonly #options: Required<WebSocketListenerOptions>;
  readonly #admission: Admission;
  readonly #proxies: TrustedProxies;
  readonly #proxied: ProxiedConnections;
  readonly #http: Server;
  readonly #upgrader: UpgradeServer<typeof ServerSocket>;
  readonly #connections = new Set<WebSocketConnection>();
  readonly #context: ConnectionContext;
  #accept: Accept | undefined;
  #httpClosed: Promise<void> | undefined;
  #closed: Promise<void> | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(options: WebSocketListenerOptions = {}) {
    this.#options = { ...DEFAULTS, ...options };
    this.#admission = new Admission(this.#options, performance.now());
    this.#proxies = new TrustedProxies(this.#options.trustedProxies);
    this.#proxied = new ProxiedConnections({
      timeoutMs: this.#options.helloTimeoutMs,
      trusts: (peer) => this.#proxies.trusts(peer),
      onRefused: () => this.#options.onRefused('proxy-header'),
    });
    this.#http = this.#createHttpServer();
    this.#upgrader = this.#createUpgrader();
    this.#context = {
      batcher: new WriteBatcher(),
      highWaterBytes: this.#options.highWaterBytes,
      frameBytesHardMax: this.#options.frameBytesHardMax,
      onClosed: (connection) => this.#forget(connection),
    };
  }

  listen(accept: Accept): Promise<BoundAddress> {
    this.#accept = accept;
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown) => {
        clearTimeout(deadline);
        this.stopAccepting();
        reject(new StartError(`WebSocket cannot listen on ${host}:${port}: ${messageOf(cause)}`, cause));
      };
      const deadline = setTimeout(fail, LISTEN_DEADLINE_MS, new Error('no answer from the system'));
      this.#http.once('error', fail);
      this.#http.listen({ host, port }, () => {
        clearTimeout(deadline);
        this.#http.off('error', fail);
        this.#http.on('error', () => this.#options.onRefused('full'));
        resolve(boundAddress(this.#http.address(), host));
      });
    });
  }

  stopAccepting(): void {
    this.#accept = undefined;
    if (this.#httpClosed !== undefined) return;
    this.#httpClosed = new Promise((resolve) => this.#http.close(() => resolve()));
    // Half-open handshakes: with the server closed nothing else would time them out.
    this.#http.closeAllConnections();
    this.#proxied.close();
  }

  close(disconnect: Disconnect): Promise<void> {
    this.#closed ??= this.#closeAll(disconnect);
    return this.#closed;
  }

  async #closeAll(disconnect: Disconnect): Promise<void> {
    this.stopAccepting();
    const empty = this.#whenEmpty();
    for (const connection of this.#connections) connection.close(disconnect);
    const deadline = setTimeout(() => {
      for (const connection of this.#connections) connection.destroy();
    }, LISTENER_CLOSE_TIMEOUT_MS);
    await empty;
    await this.#httpClosed;
    clearTimeout(deadline);
  }

  #whenEmpty(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#connections.size === 0) resolve();
      else this.#onEmpty = resolve;
    });
  }

  #createHttpServer(): Server {
    const { helloTimeoutMs, connectionsMax } = this.#options;
    const server = createServer({
      headersTimeout: helloTimeoutMs,
      requestTimeout: helloTimeoutMs,
      connectionsCheckingInterval: Math.min(1_000, helloTimeoutMs),
    });
    // As many handshakes at a time as connections, and a few for the answers to those that are too many.
    server.maxConnections = 2 * connectionsMax + 128;
    if (this.#options.proxyProtocol) this.#proxied.attach(server);
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    server.on('request', (request, response) => this.#answerPlain(request, response));
    server.on('clientError', (_error, socket) => this.#dropBadRequest(socket));
    return server;
  }

  #createUpgrader(): UpgradeServer<typeof ServerSocket> {
    const options = {
      noServer: true,
      clientTracking: false,
      maxPayload: this.#options.frameBytesMax,
      perMessageDeflate: this.#options.perMessageDeflate && {
        // Without a window per connection: some 300 KiB each otherwise.
        serverNoContextTakeover: true,
        clientNoContextTakeover: true,
        threshold: 1024,
      },
      closeTimeout: CLOSE_TIMEOUT_MS,
      WebSocket: ServerSocket,
    };
    const upgrader = new WebSocketServer(options);
    upgrader.on('wsClientError', (_error, socket) => this.#refuse(socket, 'bad-handshake'));
    return upgrader;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const own = unmapped(request.socket.remoteAddress ?? '');
    const peer = this.#proxied.addressOf(request.socket) ?? own;
    const address = this.#proxies.clientAddress(peer, forwardedFor(request));
    const target = request.url ?? '';
    const asked = { target, origin: request.headers.origin, address };
    const refusal = this.#accept === undefined ? 'full' : this.#admission.refusal(asked, performance.now());
    if (refusal !== undefined) {
      this.#refuse(socket, refusal);
      return;
    }
    // http types the socket as a Duplex; the request has the same one as a net.Socket.
    const netSocket = request.socket;
    const info = {
      transport: this.transport,
      datagrams: false,
      remoteAddress: address,
      token: tokenOf(request.headers.authorization, target),
    };
    this.#upgrader.handleUpgrade(request, socket, head, (webSocket) => {
      this.#admit(info, webSocket, netSocket);
    });
  }

  #admit(info: ConnectionInfo, webSocket: ServerSocket, socket: Socket): void {
    const accept = this.#accept;
    if (accept === undefined) return;
    socket.on('end', dropLater);
    const connection = new WebSocketConnection(info, webSocket, socket, this.#context);
    this.#connections.add(connection);
    this.#admission.enter(info.remoteAddress ?? '');
    connection.start(accept(connection));
  }

  #forget(connection: WebSocketConnection): void {
    if (!this.#connections.delete(connection)) return;
    this.#admission.leave(connection.info.remoteAddress ?? '');
    if (this.#connections.size === 0) this.#onEmpty?.();
  }

  #refuse(socket: Duplex, reason: Refusal | 'bad-handshake'): void {
    const status = REFUSAL_STATUS[reason];
    this.#options.onRefused(reason);
    socket.on('error', () => socket.destroy());
    socket.once('finish', () => socket.destroy());
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nSec-WebSocket-Version: 13\r\n` +
        'Content-Length: 0\r\n\r\n',
    );
  }

  /** RFC 9110 section 15.5.22: 426 names the protocol to switch to. */
  #answerPlain(request: IncomingMessage, response: ServerResponse): void {
    const status = pathOf(request.url ?? '') === this.#options.path ? 426 : 404;
    response.writeHead(status, { Connection: 'close', Upgrade: 'websocket', 'Content-Type': 'text/plain' });
    response.end(`${STATUS_CODES[status]}\n`);
  }

  #dropBadRequest(socket: Duplex): void {
    if (socket.writable) this.#refuse(socket, 'bad-handshake');
    else socket.destroy();
  }
}

/**
 * The peer has sent its FIN without a close frame; ws answers with ours behind what is still to be written. A peer
 * that does not read would keep the socket for ever.
 */
function dropLater(this: Socket): void {
  const timer = setTimeout(() => this.destroy(), CLOSE_TIMEOUT_MS);
  this.once('close', () => clearTimeout(timer));
}

function boundAddress(address: AddressInfo | string | null, host: string): BoundAddress {
  if (address === null || typeof address === 'string') return { host, port: 0 };
  return { host: address.address, port: address.port };
}

/** Several fields of the name are one list (RFC 9110 section 5.3). */
function forwardedFor(request: IncomingMessage): string | undefined {
  const value = request.headers['x-forwarded-for'];
  return Array.isArray(value) ? value.join(',') : value;
}
