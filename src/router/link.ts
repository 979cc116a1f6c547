import type { TransportCells } from '../observe/metrics.ts';
import { DISCONNECT, type Disconnect } from '../protocol/disconnect.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import { ROUTE, readMsgId, readRoute, readSeq } from '../protocol/header.ts';
import { encodePing } from '../protocol/system.ts';
import type { IngressFeed } from '../queue/ingress-throttle.ts';
import { LANE } from '../queue/lane.ts';
import type { SendQueue } from '../queue/send-queue.ts';
import type { FrameRef, Session } from '../session/session.ts';
import type { WheelEntry } from '../session/timing-wheel.ts';
import type { CloseEvent, Connection, ConnectionHandlers } from '../transport.ts';
import type { Game } from './games.ts';

/** What a link needs of the gateway. */
export interface LinkOwner {
  receive(link: Link, frame: Uint8Array): void;
  receiveText(link: Link, text: string): void;
  onClosed(link: Link, event: CloseEvent): void;
  countError(link: Link, code: ErrorCode): void;
}

export interface HeartbeatTimes {
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** What an Error refers to where the frame has no header to name. */
export const NO_FRAME: FrameRef = { seq: 0, route: ROUTE.system, msgId: 0 };

export function refOf(frame: Uint8Array): FrameRef {
  return { seq: readSeq(frame), route: readRoute(frame), msgId: readMsgId(frame) };
}

/**
 * One connection and the session on it: the core's side of a transport, and what has to be known of the connection
 * rather than of the session (when it was heard, what it said in its Hello).
 */
export class Link implements ConnectionHandlers, IngressFeed {
  readonly connection: Connection;
  readonly session: Session;
  readonly queue: SendQueue;
  readonly cells: TransportCells;
  readonly #owner: LinkOwner;
  /** Unix ms of the last frame from the peer. */
  heardAtMs: number;
  /** Kept by the ingress throttle. */
  queuedFrames = 0;
  paused = false;
  /** The game that the session named last. */
  game: Game | undefined;
  helloDone = false;
  /** Last measured by Ping and Pong; undefined before. */
  rttMs: number | undefined;
  wheelEntry: WheelEntry<Link> | undefined;
  #pingDueMs = 0;
  #pingSeq = 0;
  #closed = false;

  constructor(owner: LinkOwner, session: Session, queue: SendQueue, options: LinkOptions) {
    this.#owner = owner;
    this.session = session;
    this.queue = queue;
    this.connection = options.connection;
    this.cells = options.cells;
    this.heardAtMs = Date.now();
    this.#pingDueMs = this.heardAtMs + options.heartbeat.intervalMs;
  }

  get closed(): boolean {
    return this.#closed;
  }

  onFrame(frame: Uint8Array, datagram: boolean): void {
    this.heardAtMs = Date.now();
    if (datagram) this.cells.datagramsReceived.value++;
    this.#owner.receive(this, frame);
  }

  onText(text: string): void {
    this.heardAtMs = Date.now();
    this.#owner.receiveText(this, text);
  }

  onDrain(): void {
    this.queue.onDrain();
  }

  onClose(event: CloseEvent): void {
    this.#closed = true;
    this.#owner.onClosed(this, event);
  }

  pauseReading(): void {
    this.connection.pause();
  }

  resumeReading(): void {
    this.heardAtMs = Date.now();
    this.connection.resume();
  }

  /** Answers a frame with an Error and counts it; the link lives. */
  reject(ref: FrameRef, code: ErrorCode, message: string, retryAfterMs = 0): void {
    this.#owner.countError(this, code);
    this.session.sendError(ref, code, message, retryAfterMs);
  }

  disconnect(disconnect: Disconnect): void {
    this.session.disconnect(disconnect);
  }

  /**
   * Looks at the peer's silence and at the next Ping; returns the milliseconds until it has to look again, or undefined
   * where the link has ended. What comes in counts as alive, but a Ping goes out all the same.
   */
  checkHeartbeat(nowMs: number, times: HeartbeatTimes): number | undefined {
    if (this.#closed) return undefined;
    // Who is not read from cannot be heard.
    if (this.paused) this.heardAtMs = nowMs;
    const silentMs = nowMs - this.heardAtMs;
    if (silentMs >= times.timeoutMs) {
      this.disconnect(DISCONNECT.heartbeatTimeout);
      return undefined;
    }
    if (nowMs >= this.#pingDueMs) {
      this.#pingDueMs = nowMs + times.intervalMs;
      this.#pingSeq = (this.#pingSeq + 1) >>> 0;
      const ping = { sentAtMs: nowMs, received: this.session.framesTaken };
      this.session.send(encodePing(ping, this.#pingSeq), LANE.critical);
    }
    return Math.min(times.timeoutMs - silentMs, this.#pingDueMs - nowMs);
  }
}

export interface LinkOptions {
  readonly connection: Connection;
  readonly cells: TransportCells;
  readonly heartbeat: HeartbeatTimes;
}
