import type { Distribution } from '../observe/counters.ts';
import { FLAG, payloadOf, readFlags, readMsgId, readSeq } from '../protocol/header.ts';
import { decodePing, decodePong, encodePong, encodeStatus, type Status, SYSTEM } from '../protocol/system.ts';
import { LANE } from '../queue/lane.ts';
import type { AuthHandler } from './auth-handler.ts';
import type { HelloHandler } from './hello-handler.ts';
import { type Link, refOf } from './link.ts';

export interface SystemHandlersOptions {
  readonly hello: HelloHandler;
  readonly auth: AuthHandler;
  /** From a Ping of the gateway to its Pong, in seconds. */
  readonly pingRtt: Distribution;
  status(): Status;
}

/** No push has it: theirs are names, or begin with a route, and 0 is none. */
const HEARTBEAT_KEY = SYSTEM.heartbeat;

/** System messages (route 3) that the gateway answers itself. */
export class SystemHandlers {
  readonly #options: SystemHandlersOptions;

  constructor(options: SystemHandlersOptions) {
    this.#options = options;
  }

  handle(link: Link, frame: Uint8Array): void {
    switch (readMsgId(frame)) {
      case SYSTEM.heartbeat:
        return this.#heartbeat(link, frame);
      case SYSTEM.hello:
        return this.#options.hello.handle(link, frame);
      case SYSTEM.ping:
        return this.#ping(link, frame);
      case SYSTEM.pong:
        return this.#pong(link, frame);
      case SYSTEM.authLogin:
        return this.#options.auth.login(link, frame);
      case SYSTEM.error:
        return;
      default:
        return this.#authenticated(link, frame);
    }
  }

  /** What is not taken before authentication, where that is required. */
  #authenticated(link: Link, frame: Uint8Array): void {
    if (!link.authenticated) return link.reject(refOf(frame), 'UNAUTHENTICATED', 'log in first');
    switch (readMsgId(frame)) {
      case SYSTEM.statusQuery:
        return link.session.send(encodeStatus(this.#options.status(), readSeq(frame)), LANE.critical);
      case SYSTEM.authRefresh:
        return this.#options.auth.refresh(link, frame);
      case SYSTEM.authLogout:
        return this.#options.auth.logout(link, frame);
      default:
        return link.reject(refOf(frame), 'UNKNOWN_ROUTE', `system message ${readMsgId(frame)}`);
    }
  }

  /** Echoed the way it asks for: a `latest` one by datagram where there are any, so that a client can try that path. */
  #heartbeat(link: Link, frame: Uint8Array): void {
    // Not slice(): a socket's view is a Buffer, and its slice shares the memory.
    const echo = new Uint8Array(frame);
    if (readFlags(echo) & FLAG.latest) link.session.sendLatest(echo, LANE.critical, HEARTBEAT_KEY);
    else link.session.send(echo, LANE.critical);
  }

  #ping(link: Link, frame: Uint8Array): void {
    const ping = decodePing(payloadOf(frame));
    if (ping === undefined) return link.reject(refOf(frame), 'BAD_MESSAGE', 'Ping does not decode');
    const { session } = link;
    session.queue.log.trim(ping.received);
    const pong = { sentAtMs: ping.sentAtMs, serverTimeMs: Date.now(), received: session.framesTaken };
    session.send(encodePong(pong, readSeq(frame)), LANE.critical);
  }

  #pong(link: Link, frame: Uint8Array): void {
    const pong = decodePong(payloadOf(frame));
    if (pong === undefined) return link.reject(refOf(frame), 'BAD_MESSAGE', 'Pong does not decode');
    link.session.queue.log.trim(pong.received);
    const rttMs = link.takePong(readSeq(frame));
    if (rttMs !== undefined) this.#options.pingRtt.observe(rttMs / 1000);
  }
}
