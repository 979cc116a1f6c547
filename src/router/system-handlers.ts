import { DISCONNECT, withReason } from '../protocol/disconnect.ts';
import { FLAG, payloadOf, readFlags, readMsgId, readSeq } from '../protocol/header.ts';
import {
  decodeHello,
  decodePing,
  decodePong,
  encodePong,
  encodeStatus,
  encodeWelcome,
  type Hello,
  PROTOCOL_VERSION,
  type Status,
  SYSTEM,
} from '../protocol/system.ts';
import { LANE } from '../queue/lane.ts';
import { type Link, refOf } from './link.ts';

export interface SystemHandlersOptions {
  readonly gatewayId: string;
  readonly heartbeatIntervalMs: number;
  /** The frame limit that holds for the link now, in bytes. */
  frameBytesMax(link: Link): number;
  status(): Status;
}

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
        return this.#hello(link, frame);
      case SYSTEM.ping:
        return this.#ping(link, frame);
      case SYSTEM.pong:
        return this.#pong(link, frame);
      case SYSTEM.statusQuery:
        return link.session.send(encodeStatus(this.#options.status(), readSeq(frame)), LANE.critical);
      case SYSTEM.authLogin:
      case SYSTEM.authRefresh:
      case SYSTEM.authLogout:
        return link.reject(refOf(frame), 'FORBIDDEN', 'this gateway does not authenticate');
      case SYSTEM.error:
        return;
      default:
        return link.reject(refOf(frame), 'UNKNOWN_ROUTE', `system message ${readMsgId(frame)}`);
    }
  }

  /** Echoed the way it asks for: a `latest` one by datagram where there are any, so that a client can try that path. */
  #heartbeat(link: Link, frame: Uint8Array): void {
    // Not slice(): a socket's view is a Buffer, and its slice shares the memory.
    const echo = new Uint8Array(frame);
    if (readFlags(echo) & FLAG.latest) link.session.sendLatest(echo, LANE.critical, 'heartbeat');
    else link.session.send(echo, LANE.critical);
  }

  #hello(link: Link, frame: Uint8Array): void {
    const hello = decodeHello(payloadOf(frame));
    if (hello === undefined) return link.reject(refOf(frame), 'BAD_MESSAGE', 'Hello does not decode');
    if (hello.protocol !== PROTOCOL_VERSION) {
      const reason = `protocol ${hello.protocol}, expected ${PROTOCOL_VERSION}`;
      return link.disconnect(withReason(DISCONNECT.unsupportedProtocol, reason));
    }
    if (link.helloDone) return link.reject(refOf(frame), 'BAD_MESSAGE', 'a second Hello');
    this.#welcome(link, hello, readSeq(frame));
  }

  #welcome(link: Link, hello: Hello, seq: number): void {
    const { session, connection } = link;
    link.helloDone = true;
    const welcome = encodeWelcome(
      {
        sessionId: session.id,
        resumeToken: '',
        epoch: 1,
        recovered: false,
        replayed: 0,
        accepted: session.framesTaken,
        heartbeatIntervalMs: this.#options.heartbeatIntervalMs,
        frameBytesMax: this.#options.frameBytesMax(link),
        datagramBytesMax: connection.datagramBytesMax,
        gatewayId: this.#options.gatewayId,
        userId: session.user?.id ?? '0',
        serverTimeMs: Date.now(),
      },
      seq,
    );
    session.send(welcome, LANE.critical);
    link.queue.batching = hello.batch;
  }

  #ping(link: Link, frame: Uint8Array): void {
    const ping = decodePing(payloadOf(frame));
    if (ping === undefined) return link.reject(refOf(frame), 'BAD_MESSAGE', 'Ping does not decode');
    const pong = {
      sentAtMs: ping.sentAtMs,
      serverTimeMs: Date.now(),
      received: link.session.framesTaken,
    };
    link.session.send(encodePong(pong, readSeq(frame)), LANE.critical);
  }

  #pong(link: Link, frame: Uint8Array): void {
    const pong = decodePong(payloadOf(frame));
    if (pong === undefined) return link.reject(refOf(frame), 'BAD_MESSAGE', 'Pong does not decode');
    const rttMs = Date.now() - pong.sentAtMs;
    if (rttMs >= 0) link.rttMs = rttMs;
  }
}
