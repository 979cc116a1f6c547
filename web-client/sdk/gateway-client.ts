import { DISCONNECT, withReason } from '../../src/protocol/disconnect.ts';
import {
  encodeFrame,
  FLAG,
  payloadOf,
  ROUTE,
  readFlags,
  readMsgId,
  readRoute,
  readSeq,
  SEQ_MODULUS,
} from '../../src/protocol/header.ts';
import { decodeError, decodeGoAway, encodeHello, SYSTEM, type Welcome } from '../../src/protocol/system.ts';
import { Authentication } from './authentication.ts';
import type {
  Client,
  ClientEvents,
  ClientState,
  ClientStats,
  ConnectOptions,
  Authentication as Granted,
  RequestOptions,
} from './client-api.ts';
import { type Clock, systemClock } from './clock.ts';
import { Connector } from './connector.ts';
import { Emitter } from './emitter.ts';
import { ClientError, clientError } from './errors.ts';
import { FirstAttempt } from './first-attempt.ts';
import type { LinkEnd } from './gateway-link.ts';
import { Heartbeat } from './heartbeat.ts';
import type { Link, LinkSource } from './link.ts';
import { isCounted, type Message, messageOfFrame } from './message.ts';
import { PendingRequests, UnacknowledgedFrames } from './pending.ts';
import { Pings } from './pings.ts';
import { Tokens } from './tokens.ts';

const NORMAL = 1000;
const CONNECT_TIMEOUT_MS = 8_000;
const REQUEST_TIMEOUT_MS = 10_000;
const PENDING_MAX = 1_024;

/** The Client behind `connect`: sessions, counts and answers over the links that a Connector keeps standing. */
export class GatewayClient implements Client {
  readonly #options: ConnectOptions;
  readonly #source: LinkSource;
  readonly #clock: Clock;
  readonly #connector: Connector;
  readonly #heartbeat: Heartbeat;
  readonly #emitter = new Emitter<ClientEvents>();
  readonly #tokens: Tokens;
  readonly #authentication: Authentication;
  readonly #requests: PendingRequests;
  readonly #unacknowledged = new UnacknowledgedFrames();
  readonly #first = new FirstAttempt<Client>();
  readonly #pings: Pings;
  readonly #counts = {
    sent: 0,
    received: 0,
    datagramsSent: 0,
    datagramsReceived: 0,
    latestDropped: 0,
    reconnects: 0,
    recoveries: 0,
  };
  #state: ClientState = 'connecting';
  #welcome: Welcome | undefined;
  #seq = 0;
  /** Reliable frames received in this session, modulo 2^32. */
  #receivedReliable = 0;

  constructor(source: LinkSource, options: ConnectOptions) {
    this.#options = options;
    this.#source = source;
    const clock = options.clock ?? systemClock;
    this.#clock = clock;
    this.#requests = new PendingRequests(clock);
    this.#pings = new Pings(clock);
    this.#heartbeat = new Heartbeat(
      clock,
      () => this.#ping(),
      () => this.#connector.reconnect(DISCONNECT.heartbeatTimeout.code, 'nothing heard', 0),
    );
    this.#tokens = new Tokens(options.token);
    this.#authentication = this.#createAuthentication();
    this.#connector = new Connector(
      {
        open: source.open,
        clock,
        connectTimeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
        backoff: options.reconnect ?? {},
      },
      {
        hello: () => this.#hello(),
        renews: (end) => this.#tokens.renews(end),
        onWelcome: (welcome, link) => this.#welcomed(welcome, link),
        onFrame: (frame, datagram) => this.#receive(frame, datagram),
        onRetry: (end, retryInMs) => this.#interrupted(end, retryInMs),
        onClosed: (end) => this.#closed(end),
      },
    );
  }

  /** Once. Settles as documented at `connect`. */
  start(signal?: AbortSignal): Promise<Client> {
    return this.#first.run(
      signal,
      () => this.#connector.start(),
      () => this.close(),
    );
  }

  get state(): ClientState {
    return this.#state;
  }

  send(route: number, msgId: number, payload: Uint8Array, options: { ack: true }): Promise<void>;
  send(
    route: number,
    msgId: number,
    payload: Uint8Array,
    options?: { latest?: boolean; ack?: false },
  ): boolean;
  send(
    route: number,
    msgId: number,
    payload: Uint8Array,
    options: { latest?: boolean; ack?: boolean } = {},
  ): boolean | Promise<void> {
    const seq = this.#nextSeq();
    if (options.ack) return this.#sendAcknowledged({ seq, route, flags: FLAG.ackRequested, msgId }, payload);
    const flags = options.latest ? FLAG.latest : 0;
    const frame = encodeFrame({ seq, route, flags, msgId }, payload);
    return options.latest ? this.#sendLatest(frame) : this.#sendReliable(frame);
  }

  request(route: number, msgId: number, payload: Uint8Array, options: RequestOptions = {}): Promise<Message> {
    return this.#ask((seq) => encodeFrame({ seq, route, flags: 0, msgId }, payload), options);
  }

  login(token: string): Promise<Granted> {
    return this.#authentication.login(token);
  }

  refresh(token?: string): Promise<Granted> {
    return this.#authentication.refresh(token);
  }

  logout({ everywhere = false } = {}): Promise<void> {
    return this.#authentication.logout(everywhere);
  }

  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void {
    return this.#emitter.on(name, listener);
  }

  stats(): ClientStats {
    return {
      ...this.#counts,
      state: this.#state,
      transport: this.#connector.link?.transport,
      choice: this.#source.choice,
      sessionId: this.#welcome?.sessionId ?? '',
      rttMs: this.#pings.rttMs,
      pendingRequests: this.#requests.size,
      unacknowledged: this.#unacknowledged.size,
    };
  }

  reconnect(): void {
    this.#connector.reconnect(DISCONNECT.drained.code, 'the application asked for another link', 0);
  }

  close(code = NORMAL, reason = ''): void {
    this.#connector.close(code, withReason({ code, reason }, reason).reason);
  }

  #nextSeq(): number {
    this.#seq = (this.#seq + 1) % SEQ_MODULUS;
    return this.#seq;
  }

  #refusalOf(pending: number): ClientError | undefined {
    if (this.#state === 'closed') return clientError('CLOSED', 'the client is closed');
    const pendingMax = this.#options.pendingMax ?? PENDING_MAX;
    if (pending < pendingMax) return undefined;
    return clientError('TOO_MANY_PENDING', `${pendingMax} frames wait already`);
  }

  #ask(encode: (seq: number) => Uint8Array, options: RequestOptions = {}): Promise<Message> {
    if (options.signal?.aborted) return Promise.reject(clientError('ABORTED', 'the request was aborted'));
    const refusal = this.#refusalOf(this.#requests.size);
    if (refusal !== undefined) return Promise.reject(refusal);
    const seq = this.#nextSeq();
    if (!this.#sendReliable(encode(seq))) {
      return Promise.reject(clientError('DISCONNECTED', 'there is no link at the moment'));
    }
    const timeoutMs = options.timeoutMs ?? this.#options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
    return this.#requests.add(seq, timeoutMs, options.signal);
  }

  #sendReliable(frame: Uint8Array): boolean {
    const link = this.#connector.link;
    if (link === undefined) return false;
    if (readRoute(frame) !== ROUTE.system) this.#counts.sent++;
    link.send(frame);
    return true;
  }

  #sendLatest(frame: Uint8Array): boolean {
    const link = this.#connector.link;
    if (link === undefined) {
      this.#counts.latestDropped++;
      return false;
    }
    if (frame.length > link.datagramBytesMax || !this.#sendDatagram(link, frame)) {
      this.#counts.sent++;
      link.send(frame);
    }
    return true;
  }

  #sendDatagram(link: Link, frame: Uint8Array): boolean {
    const dropped = link.datagramsDropped;
    if (!link.sendDatagram(frame)) return false;
    if (link.datagramsDropped === dropped) {
      this.#counts.sent++;
      this.#counts.datagramsSent++;
    } else this.#counts.latestDropped++;
    return true;
  }

  #sendAcknowledged(
    header: { seq: number; route: number; flags: number; msgId: number },
    payload: Uint8Array,
  ): Promise<void> {
    const refusal = this.#refusalOf(this.#unacknowledged.size);
    if (refusal !== undefined) return Promise.reject(refusal);
    const frame = encodeFrame(header, payload);
    const acknowledged = this.#unacknowledged.add(header.seq, frame);
    // A link may keep the bytes it is given; the copy here stays for another sending.
    this.#sendReliable(frame.slice());
    return acknowledged;
  }

  #createAuthentication(): Authentication {
    return new Authentication(
      {
        ask: (encode) => this.#ask(encode),
        close: (code, reason) => this.close(code, reason),
        onResumeToken: (resumeToken) => {
          if (this.#welcome !== undefined) this.#welcome = { ...this.#welcome, resumeToken };
        },
        onRefreshFailed: (failure) => this.#emitter.emit('refreshFailed', failure),
      },
      this.#tokens,
      this.#clock,
    );
  }

  async #hello(): Promise<Uint8Array | LinkEnd> {
    const token = await this.#tokens.forHello();
    if (typeof token === 'object') return token;
    const { device, client } = this.#options;
    return encodeHello(
      {
        token,
        device,
        client,
        resumeToken: this.#welcome?.resumeToken,
        received: this.#receivedReliable,
        batch: true,
      },
      this.#nextSeq(),
    );
  }

  #welcomed(welcome: Welcome, link: Link): void {
    const earlier = this.#welcome;
    this.#welcome = welcome;
    if (earlier !== undefined) this.#counts.reconnects++;
    if (welcome.recovered) this.#counts.recoveries++;
    else this.#beginSession();
    this.#state = 'open';
    this.#authentication.welcomed(welcome);
    this.#heartbeat.start(welcome.heartbeatIntervalMs);
    const { sessionId, recovered, replayed } = welcome;
    this.#emitter.emit('state', { state: 'open', sessionId, recovered, replayed });
    for (const frame of this.#unacknowledged.frames()) {
      this.#counts.sent++;
      link.send(frame.slice());
    }
    if (welcome.heartbeatIntervalMs > 0) this.#ping();
    this.#first.resolve(this);
  }

  /** What waited for the earlier session will not be answered in this one. */
  #beginSession(): void {
    this.#receivedReliable = 0;
    const error = clientError('SESSION_LOST', 'the gateway began a new session');
    this.#requests.rejectAll(error);
    this.#unacknowledged.rejectAll(error);
  }

  #interrupted(end: LinkEnd, retryInMs: number): void {
    this.#state = 'reconnecting';
    this.#heartbeat.stop();
    this.#authentication.stop();
    this.#emitter.emit('state', { state: 'reconnecting', code: end.code, reason: end.reason, retryInMs });
  }

  #closed(end: LinkEnd): void {
    this.#state = 'closed';
    this.#heartbeat.stop();
    this.#authentication.stop();
    this.#first.reject(endError(end));
    const error = clientError('CLOSED', `the client is closed: ${end.reason}`, end.code);
    this.#requests.rejectAll(error);
    this.#unacknowledged.rejectAll(error);
    this.#emitter.emit('state', { state: 'closed', code: end.code, reason: end.reason });
  }

  #receive(frame: Uint8Array, datagram: boolean): void {
    this.#heartbeat.heard();
    const route = readRoute(frame);
    const flags = readFlags(frame);
    if (isCounted(route, flags)) {
      this.#receivedReliable = (this.#receivedReliable + 1) % SEQ_MODULUS;
    }
    if (flags & FLAG.error) this.#failed(frame);
    else if (route === ROUTE.system) this.#system(frame);
    else if (flags & FLAG.ack) this.#unacknowledged.resolve(readSeq(frame));
    else this.#deliver(frame, flags, datagram);
  }

  #deliver(frame: Uint8Array, flags: number, datagram: boolean): void {
    this.#counts.received++;
    if (datagram) this.#counts.datagramsReceived++;
    const message = messageOfFrame(frame, datagram);
    if (flags & FLAG.response && this.#requests.resolve(message.seq, message)) return;
    this.#emitter.emit(flags & FLAG.latest ? 'latest' : 'message', message);
  }

  #failed(frame: Uint8Array): void {
    const { code, message, retryAfterMs } = decodeError(payloadOf(frame)) ?? {
      code: 'INTERNAL',
      message: 'the Error message does not decode',
      retryAfterMs: 0,
    };
    const error = new ClientError(code, message, { retryAfterMs });
    const seq = readSeq(frame);
    if (this.#requests.reject(seq, error) || this.#unacknowledged.reject(seq, error)) return;
    this.#emitter.emit('error', { seq, route: readRoute(frame), msgId: readMsgId(frame), error });
  }

  #system(frame: Uint8Array): void {
    switch (readMsgId(frame)) {
      case SYSTEM.ping:
        this.#pong(frame);
        break;
      case SYSTEM.pong:
        this.#pings.answered(frame);
        break;
      case SYSTEM.goAway:
        this.#goAway(frame);
        break;
      case SYSTEM.heartbeat:
        break;
      default:
        this.#deliver(frame, readFlags(frame), false);
    }
  }

  #ping(): void {
    this.#connector.link?.send(this.#pings.ping(this.#nextSeq(), this.#receivedReliable));
  }

  #pong(frame: Uint8Array): void {
    const pong = this.#pings.pongFor(frame, this.#receivedReliable);
    if (pong !== undefined) this.#connector.link?.send(pong);
  }

  /** Every client of a draining gateway gets one: they leave spread over the time that it asks for. */
  #goAway(frame: Uint8Array): void {
    const goAway = decodeGoAway(payloadOf(frame));
    if (goAway === undefined) return;
    const { code, reason } = DISCONNECT.drained;
    if (goAway.reconnectUrl !== '') this.#source.redirect?.(goAway.reconnectUrl);
    this.#connector.reconnect(code, reason, this.#clock.random() * goAway.spreadMs);
    this.#emitter.emit('goaway', goAway);
  }
}

function endError(end: LinkEnd): ClientError {
  if (end.refusal !== undefined) {
    return new ClientError(end.refusal.code, end.reason, { retryAfterMs: end.refusal.retryAfterMs });
  }
  return clientError('DISCONNECTED', end.reason === '' ? `closed with ${end.code}` : end.reason, end.code);
}
