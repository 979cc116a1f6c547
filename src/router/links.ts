import type { Metrics } from '../observe/metrics.ts';
import { DISCONNECT, disconnectName, withReason } from '../protocol/disconnect.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import type { SessionLifecycle } from '../session/lifecycle.ts';
import { TimingWheel } from '../session/timing-wheel.ts';
import type { CloseEvent, Connection } from '../transport.ts';
import { type HeartbeatTimes, Link, type LinkOwner } from './link.ts';

export interface LinksOptions {
  readonly lifecycle: SessionLifecycle;
  readonly metrics: Metrics;
  readonly heartbeat: HeartbeatTimes;
  /** A silent link is found within this of its timeout. */
  readonly checkIntervalMs: number;
  /** Of a new link, until its session has a user. */
  readonly frameBytesMax: number;
  readonly frameBytesMaxBound: number;
  /** Links begin unauthenticated, and have `helloTimeoutMs` to change that. */
  readonly requiresHello: boolean;
  readonly helloTimeoutMs: number;
  receive(link: Link, frame: Uint8Array): void;
  receiveText(link: Link, text: string): void;
  onClosed(link: Link): void;
}

/**
 * The wheel's steps in a check interval. One step a check would send the Pings of all that came within 10 s in one go:
 * with 50,000 links the event loop stood still for some 90 ms each time, before a transport has written a byte.
 */
const STEPS_PER_CHECK = 40;
const STEP_MIN_MS = 100;
/** Longer intervals than fit are looked at in between. */
const SLOTS_MAX = 4096;
const HELLO_STEP_MS = 250;
const HELLO_SLOTS = 64;
/** A client says Hello within a round trip or two. */
const QUIET_MS = 500;
/** To a client that has said Hello, and not who it is. */
const NO_LOGIN = withReason(DISCONNECT.helloTimeout, 'no login in time');

/** The links of a gateway: makes them, watches over their heartbeats and Hellos, and counts them. */
export class Links implements LinkOwner {
  readonly #options: LinksOptions;
  readonly #wheel: TimingWheel<Link>;
  readonly #hellos: TimingWheel<Link>;
  #count = 0;

  constructor(options: LinksOptions) {
    this.#options = options;
    const { checkIntervalMs, heartbeat } = options;
    const stepMs = Math.max(STEP_MIN_MS, Math.round(checkIntervalMs / STEPS_PER_CHECK));
    const slots = Math.min(SLOTS_MAX, Math.ceil(heartbeat.timeoutMs / stepMs) + 2);
    this.#wheel = new TimingWheel(stepMs, slots, (link, nowMs) => this.#onHeartbeat(link, nowMs));
    this.#hellos = new TimingWheel(HELLO_STEP_MS, HELLO_SLOTS, (link, nowMs) =>
      this.#onDeadline(link, nowMs),
    );
  }

  get count(): number {
    return this.#count;
  }

  start(): void {
    this.#wheel.start();
    this.#hellos.start();
  }

  stop(): void {
    this.#wheel.stop();
    this.#hellos.stop();
  }

  /** A link with a session of its own on a new connection. Where that is nameless, a resume alone admits the link. */
  accept(connection: Connection): Link {
    const { lifecycle, metrics, heartbeat, frameBytesMax, requiresHello } = this.#options;
    const cells = metrics.forTransport(connection.info.transport);
    const session = lifecycle.open(connection, cells);
    const link = new Link(this, session, { connection, cells, heartbeat });
    connection.setFrameBytesMax(frameBytesMax);
    link.wheelEntry = this.#wheel.add(link, heartbeat.intervalMs);
    if (requiresHello || session.nameless) this.#awaitHello(link);
    else this.#awaitWord(link);
    this.#count++;
    cells.connections.value++;
    cells.opened.value++;
    return link;
  }

  /** The link's session is a user's. One that nobody has verified is not let in, where that is required. */
  admit(link: Link): void {
    const { session } = link;
    link.authenticated = !this.#options.requiresHello || session.grant.verified;
    if (!link.authenticated) return;
    if (link.helloDeadline !== undefined) this.#hellos.cancel(link.helloDeadline);
    if (session.user !== undefined) this.bound(link);
  }

  /** The link's session has a user. */
  bound(link: Link): void {
    link.connection.setFrameBytesMax(this.#options.frameBytesMaxBound);
  }

  receive(link: Link, frame: Uint8Array): void {
    this.#options.receive(link, frame);
  }

  receiveText(link: Link, text: string): void {
    this.#options.receiveText(link, text);
  }

  onClosed(link: Link, event: CloseEvent): void {
    const { metrics, lifecycle } = this.#options;
    this.#count--;
    link.cells.connections.value--;
    if (link.wheelEntry !== undefined) this.#wheel.cancel(link.wheelEntry);
    if (link.helloDeadline !== undefined) this.#hellos.cancel(link.helloDeadline);
    if (link.quietDeadline !== undefined) this.#hellos.cancel(link.quietDeadline);
    this.#options.onClosed(link);
    lifecycle.closed(link.session, link.connection, event);
    const name = event.by === 'lost' ? 'lost' : disconnectName(event.code);
    metrics.closed.add(1, link.connection.info.transport, name, event.by);
  }

  countError(link: Link, code: ErrorCode): void {
    this.#options.metrics.frameErrors.add(1, link.connection.info.transport, code);
  }

  #awaitHello(link: Link): void {
    link.authenticated = false;
    link.helloDeadlineMs = performance.now() + this.#options.helloTimeoutMs;
    link.helloDeadline = this.#hellos.add(link, this.#options.helloTimeoutMs);
  }

  /** Pushes wait for the Hello, for a little while: not every client says one. */
  #awaitWord(link: Link): void {
    this.#options.lifecycle.list(link.session);
    link.quieten();
    link.quietDeadline = this.#hellos.add(link, QUIET_MS);
  }

  #onDeadline(link: Link, nowMs: number): void {
    if (link.quietDeadline === undefined) return this.#onHelloDeadline(link, nowMs);
    link.quietDeadline = undefined;
    if (!link.helloDone) link.speak();
  }

  #onHelloDeadline(link: Link, nowMs: number): void {
    const leftMs = link.helloDeadlineMs - nowMs;
    if (leftMs <= 0) link.disconnect(link.helloDone ? NO_LOGIN : DISCONNECT.helloTimeout);
    else if (link.helloDeadline !== undefined) this.#hellos.schedule(link.helloDeadline, leftMs);
  }

  #onHeartbeat(link: Link, nowMs: number): void {
    const nextMs = link.checkHeartbeat(nowMs, this.#options.heartbeat);
    if (nextMs !== undefined && link.wheelEntry !== undefined) this.#wheel.schedule(link.wheelEntry, nextMs);
    link.queue.expireLog();
  }
}
