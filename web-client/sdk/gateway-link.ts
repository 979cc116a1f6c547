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
import { decodeError, decodeWelcome, SYSTEM, type Welcome } from '../../src/protocol/system.ts';
import type { Clock, Timer } from './clock.ts';
import type { Link, LinkHandlers, OpenLink } from './link.ts';

/** Frames that may come before the Welcome. With more the attempt is given up, and the next one may be faster. */
const HELD_FRAMES_MAX = 256;

/** Why a link ended, or never stood. */
export interface LinkEnd {
  /** The close code; 0: lost, or never open. */
  code: number;
  reason: string;
  /** The gateway's answer to the Hello, where it refused it by an Error message. */
  refusal?: { code: string; retryAfterMs: number };
}

/** The owner's side. Called in order: onWelcome once, then onFrame; onEnd exactly once, last. */
export interface GatewayLinkEvents {
  onWelcome(welcome: Welcome): void;
  /** One frame, never a batch, a view valid during the call only. */
  onFrame(frame: Uint8Array, datagram: boolean): void;
  onEnd(end: LinkEnd): void;
}

export interface GatewayLinkOptions {
  open: OpenLink;
  /** Asked once, before the link is opened. An end in place of the Hello: the attempt ends with it. */
  hello(): Uint8Array | Promise<Uint8Array | LinkEnd>;
  /** From the start of the attempt to the Welcome, ms. */
  timeoutMs: number;
  clock: Clock;
  events: GatewayLinkEvents;
}

/** One link from the attempt to open it, over Hello and Welcome, to its end. Unpacks batches. */
export class GatewayLink {
  readonly #options: GatewayLinkOptions;
  readonly #attempt = new AbortController();
  readonly #timer: Timer;
  #held: { frame: Uint8Array; datagram: boolean }[] = [];
  #link: Link | undefined;
  #phase: 'opening' | 'live' | 'ended' = 'opening';

  constructor(options: GatewayLinkOptions) {
    this.#options = options;
    this.#timer = options.clock.after(options.timeoutMs, () => {
      this.close(DISCONNECT.helloTimeout.code, `no Welcome within ${options.timeoutMs} ms`);
    });
    this.#open().catch((error: unknown) =>
      this.#end({ code: 0, reason: error instanceof Error ? error.message : String(error) }),
    );
  }

  /** The link below, while it carries application frames. */
  get live(): Link | undefined {
    return this.#phase === 'live' ? this.#link : undefined;
  }

  /** Ends it at once, as seen by the owner; the link below closes in its own time. Idempotent. */
  close(code: number, reason: string): void {
    this.#end({ code, reason });
    this.#link?.close(code, reason);
  }

  async #open(): Promise<void> {
    const hello = await this.#options.hello();
    if (!(hello instanceof Uint8Array)) this.#end(hello);
    else if (this.#phase !== 'ended')
      this.#opened(await this.#options.open(this.#handlers(), this.#attempt.signal), hello);
  }

  #handlers(): LinkHandlers {
    return {
      onFrame: (frame, datagram) => this.#receive(frame, datagram),
      onClose: (event) => this.#end(event),
    };
  }

  #opened(link: Link, hello: Uint8Array): void {
    if (this.#phase === 'ended') {
      link.close();
      return;
    }
    this.#link = link;
    link.send(hello);
  }

  #end(end: LinkEnd): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    this.#held = [];
    this.#timer.cancel();
    this.#attempt.abort();
    this.#options.events.onEnd(end);
  }

  #receive(frame: Uint8Array, datagram: boolean): void {
    if (frame.length < HEADER_BYTES) return;
    if ((readFlags(frame) & FLAG.batch) === 0) {
      this.#dispatch(frame, datagram);
      return;
    }
    const fault = forEachFrame(payloadOf(frame), (inner) => this.#dispatch(inner, datagram));
    if (fault !== undefined) this.close(DISCONNECT.protocolError.code, fault);
  }

  #dispatch(frame: Uint8Array, datagram: boolean): void {
    if (this.#phase === 'live') this.#options.events.onFrame(frame, datagram);
    else if (this.#phase === 'opening') this.#greet(frame, datagram);
  }

  #greet(frame: Uint8Array, datagram: boolean): void {
    const msgId = readMsgId(frame);
    const system = readRoute(frame) === ROUTE.system;
    if (system && msgId === SYSTEM.welcome) {
      this.#welcomed(decodeWelcome(payloadOf(frame)));
    } else if (system && msgId === SYSTEM.hello && readFlags(frame) & FLAG.error) {
      this.#refused(frame);
    } else if (this.#held.length < HELD_FRAMES_MAX) {
      this.#held.push({ frame: new Uint8Array(frame), datagram });
    } else {
      this.#end({ code: 0, reason: `more than ${HELD_FRAMES_MAX} frames came before the Welcome` });
      this.#link?.close();
    }
  }

  #refused(frame: Uint8Array): void {
    const error = decodeError(payloadOf(frame));
    const { code, message, retryAfterMs } = error ?? { code: 'INTERNAL', message: '', retryAfterMs: 0 };
    this.#end({ code: 0, reason: `${code}: ${message}`, refusal: { code, retryAfterMs } });
    this.#link?.close();
  }

  #welcomed(welcome: Welcome | undefined): void {
    if (welcome === undefined) {
      this.close(DISCONNECT.protocolError.code, 'the Welcome does not decode');
      return;
    }
    this.#phase = 'live';
    this.#timer.cancel();
    const held = this.#held;
    this.#held = [];
    this.#options.events.onWelcome(welcome);
    // A recovered session replays what it missed; frames from before were sent to the link's provisional session.
    if (welcome.recovered) return;
    for (const { frame, datagram } of held) this.#dispatch(frame, datagram);
  }
}
