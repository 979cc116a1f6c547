import { retryAdvice } from '../../src/protocol/disconnect.ts';
import type { Welcome } from '../../src/protocol/system.ts';
import { Backoff, type BackoffOptions } from './backoff.ts';
import type { Clock, Timer } from './clock.ts';
import { GatewayLink, type LinkEnd } from './gateway-link.ts';
import type { Link, OpenLink } from './link.ts';

const NORMAL = 1000;

/** The client, as the connector sees it. */
export interface ConnectorOwner {
  /** The Hello of the next link, or how that ended before it began. */
  hello(): Promise<Uint8Array | LinkEnd>;
  /** Whether another Hello may do better than the one that led to this end. */
  renews(end: LinkEnd): boolean;
  /** A link stands; frames follow. */
  onWelcome(welcome: Welcome, link: Link): void;
  onFrame(frame: Uint8Array, datagram: boolean): void;
  /** The link ended, or an attempt failed; the next one starts in `retryInMs`. */
  onRetry(end: LinkEnd, retryInMs: number): void;
  /** Exactly once, last: no further attempt follows. */
  onClosed(end: LinkEnd): void;
}

export interface ConnectorOptions {
  open: OpenLink;
  clock: Clock;
  /** For one attempt, Welcome included, ms. */
  connectTimeoutMs: number;
  /** False: the first end is the last. */
  backoff: BackoffOptions | false;
}

/** Keeps one link to the gateway standing: opens it, greets, and comes back as the close code's range advises. */
export class Connector {
  readonly #options: ConnectorOptions;
  readonly #owner: ConnectorOwner;
  readonly #backoff: Backoff;
  #current: GatewayLink | undefined;
  #timer: Timer | undefined;
  #everWelcome = false;
  #closed = false;

  constructor(options: ConnectorOptions, owner: ConnectorOwner) {
    this.#options = options;
    this.#owner = owner;
    this.#backoff = new Backoff(options.clock, options.backoff === false ? {} : options.backoff);
  }

  /** The link in use, if one stands. */
  get link(): Link | undefined {
    return this.#current?.live;
  }

  /** Attempts since the last Welcome. */
  get attempts(): number {
    return this.#backoff.attempts;
  }

  /** Starts the first attempt. Its failure is final: the caller of connect hears of it. */
  start(): void {
    this.#connect();
  }

  /** Gives the link up and comes back after `delayMs`; `reason` is for the gateway's log. */
  reconnect(code: number, reason: string, delayMs: number): void {
    if (this.#closed) return;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(delayMs, () => {
      this.#timer = undefined;
      if (this.#current === undefined) this.#connect();
      else this.#current.close(code, reason);
    });
  }

  /** Ends for good. Idempotent. */
  close(code: number, reason: string): void {
    this.#finish({ code, reason });
  }

  #connect(): void {
    this.#current = new GatewayLink({
      open: this.#options.open,
      hello: () => this.#owner.hello(),
      timeoutMs: this.#options.connectTimeoutMs,
      clock: this.#options.clock,
      events: {
        onWelcome: (welcome) => this.#welcomed(welcome),
        onFrame: (frame, datagram) => this.#owner.onFrame(frame, datagram),
        onEnd: (end) => this.#ended(end),
      },
    });
  }

  #welcomed(welcome: Welcome): void {
    const link = this.#current?.live;
    if (link === undefined) return;
    this.#everWelcome = true;
    this.#backoff.reset();
    this.#owner.onWelcome(welcome, link);
  }

  #ended(end: LinkEnd): void {
    this.#current = undefined;
    if (this.#closed) return;
    const retryInMs = this.#retryInMs(end);
    if (retryInMs === undefined) {
      this.#finish(end);
      return;
    }
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(retryInMs, () => {
      this.#timer = undefined;
      this.#connect();
    });
    this.#owner.onRetry(end, retryInMs);
  }

  /** A refused Hello is retried only with a newer token, or where the gateway says when. */
  #retryInMs(end: LinkEnd): number | undefined {
    if (this.#options.backoff === false) return undefined;
    if (this.#owner.renews(end)) return this.#backoff.nextMs('backoff');
    if (!this.#everWelcome) return undefined;
    const retryAfterMs = end.refusal?.retryAfterMs ?? 0;
    if (end.refusal !== undefined) {
      return this.#backoff.nextMs(retryAfterMs > 0 ? 'backoff' : 'never', retryAfterMs);
    }
    return this.#backoff.nextMs(retryAdvice(end.code));
  }

  #finish(end: LinkEnd): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    const current = this.#current;
    this.#current = undefined;
    current?.close(end.code === 0 ? NORMAL : end.code, end.reason);
    this.#owner.onClosed(end);
  }
}
