import { FLAG, payloadOf, ROUTE, readFlags, readMsgId, readRoute, readSeq } from '../src/protocol/header.ts';
import { decodeError, decodePing, encodeHello, encodePong, SYSTEM } from '../src/protocol/system.ts';
import { systemClock } from '../web-client/sdk/clock.ts';
import { GatewayLink, type LinkEnd } from '../web-client/sdk/gateway-link.ts';
import type { OpenLink } from '../web-client/sdk/link.ts';
import type { LoadOptions } from './load-options.ts';
import { count, type LoadResult } from './load-result.ts';
import { buildPayload, buildTemplate, numberIn, stampFrame } from './payload.ts';

/** The run, as its connections see it. */
export interface LoadConnectionOwner {
  readonly options: LoadOptions;
  readonly result: LoadResult;
  /** The Welcome came. */
  onConnected(connection: LoadConnection): void;
  /** All messages are sent and settled, or the link ended. Exactly once. */
  onDone(connection: LoadConnection): void;
}

/** One simulated player: sends when told to, and matches what comes back. No promise and no timer per message. */
export class LoadConnection {
  readonly #owner: LoadConnectionOwner;
  readonly #index: number;
  readonly #template: Uint8Array;
  readonly #link: GatewayLink;
  /** Message number to the time of its sending, ms. */
  readonly #sentAtMs = new Map<number, number>();
  #received = 0;
  #number = 0;
  #owed = 0;
  #connected = false;
  #done = false;
  #closing = false;
  #stopped = false;

  /** Opens its link at once. */
  constructor(owner: LoadConnectionOwner, index: number, open: OpenLink) {
    this.#owner = owner;
    this.#index = index;
    const { options } = owner;
    const header = {
      seq: 0,
      route: ROUTE[options.route],
      flags: options.ack ? FLAG.ackRequested : 0,
      msgId: options.msgId,
    };
    const payload = buildPayload({ ...options, userId: options.userId + index });
    this.#template = buildTemplate(header, payload, index);
    this.#link = new GatewayLink({
      open,
      hello: () => encodeHello({ token: options.token, client: 'dualgate-load', batch: true }, 0),
      timeoutMs: options.timeoutMs,
      clock: systemClock,
      events: {
        onWelcome: () => this.#welcomed(),
        onFrame: (frame) => this.#receive(frame),
        onEnd: (end) => this.#ended(end),
      },
    });
  }

  /** The gateway welcomed it, once. */
  get connected(): boolean {
    return this.#connected;
  }

  /** All messages of the run are sent or owed, or the link is gone. */
  get sentAll(): boolean {
    return this.#done || this.#stopped || this.#number + this.#owed >= this.#owner.options.messages;
  }

  /** One message is due. It leaves now, or once an answer makes room in the window. */
  due(): void {
    const { inFlight } = this.#owner.options;
    if (this.#done || this.#stopped) return;
    if (inFlight > 0 && this.#sentAtMs.size >= inFlight) this.#owed++;
    else this.#send();
  }

  /** Every message of the run is due: the window is filled, and each answer makes the next one leave. */
  allDue(): void {
    const { inFlight, messages } = this.#owner.options;
    this.#owed = messages;
    while (this.#owed > 0 && (inFlight === 0 || this.#sentAtMs.size < inFlight) && !this.#done) {
      this.#owed--;
      this.#send();
    }
  }

  /** Sends nothing more; what is under way may still be answered. */
  stop(): void {
    this.#stopped = true;
    this.#owed = 0;
    this.#finishIfSettled();
  }

  /** Ends the link; it counts neither as dropped nor as failed. */
  close(): void {
    this.#closing = true;
    this.#link.close(1000, '');
  }

  #send(): void {
    const link = this.#link.live;
    if (link === undefined) return;
    const { result } = this.#owner;
    const number = ++this.#number;
    const nowMs = performance.now();
    if (result.firstSentAtMs === 0) result.firstSentAtMs = performance.timeOrigin + nowMs;
    this.#sentAtMs.set(number, nowMs);
    result.sent++;
    link.send(stampFrame(this.#template, number));
  }

  #welcomed(): void {
    this.#connected = true;
    this.#owner.result.connected++;
    this.#owner.onConnected(this);
    this.#finishIfSettled();
  }

  #receive(frame: Uint8Array): void {
    const flags = readFlags(frame);
    const route = readRoute(frame);
    if (route !== ROUTE.system) {
      this.#owner.result.received++;
      this.#received = (this.#received + 1) >>> 0;
    }
    if (flags & FLAG.error) this.#refused(frame);
    else if (route === ROUTE.system) this.#system(frame);
    else if (!this.#owner.options.ack || flags & FLAG.ack) this.#answered(frame, flags);
  }

  #answered(frame: Uint8Array, flags: number): void {
    const number = numberIn(frame, flags, this.#index);
    const sentAtMs = this.#sentAtMs.get(number);
    if (sentAtMs === undefined) return;
    this.#sentAtMs.delete(number);
    const nowMs = performance.now();
    const { result } = this.#owner;
    result.answered++;
    result.lastAnswerAtMs = performance.timeOrigin + nowMs;
    result.recordLatency(Math.round((nowMs - sentAtMs) * 1_000));
    this.#next();
  }

  #refused(frame: Uint8Array): void {
    const { result } = this.#owner;
    count(result.errors, decodeError(payloadOf(frame))?.code ?? 'undecodable');
    result.errorCount++;
    if (this.#sentAtMs.delete(readSeq(frame))) this.#next();
  }

  /** A message is settled: its room in the window is free. */
  #next(): void {
    if (this.#owed > 0) {
      this.#owed--;
      this.#send();
    }
    this.#finishIfSettled();
  }

  #system(frame: Uint8Array): void {
    if (readMsgId(frame) !== SYSTEM.ping) return;
    const ping = decodePing(payloadOf(frame));
    if (ping === undefined) return;
    const pong = { sentAtMs: ping.sentAtMs, serverTimeMs: Date.now(), received: this.#received };
    this.#link.live?.send(encodePong(pong, readSeq(frame)));
  }

  #finishIfSettled(): void {
    if (this.#connected && this.sentAll && this.#owed === 0 && this.#sentAtMs.size === 0) this.#finish();
  }

  #ended(end: LinkEnd): void {
    if (!this.#closing) {
      const reason = end.code === 0 ? end.reason || 'lost' : `${end.code} ${end.reason}`.trim();
      const { connectFailures, dropped } = this.#owner.result;
      count(this.#connected ? dropped : connectFailures, reason);
    }
    this.#finish();
  }

  #finish(): void {
    if (this.#done) return;
    this.#done = true;
    this.#owner.onDone(this);
  }
}
