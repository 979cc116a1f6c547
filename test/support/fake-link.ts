import { encodeBatch } from '../../src/protocol/batch.ts';
import {
  encodeFrame,
  FLAG,
  type Header,
  payloadOf,
  ROUTE,
  readHeader,
  readRoute,
} from '../../src/protocol/header.ts';
import { decodeHello, encodeWelcome, type Hello, SYSTEM, type Welcome } from '../../src/protocol/system.ts';
import type { Link, LinkHandlers, OpenLink } from '../../web-client/sdk/link.ts';
import { settle } from './fake-clock.ts';

/** A link whose other end is the test. */
export class FakeLink implements Link {
  readonly transport = 'websocket';
  readonly bufferedBytes = 0;
  datagramBytesMax = 0;
  /** Copies of what the client sent, in order. */
  readonly sent: Uint8Array[] = [];
  readonly datagrams: Uint8Array[] = [];
  closedWith: { code: number | undefined; reason: string | undefined } | undefined;
  readonly #handlers: LinkHandlers;

  constructor(handlers: LinkHandlers) {
    this.#handlers = handlers;
  }

  send(frame: Uint8Array): void {
    this.sent.push(frame.slice());
    frame.fill(0xee);
  }

  sendDatagram(frame: Uint8Array): boolean {
    this.datagrams.push(frame.slice());
    return true;
  }

  close(code?: number, reason?: string): void {
    this.closedWith ??= { code, reason };
  }

  /** The gateway sends; the bytes are overwritten after the call, as a transport may do. */
  receive(frame: Uint8Array, datagram = false): void {
    const view = frame.slice();
    this.#handlers.onFrame(view, datagram);
    view.fill(0xee);
  }

  receiveBatch(frames: Uint8Array[]): void {
    this.receive(encodeBatch(frames));
  }

  welcome(welcome: Partial<Welcome> = {}): void {
    this.receive(encodeWelcome({ ...WELCOME, ...welcome }, 1));
  }

  /** The gateway or the network ends the link. */
  end(code: number, reason = ''): void {
    this.#handlers.onClose({ code, reason });
  }

  /** The Hello that the client opened with. */
  get hello(): Hello | undefined {
    return this.sent[0] && decodeHello(payloadOf(this.sent[0]));
  }

  /** Headers of the frames after the Hello, system frames left out. */
  get headers(): Header[] {
    return this.sent.filter((frame) => readRoute(frame) !== ROUTE.system).map((frame) => readHeader(frame));
  }

  /** The last frame with that system msgId. */
  lastSystem(msgId: number): Uint8Array | undefined {
    return this.sent.findLast((frame) => {
      const header = readHeader(frame);
      return header.route === ROUTE.system && header.msgId === msgId;
    });
  }
}

/** Of a session that begins. */
export const WELCOME: Welcome = {
  sessionId: '77',
  resumeToken: 'resume-1',
  epoch: 1,
  recovered: false,
  replayed: 0,
  accepted: 0,
  heartbeatIntervalMs: 0,
  frameBytesMax: 65_536,
  datagramBytesMax: 0,
  gatewayId: 'gateway-1',
  userId: '0',
  serverTimeMs: 0,
  expiresAtMs: 0,
};

/** Hands out FakeLinks and keeps them. */
export class FakeNetwork {
  readonly links: FakeLink[] = [];
  /** Set: attempts fail with this. */
  refusal: Error | undefined;
  attempts = 0;

  readonly open: OpenLink = async (handlers) => {
    this.attempts++;
    if (this.refusal !== undefined) throw this.refusal;
    const link = new FakeLink(handlers);
    this.links.push(link);
    return link;
  };

  /** The newest link, once its Hello is there. */
  async link(): Promise<FakeLink> {
    await settle();
    const link = this.links.at(-1);
    if (link?.lastSystem(SYSTEM.hello) === undefined) throw new Error('no link with a Hello');
    return link;
  }
}

/** A frame of the gateway's on the game route. */
export function gameFrame(header: Partial<Header>, payload: number[] = []): Uint8Array {
  return encodeFrame(
    { seq: 0, route: ROUTE.game, flags: 0, msgId: 1001, ...header },
    new Uint8Array(payload),
  );
}

export function responseTo(header: Header, payload: number[] = []): Uint8Array {
  return encodeFrame({ ...header, flags: FLAG.response }, new Uint8Array(payload));
}
