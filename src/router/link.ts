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
/** Kept while a Hello is looked into, which takes milliseconds; a client that sends more by then ends its link. */
const HELD_FRAMES_MAX = 1024;
const HELD_BYTES_MAX = 1024 * 1024;

export function refOf(frame: Uint8Array): FrameRef {
  return { seq: readSeq(frame), route: readRoute(frame), msgId: readMsgId(frame) };
}

/**
 * One connection and the session on it: the core's side of a transport, and what has to be known of the connection
 * rather than of the session (when it was heard, what it said in its Hello). A Hello may give it another session.
 */
export class Link implements ConnectionHandlers, IngressFeed {
  readonly connection: Connection;
  readonly cells: TransportCells;
  readonly #owner: LinkOwner;
  session: Session;
  /** When the last frame came from the peer, on the monotonic clock: wall clocks step. */
  heardAtMs: number;
  /** Kept by the ingress throttle. */
  queuedFrames = 0;
  paused = false;
  /** The game that the session named last. */
  game: Game | undefined;
  helloDone = false;
  /** Since the Welcome nothing has come that shows that the client got it. */
  unconfirmed = false;
  /** Pushes wait: the client may be about to say Hello, or it has, and nothing is to come ahead of the Welcome. */
  #quiet = false;
  /** False while nothing but Hello, AuthLogin and heartbeats is taken. */
  authenticated = true;
  /** Of its heartbeat, and of its Hello or login where that is awaited; kept by `Links`. */
  wheelEntry: WheelEntry<Link> | undefined;
  helloDeadline: WheelEntry<Link> | undefined;
  /** Up to which pushes wait for a Hello; kept by `Links`. */
  quietDeadline: WheelEntry<Link> | undefined;
  /** On the monotonic clock. */
  helloDeadlineMs = 0;
  #held: Uint8Array[] | undefined;
  #heldBytes = 0;
  #pingDueMs = 0;
  #pingSeq = 0;
  /** On the monotonic clock; undefined where the last Ping is answered. */
  #pingSentAtMs: number | undefined;
  #closed = false;
  #ending = false;

  constructor(owner: LinkOwner, session: Session, options: LinkOptions) {
    this.#owner = owner;
    this.session = session;
    this.connection = options.connection;
    this.cells = options.cells;
    this.heardAtMs = performance.now();
    this.#pingDueMs = this.heardAtMs + options.heartbeat.intervalMs;
  }

  get queue(): SendQueue {
    return this.session.queue;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** False once the session continues elsewhere, or has ended: what still comes here is void. */
  get current(): boolean {
    return this.session.connection === this.connection;
  }

  onFrame(frame: Uint8Array, datagram: boolean): void {
    if (!this.current) return;
    this.heardAtMs = performance.now();
    if (this.unconfirmed) this.#confirm();
    if (datagram) this.cells.datagramsReceived.value++;
    if (this.#held !== undefined) return this.hold(frame);
    this.#owner.receive(this, frame);
  }

  onText(text: string): void {
    if (!this.current) return;
    this.heardAtMs = performance.now();
    if (this.unconfirmed) this.#confirm();
    this.#owner.receiveText(this, text);
  }

  onDrain(): void {
    if (this.current && !this.#quiet) this.queue.onDrain();
  }

  onArrived(): void {
    if (this.current && this.unconfirmed) this.#confirm();
  }

  onClose(event: CloseEvent): void {
    this.#closed = true;
    this.#held = undefined;
    this.#owner.onClosed(this, event);
  }

  /** True while what comes in is to be kept by `hold`. */
  get holding(): boolean {
    return this.#held !== undefined;
  }

  /** Keeps what comes in until `work` is done, in order. `work` does not reject. */
  holdDuring(work: Promise<void>): void {
    this.#held = [];
    work.finally(() => this.#takeHeld());
  }

  /** Copies a frame, to be received once what holds it is done. */
  hold(frame: Uint8Array): void {
    if (this.#held === undefined) return;
    this.#heldBytes += frame.length;
    if (this.#held.length >= HELD_FRAMES_MAX || this.#heldBytes > HELD_BYTES_MAX) {
      return this.disconnect(DISCONNECT.flooded);
    }
    this.#held.push(new Uint8Array(frame));
  }

  pauseReading(): void {
    this.connection.pause();
  }

  resumeReading(): void {
    this.heardAtMs = performance.now();
    this.connection.resume();
  }

  /** From now on pushes wait. */
  quieten(): void {
    this.#quiet = true;
    this.queue.rest();
  }

  /** Pushes wait, up to the first frame of the client, or its Welcome. */
  get quiet(): boolean {
    return this.#quiet;
  }

  /** What waits goes out. */
  speak(): void {
    if (!this.#quiet) return;
    this.#quiet = false;
    this.queue.onDrain();
  }

  /** Answers a frame with an Error and counts it; the link lives. */
  reject(ref: FrameRef, code: ErrorCode, message: string, retryAfterMs = 0): void {
    this.speak();
    this.#owner.countError(this, code);
    this.session.sendError(ref, code, message, retryAfterMs);
  }

  /** Its session is nameless, and none is resumed: the client is to come back later. */
  refuseNameless(ref: FrameRef): void {
    this.reject(ref, 'UNAVAILABLE', DISCONNECT.unavailable.reason, this.session.retryAfterMs);
    this.disconnect(DISCONNECT.unavailable);
  }

  /** It was told to end: what is left of a batch is not for anybody any more. */
  get ending(): boolean {
    return this.#ending;
  }

  disconnect(disconnect: Disconnect): void {
    this.#ending = true;
    if (this.current) this.session.disconnect(disconnect);
    else this.connection.close(disconnect);
  }

  /**
   * Looks at the peer's silence and at the next Ping; returns the milliseconds until it has to look again, or undefined
   * where the link has ended. What comes in counts as alive, but a Ping goes out all the same. `nowMs` is monotonic.
   */
  checkHeartbeat(nowMs: number, times: HeartbeatTimes): number | undefined {
    if (this.#closed || !this.current) return undefined;
    // Who is not read from cannot be heard.
    if (this.paused) this.heardAtMs = nowMs;
    const silentMs = nowMs - this.heardAtMs;
    if (silentMs >= times.timeoutMs) {
      this.disconnect(DISCONNECT.heartbeatTimeout);
      return undefined;
    }
    if (nowMs >= this.#pingDueMs) {
      this.#pingDueMs = nowMs + times.intervalMs;
      this.#ping();
    }
    return Math.min(times.timeoutMs - silentMs, this.#pingDueMs - nowMs);
  }

  /** The Pong of that seq is here. Returns the milliseconds since its Ping; undefined where it answers an older one, or none. */
  takePong(seq: number): number | undefined {
    if (this.#pingSentAtMs === undefined || seq !== this.#pingSeq) return undefined;
    const rttMs = this.heardAtMs - this.#pingSentAtMs;
    this.#pingSentAtMs = undefined;
    return rttMs;
  }

  #ping(): void {
    this.#pingSeq = (this.#pingSeq + 1) >>> 0;
    this.#pingSentAtMs = performance.now();
    const ping = { sentAtMs: Date.now(), received: this.session.framesTaken };
    const frame = encodePing(ping, this.#pingSeq);
    if (!this.#quiet) return this.session.send(frame, LANE.critical);
    this.queue.sendFirst(frame);
    this.queue.rest();
  }

  #confirm(): void {
    this.unconfirmed = false;
    this.session.confirmToken();
  }

  #takeHeld(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#heldBytes = 0;
    for (const frame of held) {
      if (!this.current) return;
      // One of them may be a message that has to be looked into, as the first was.
      if (this.#held !== undefined) this.hold(frame);
      else this.#owner.receive(this, frame);
    }
  }
}

export interface LinkOptions {
  readonly connection: Connection;
  readonly cells: TransportCells;
  readonly heartbeat: HeartbeatTimes;
}
