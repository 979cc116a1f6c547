import { DISCONNECT, type Disconnect } from '../../src/protocol/disconnect.ts';
import type { Accept, BoundAddress, Listener } from '../../src/transport.ts';
import { Admission, REFUSAL_STATUS } from '../admission.ts';
import { FlushList } from '../flush-list.ts';
import { type CertificatePair, checkCertificate } from './certificate-check.ts';
import type { LibrarySession } from './library.ts';
import { DEFAULTS, type ListenerOptions, type WebTransportListenerOptions } from './options.ts';
import { QuicServer } from './quic-server.ts';
import { peerAddress, sessionRequest, sessionToken } from './session-request.ts';
import { type ConnectionContext, WebTransportConnection } from './webtransport-connection.ts';

const OK = 200;
/** To a session that had to be accepted before its address was known. */
const REFUSAL_DISCONNECT = {
  full: DISCONNECT.full,
  'full-address': DISCONNECT.fullForAddress,
  'rate-address': DISCONNECT.rateLimited,
} as const;
/** Of a listener that closes: together below the boundary's 1 s, with the server's own linger. */
const CLOSE_DEADLINES = { flushMs: 300, answerMs: 300 };
/** An idle connection is found within a quarter of the idle time. */
const IDLE_CHECKS = 4;
/** The system may hold the port for a moment after the old socket has closed: what fails beyond that is told. */
const RESTART_TRIES = 5;
const RESTART_DELAY_MS = 100;
/** After that the delay doubles up to this. */
const RETRY_DELAY_MAX_MS = 5_000;

/** Accepts WebTransport sessions over HTTP/3 on a UDP port of its own. */
export class WebTransportListener implements Listener {
  readonly transport = 'webtransport';
  readonly #options: ListenerOptions;
  readonly #admission: Admission;
  readonly #context: ConnectionContext;
  readonly #connections = new Set<WebTransportConnection>();
  readonly #silentChecks = new Map<WebTransportConnection, number>();
  #certificate: CertificatePair;
  #accept: Accept | undefined;
  /** Undefined until `listen`, and while one server has stopped and the next is not up. */
  #server: QuicServer | undefined;
  #port: number | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #replacing: Promise<void> = Promise.resolve();
  #closed: Promise<void> | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(options: WebTransportListenerOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#certificate = this.#options.certificate;
    this.#admission = new Admission(this.#options, performance.now());
    this.#context = {
      options: this.#options,
      flushList: new FlushList(),
      onOpen: (connection) => this.#acceptNow()?.(connection),
      onHelloTimeout: () => this.#options.onRefused('no-control-stream'),
      onClosed: (connection) => this.#forget(connection),
    };
  }

  /** False before `listen`, and while a change of certificate has the port closed, or cannot have it. */
  get serving(): boolean {
    return this.#server !== undefined;
  }

  async listen(accept: Accept): Promise<BoundAddress> {
    checkCertificate(this.#certificate);
    const server = await this.#startServer(this.#options.port);
    this.#port = server.address.port;
    this.#accept = accept;
    this.#setServer(server);
    const interval = this.#options.idleTimeoutMs / IDLE_CHECKS;
    this.#idleTimer = setInterval(() => this.#closeIdle(), interval).unref();
    return server.address;
  }

  stopAccepting(): void {
    this.#accept = undefined;
  }

  close(disconnect: Disconnect): Promise<void> {
    this.#closed ??= this.#closeAll(disconnect);
    return this.#closed;
  }

  /**
   * Serves `certificate` to new sessions from now on, on the same port. QUIC has one certificate per socket and the
   * library one per server, so every session ends, with `certificateChanged` (the client reconnects at once and
   * resumes), and the port is closed for some 100 ms: the caller sends its GoAway before. Calls wait for each other.
   *
   * Rejects, with the old certificate still serving, where the new one is not valid. Rejects too, with nobody serving,
   * where the port cannot be had again for half a second, because another process has taken it: the listener then
   * goes on trying by itself, every 5 s at the least, until it serves the new certificate or is closed.
   */
  replaceCertificate(certificate: CertificatePair): Promise<void> {
    const replaced = this.#replacing.then(() => this.#replace(certificate));
    this.#replacing = replaced.catch(() => {});
    return replaced;
  }

  async #replace(certificate: CertificatePair): Promise<void> {
    checkCertificate(certificate);
    const port = this.#port;
    if (this.#closed !== undefined || port === undefined) return;
    const old = this.#setServer(undefined);
    await this.#closeConnections(DISCONNECT.certificateChanged);
    await old?.stop();
    this.#certificate = certificate;
    await this.#restart(port);
  }

  async #closeAll(disconnect: Disconnect): Promise<void> {
    this.stopAccepting();
    clearInterval(this.#idleTimer);
    clearTimeout(this.#retryTimer);
    await this.#closeConnections(disconnect);
    await this.#replacing;
    await this.#server?.stop();
  }

  async #restart(port: number): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        this.#setServer(await this.#startServer(port));
        return;
      } catch (error) {
        if (this.#closed !== undefined) throw error;
        if (tries === RESTART_TRIES) {
          this.#retryAfter(2 * RESTART_DELAY_MS, port);
          throw error;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, RESTART_DELAY_MS));
    }
  }

  #retryAfter(delayMs: number, port: number): void {
    if (this.#closed !== undefined) return;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => {
      this.#replacing = this.#replacing.then(() => this.#retry(delayMs, port));
    }, delayMs).unref();
  }

  async #retry(delayMs: number, port: number): Promise<void> {
    // A call of `replaceCertificate` may have come in between.
    if (this.#closed !== undefined || this.#server !== undefined) return;
    try {
      this.#setServer(await this.#startServer(port));
    } catch {
      this.#retryAfter(Math.min(2 * delayMs, RETRY_DELAY_MAX_MS), port);
    }
  }

  /** Returns the one before. */
  #setServer(server: QuicServer | undefined): QuicServer | undefined {
    const before = this.#server;
    this.#server = server;
    if ((before === undefined) !== (server === undefined)) this.#options.onServing(server !== undefined);
    return before;
  }

  #startServer(port: number): Promise<QuicServer> {
    return QuicServer.start(
      { ...this.#options, port, certificate: this.#certificate },
      {
        onRequest: (header) => this.#answer(header),
        onSession: (session) => this.#admit(session),
      },
    );
  }

  /** Undefined where no further connection is taken: never again, or not until the next server is up. */
  #acceptNow(): Accept | undefined {
    return this.#server === undefined ? undefined : this.#accept;
  }

  #answer(header: unknown): number {
    const request = sessionRequest(header);
    const refusal = this.#refusal(request);
    if (refusal === undefined) return OK;
    this.#options.onRefused(refusal);
    return REFUSAL_STATUS[refusal];
  }

  #refusal(request: ReturnType<typeof sessionRequest>) {
    if (request === undefined) return 'bad-handshake';
    if (this.#acceptNow() === undefined) return 'full';
    return this.#admission.refusal(request, performance.now());
  }

  #admit(session: LibrarySession): void {
    const remoteAddress = peerAddress(session.peerAddress);
    const token = sessionToken(session.header);
    const info = { transport: this.transport, datagrams: true, remoteAddress, token };
    const connection = new WebTransportConnection(session, info, this.#context);
    this.#connections.add(connection);
    const refusal = this.#enter(remoteAddress);
    if (refusal !== undefined) {
      this.#options.onRefused(refusal);
      connection.close(REFUSAL_DISCONNECT[refusal]);
    }
    connection.start();
  }

  /** The request did not say who asks. Whatever the answer, the connection is counted. */
  #enter(address: string): keyof typeof REFUSAL_DISCONNECT | undefined {
    const refusal = this.#admission.enter(address);
    if (refusal !== undefined) return refusal;
    return this.#admission.takesHandshakeOf(address, performance.now()) ? undefined : 'rate-address';
  }

  #forget(connection: WebTransportConnection): void {
    if (!this.#connections.delete(connection)) return;
    this.#silentChecks.delete(connection);
    this.#admission.leave(connection.info.remoteAddress ?? '');
    if (this.#connections.size === 0) this.#onEmpty?.();
  }

  /** Resolves when every connection's `onClose` has run. */
  async #closeConnections(disconnect: Disconnect): Promise<void> {
    if (this.#connections.size === 0) return;
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
    for (const connection of this.#connections) connection.closeWithin(disconnect, CLOSE_DEADLINES);
    await empty;
  }

  #closeIdle(): void {
    for (const connection of this.#connections) {
      const silent = connection.takeHeard() ? 0 : (this.#silentChecks.get(connection) ?? 0) + 1;
      if (silent >= IDLE_CHECKS) connection.close(DISCONNECT.heartbeatTimeout);
      else if (silent > 0) this.#silentChecks.set(connection, silent);
      else this.#silentChecks.delete(connection);
    }
  }
}
