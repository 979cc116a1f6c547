import {
  encodeFrame,
  FLAG,
  HEADER_BYTES,
  ROUTE,
  readMsgId,
  readRoute,
  readSeq,
} from '../../src/protocol/header.ts';
import { SYSTEM } from '../../src/protocol/system.ts';
import type { Clock, Timer } from './clock.ts';
import { HeldHandlers } from './held-handlers.ts';
import type { Link, LinkHandlers, OpenLink } from './link.ts';

const STREAM_SEQ = 1;
const DATAGRAM_SEQ = 2;
/** Datagrams get lost: the probe is sent this often, and given up this long after the stream's echo. */
const DATAGRAM_INTERVAL_MS = 100;
const DATAGRAM_GRACE_MS = 400;

/**
 * Opens links of `open` and hands over only those on which the gateway itself answered: a heartbeat came back on the
 * stream, and another by datagram. Where only the datagrams stay out, the link does without them. A handshake proves
 * less: some networks let it through and lose what follows.
 */
export function echoedLink(open: OpenLink, clock: Clock): OpenLink {
  return async (handlers, signal) => {
    const probe = new EchoProbe(handlers, clock);
    const link = await open(probe, signal);
    try {
      const datagrams = await probe.run(link, signal);
      probe.release();
      return datagrams || link.datagramBytesMax === 0 ? link : withoutDatagrams(link);
    } catch (error) {
      link.close();
      throw error;
    }
  };
}

class EchoProbe implements LinkHandlers {
  readonly #held: HeldHandlers;
  readonly #clock: Clock;
  #link: Link | undefined;
  #streamEchoed = false;
  #datagramEchoed = false;
  #settle: { resolve(datagrams: boolean): void; reject(error: unknown): void } | undefined;
  #timer: Timer | undefined;
  #released = false;

  constructor(handlers: LinkHandlers, clock: Clock) {
    this.#held = new HeldHandlers(handlers);
    this.#clock = clock;
  }

  /** Resolves with whether datagrams came back; rejects when the link ends or `signal` fires before. */
  run(link: Link, signal?: AbortSignal): Promise<boolean> {
    this.#link = link;
    return new Promise<boolean>((resolve, reject) => {
      signal?.throwIfAborted();
      const abort = () => this.#settle?.reject(signal?.reason);
      signal?.addEventListener('abort', abort, { once: true });
      const done = () => {
        this.#timer?.cancel();
        this.#settle = undefined;
        signal?.removeEventListener('abort', abort);
      };
      this.#settle = {
        resolve: (datagrams) => {
          done();
          resolve(datagrams);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      };
      link.send(heartbeat(STREAM_SEQ, 0));
      this.#sendDatagram(0);
    });
  }

  release(): void {
    this.#released = true;
    this.#held.release();
  }

  onFrame(frame: Uint8Array, datagram: boolean): void {
    if (this.#released || !isHeartbeat(frame)) this.#held.onFrame(frame, datagram);
    else if (datagram) this.#datagramCame();
    else if (readSeq(frame) === STREAM_SEQ) this.#streamCame();
  }

  onClose(event: { code: number; reason: string }): void {
    this.#settle?.reject(new Error(`closed with ${event.code} before its echo ${event.reason}`.trim()));
    this.#held.onClose(event);
  }

  #streamCame(): void {
    this.#streamEchoed = true;
    if (this.#datagramEchoed || this.#link?.datagramBytesMax === 0) {
      this.#settle?.resolve(this.#datagramEchoed);
      return;
    }
    this.#timer?.cancel();
    this.#sendDatagram(DATAGRAM_GRACE_MS);
  }

  #datagramCame(): void {
    this.#datagramEchoed = true;
    if (this.#streamEchoed) this.#settle?.resolve(true);
  }

  /** Again and again until its echo or, once the stream's echo is there, for `leftMs`; 0: no limit yet. */
  #sendDatagram(leftMs: number): void {
    const link = this.#link;
    if (link === undefined || link.datagramBytesMax < HEADER_BYTES) return;
    link.sendDatagram(heartbeat(DATAGRAM_SEQ, FLAG.latest));
    this.#timer = this.#clock.after(DATAGRAM_INTERVAL_MS, () => {
      if (!this.#streamEchoed) this.#sendDatagram(0);
      else if (leftMs > DATAGRAM_INTERVAL_MS) this.#sendDatagram(leftMs - DATAGRAM_INTERVAL_MS);
      else this.#settle?.resolve(false);
    });
  }
}

function heartbeat(seq: number, flags: number): Uint8Array {
  return encodeFrame({ seq, route: ROUTE.system, flags, msgId: SYSTEM.heartbeat });
}

function isHeartbeat(frame: Uint8Array): boolean {
  return (
    frame.length >= HEADER_BYTES && readRoute(frame) === ROUTE.system && readMsgId(frame) === SYSTEM.heartbeat
  );
}

function withoutDatagrams(link: Link): Link {
  return {
    transport: link.transport,
    datagramBytesMax: 0,
    get bufferedBytes() {
      return link.bufferedBytes;
    },
    send: (frame) => link.send(frame),
    sendDatagram: () => false,
    close: (code, reason) => link.close(code, reason),
  };
}
