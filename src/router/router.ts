import { forEachFrame } from '../protocol/batch.ts';
import { DISCONNECT } from '../protocol/disconnect.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import {
  FLAG,
  FLAGS_RESERVED,
  HEADER_BYTES,
  payloadOf,
  ROUTE,
  readFlags,
  readMsgId,
  readRoute,
} from '../protocol/header.ts';
import { SYSTEM } from '../protocol/system.ts';
import { isCounted } from '../queue/replay-log.ts';
import type { FrameRef } from '../session/session.ts';
import type { RateLimiter } from '../session/session-rates.ts';
import type { GatewayHandlers } from './gateway-handlers.ts';
import { frameFromJson } from './json-frame.ts';
import { type Link, NO_FRAME, refOf } from './link.ts';
import { DESTINATION, type RouteTable } from './route-table.ts';
import type { SystemHandlers } from './system-handlers.ts';
import type { UpstreamHandler } from './upstream-handler.ts';

export interface RouterOptions {
  readonly table: RouteTable;
  readonly system: SystemHandlers;
  readonly upstream: UpstreamHandler;
  readonly gateway: GatewayHandlers;
  readonly limiter: RateLimiter;
  /** Routes that name a permission need it. */
  readonly enforcePermissions: boolean;
  /** Text frames are taken as JSON; otherwise they are answered with TEXT_FRAME. */
  readonly jsonDebug: boolean;
}

/** Input that is no frame, or brings none: what an answer refers to, and its size in bytes. */
interface OddInput {
  readonly ref: FrameRef;
  readonly bytes: number;
}

/** Header to handler: system, gateway or business (DESIGN.md section 6). Synchronous; a frame's view is not kept. */
export class Router {
  readonly #options: RouterOptions;

  constructor(options: RouterOptions) {
    this.#options = options;
  }

  receive(link: Link, frame: Uint8Array): void {
    link.cells.bytesReceived.value += frame.length;
    if (frame.length < HEADER_BYTES) {
      link.cells.framesReceived[0].value++;
      return this.#refuse(link, namelessInput(frame), 'SHORT_FRAME', `frame of ${frame.length} bytes`);
    }
    if (readFlags(frame) & FLAG.batch) this.#receiveBatch(link, frame);
    else this.#receiveOne(link, frame);
  }

  receiveText(link: Link, text: string): void {
    if (!this.#options.jsonDebug)
      return this.#refuse(link, namelessInput(text), 'TEXT_FRAME', 'send binary messages');
    const frame = frameFromJson(text);
    if (frame === undefined) {
      return this.#refuse(link, namelessInput(text), 'BAD_JSON', 'expected {seq, route, msgId, payload}');
    }
    this.receive(link, frame);
  }

  #receiveOne(link: Link, frame: Uint8Array): void {
    if (link.ending) return;
    if (link.holding) return link.hold(frame);
    const route = readRoute(frame);
    if (link.quiet && !(route === ROUTE.system && readMsgId(frame) === SYSTEM.hello)) link.speak();
    const known = route >= ROUTE.chat && route <= ROUTE.system;
    link.cells.framesReceived[known ? route : 0].value++;
    const { session } = link;
    // Accepted or answered by an Error alike: the client counts what it sends.
    if (isCounted(frame)) {
      session.framesTaken = (session.framesTaken + 1) >>> 0;
      session.onTaken?.();
    }
    const waitMs = this.#charge(link, frame.length);
    if (waitMs > 0) return this.#limit(link, refOf(frame), waitMs);
    if (readFlags(frame) & FLAGS_RESERVED) {
      return link.reject(refOf(frame), 'RESERVED_FLAG', `flags 0x${readFlags(frame).toString(16)}`);
    }
    if (route === ROUTE.system) return this.#options.system.handle(link, frame);
    if (!link.authenticated) return this.#turnAway(link, frame);
    const destination = known ? this.#options.table.destination(readMsgId(frame)) : DESTINATION.none;
    if (destination !== DESTINATION.none && this.#options.enforcePermissions) {
      const permission = this.#options.table.permission(route, readMsgId(frame));
      if (permission !== undefined && !session.may(permission)) {
        return link.reject(refOf(frame), 'FORBIDDEN', `needs the permission ${permission}`);
      }
    }
    if (destination === DESTINATION.business) return this.#options.upstream.handle(link, frame);
    if (destination === DESTINATION.gateway) return this.#options.gateway.handle(link, frame);
    link.reject(refOf(frame), 'UNKNOWN_ROUTE', `route ${route}, msgId ${readMsgId(frame)}`);
  }

  #turnAway(link: Link, frame: Uint8Array): void {
    if (link.session.nameless) link.refuseNameless(refOf(frame));
    else link.reject(refOf(frame), 'UNAUTHENTICATED', 'log in first');
  }

  /** Takes a frame out of the session's limits; returns the milliseconds to wait where they do not hold it. */
  #charge(link: Link, bytes: number): number {
    const { session } = link;
    session.rates ??= this.#options.limiter.session(session.user?.key);
    return session.rates.take(bytes, link.authenticated, link.heardAtMs);
  }

  #limit(link: Link, ref: FrameRef, waitMs: number): void {
    link.reject(ref, 'RATE_LIMITED', 'too many frames or bytes', waitMs);
    if (link.session.rates?.strike(link.heardAtMs) !== true) return;
    link.disconnect(DISCONNECT.rateLimited);
  }

  /** Answers what is no frame, within the same limits: an answer costs as much as one to a frame. */
  #refuse(link: Link, odd: OddInput, code: ErrorCode, message: string): void {
    if (this.#isWithin(link, odd)) link.reject(odd.ref, code, message);
  }

  /** False: it was one too many, and is answered. */
  #isWithin(link: Link, { ref, bytes }: OddInput): boolean {
    if (link.ending) return false;
    const waitMs = this.#charge(link, bytes);
    if (waitMs > 0) this.#limit(link, ref, waitMs);
    return waitMs === 0;
  }

  /** The frames in it are counted one by one, the batch itself where it brings none, or breaks off. */
  #receiveBatch(link: Link, frame: Uint8Array): void {
    if (readFlags(frame) & FLAGS_RESERVED) {
      return this.#refuse(link, oddBatch(frame), 'RESERVED_FLAG', `flags 0x${readFlags(frame).toString(16)}`);
    }
    const fault = forEachFrame(payloadOf(frame), (inner) => this.#receiveOne(link, inner));
    if (fault !== undefined) this.#refuse(link, oddBatch(frame), 'BAD_BATCH', fault);
    else if (frame.length === HEADER_BYTES) this.#isWithin(link, oddBatch(frame));
  }
}

function namelessInput({ length }: { readonly length: number }): OddInput {
  return { ref: NO_FRAME, bytes: length };
}

function oddBatch(frame: Uint8Array): OddInput {
  return { ref: refOf(frame), bytes: frame.length };
}
