import { forEachFrame } from '../../src/protocol/batch.ts';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import {
  FLAG,
  HEADER_BYTES,
  payloadOf,
  ROUTE,
  readFlags,
  readMsgId,
  readRoute,
} from '../../src/protocol/header.ts';
import { SYSTEM } from '../../src/protocol/system.ts';
import type { Link, LinkHandlers, OpenLink } from '../sdk/index.ts';

/** One frame on its way, as a link saw it. */
export interface TappedFrame {
  direction: 'in' | 'out';
  transport: 'websocket' | 'webtransport';
  datagram: boolean;
  /** It came inside a batch frame. */
  batched: boolean;
  /** A copy. */
  frame: Uint8Array;
}

interface LinkEnds {
  transport: TappedFrame['transport'];
  ended: boolean;
}

const KILLED = 'killed by hand';

/** Listens on every link of a client, and breaks the one in use when asked to. */
export class Tap {
  readonly #onFrame: (frame: TappedFrame) => void;
  /** The link that greeted last: losers of a race do not come to that. */
  #live: { link: Link; kill(): void; ends: LinkEnds } | undefined;

  constructor(onFrame: (frame: TappedFrame) => void) {
    this.#onFrame = onFrame;
  }

  /** For the SDK's option of that name. */
  readonly wrap = (open: OpenLink): OpenLink => {
    return async (handlers, signal) => {
      const ends: LinkEnds = { transport: 'websocket', ended: false };
      const link = await open(this.#handlers(handlers, ends), signal);
      ends.transport = link.transport;
      const kill = () => {
        if (ends.ended) return;
        ends.ended = true;
        link.close(DISCONNECT.heartbeatTimeout.code, KILLED);
        handlers.onClose({ code: 0, reason: KILLED });
      };
      return this.#tapped(link, kill, ends);
    };
  };

  /** The link in use ends as if the network had gone. False: there is none. */
  kill(): boolean {
    const live = this.#live;
    this.#live = undefined;
    live?.kill();
    return live !== undefined;
  }

  /** Past the client: whatever the bytes are. False: there is no link. */
  sendRaw(frame: Uint8Array): boolean {
    const link = this.#live?.link;
    if (link === undefined) return false;
    link.send(frame);
    return true;
  }

  #handlers(handlers: LinkHandlers, ends: LinkEnds): LinkHandlers {
    return {
      onFrame: (frame, datagram) => {
        if (ends.ended) return;
        this.#tell('in', ends.transport, frame, datagram);
        handlers.onFrame(frame, datagram);
      },
      onClose: (event) => {
        if (ends.ended) return;
        ends.ended = true;
        if (this.#live?.ends === ends) this.#live = undefined;
        handlers.onClose(event);
      },
    };
  }

  #tapped(link: Link, kill: () => void, ends: LinkEnds): Link {
    const tell = (frame: Uint8Array, datagram: boolean) => this.#tell('out', link.transport, frame, datagram);
    const tapped: Link = {
      transport: link.transport,
      get datagramBytesMax() {
        return link.datagramBytesMax;
      },
      get bufferedBytes() {
        return link.bufferedBytes;
      },
      get datagramsDropped() {
        return link.datagramsDropped;
      },
      send: (frame) => {
        tell(frame, false);
        if (isHello(frame)) this.#live = { link: tapped, kill, ends };
        link.send(frame);
      },
      sendDatagram: (frame) => {
        const copy = new Uint8Array(frame);
        const sent = link.sendDatagram(frame);
        if (sent) tell(copy, true);
        return sent;
      },
      close: (code, reason) => link.close(code, reason),
    };
    return tapped;
  }

  #tell(
    direction: TappedFrame['direction'],
    transport: TappedFrame['transport'],
    frame: Uint8Array,
    datagram: boolean,
  ): void {
    if (frame.length >= HEADER_BYTES && readFlags(frame) & FLAG.batch) {
      forEachFrame(payloadOf(frame), (inner) => {
        this.#onFrame({ direction, transport, datagram, batched: true, frame: new Uint8Array(inner) });
      });
      return;
    }
    this.#onFrame({ direction, transport, datagram, batched: false, frame: new Uint8Array(frame) });
  }
}

function isHello(frame: Uint8Array): boolean {
  return (
    frame.length >= HEADER_BYTES && readRoute(frame) === ROUTE.system && readMsgId(frame) === SYSTEM.hello
  );
}
