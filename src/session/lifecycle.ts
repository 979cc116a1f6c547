import { GatewayError } from '../errors.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics, TransportCells } from '../observe/metrics.ts';
import { DISCONNECT, type Disconnect } from '../protocol/disconnect.ts';
import { SendQueue, type SendQueueShared } from '../queue/send-queue.ts';
import type { CloseEvent, Connection } from '../transport.ts';
import type { DevicePolicy } from './device-policy.ts';
import type { Hub } from './hub.ts';
import { createResumeToken, type ResumeToken } from './resume-token.ts';
import { Session, type SessionGrant, type SessionShared } from './session.ts';
import { TimingWheel } from './timing-wheel.ts';

/** Hears what happens to sessions, to keep them in a store. Called synchronously; nothing it does may throw. */
export interface SessionObserver {
  /** The session has a resume token, or a new one, and is about to be attached here. Resolves when that is stored. */
  onToken(session: Session): Promise<void>;
  /** It has got a user, or another one. Whoever hears this decides how many sessions the user may have. */
  onBound(session: Session): void;
  /** What it is granted has changed. */
  onGranted(session: Session): void;
  /**
   * Settles, and does not reject, once it is decided whether the session may stay; else it has been ended by then.
   * Undefined: it is decided.
   */
  admission(session: Session): Promise<void> | undefined;
  /** Of its tokens only the newest is good from now on. */
  onConfirmed(session: Session): void;
  /** Its client is back: a token and the connection follow. */
  onResuming(session: Session): void;
  /** It waits for its client. Its queue's journal may be set here. `stored`: its log is in the store. */
  onDetached(session: Session, stored: boolean): void;
  onEnded(session: Session): void;
  /** Another gateway, or another object here, has it from now on. */
  onLetGo(session: Session): void;
}

export interface LifecycleOptions {
  readonly gatewayId: string;
  readonly hub: Hub;
  readonly queues: SendQueueShared;
  /** 0: a session ends with its connection. */
  readonly resumeWindowMs: number;
  /** What a token grants holds for so long after its end, as the clock of its issuer may differ. Default 0. */
  readonly clockToleranceMs?: number;
  /** Undefined: users are not verified, so one may not push out another. */
  readonly devices: DevicePolicy | undefined;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Throws a GatewayError where none can be had now. */
  nextId(): string;
}

export interface IssuedToken {
  /** For the client; empty: its session cannot be resumed. */
  readonly text: string;
  /** Settles once the client may have it, and does not reject; undefined: at once. */
  readonly stored: Promise<void> | undefined;
}

/** Why a client that showed a resume token gets a new session. */
export type NotResumed = 'unknown' | 'incomplete';

const DEADLINE_STEP_MS = 250;
/** A minute: a session's token is looked at as often, so a step of the wall clock is noticed within that. */
const DEADLINE_SLOTS = 240;
const NORMAL_CLOSURE = 1000;
/**
 * A client that there is no id for is told to wait no less, as SDKs give up on a refusal without advice, and no more: other
 * gateways may have ids where this one's clock is an hour behind.
 */
const NO_ID_RETRY_MS = { min: 1_000, max: 10_000 } as const;
/** That sessions are refused for want of an id is logged no more often. */
const NO_ID_STEP_MS = 10_000;

/**
 * Begins, detaches, resumes and ends the sessions of a gateway (DESIGN.md section 4). Whatever concerns a connection
 * is fenced: only the connection that a session has now can change it, so the late close of an old one does nothing.
 */
export class SessionLifecycle {
  readonly #options: LifecycleOptions;
  readonly #shared: SessionShared;
  readonly #deadlines: TimingWheel<Session>;
  #detached = 0;
  #toldNoIdMs = Number.NEGATIVE_INFINITY;
  /** Set before the first session; undefined: no other gateway knows of the sessions here. */
  observer: SessionObserver | undefined;

  constructor(options: LifecycleOptions) {
    this.#options = options;
    const acks = options.metrics.acksSent.cell();
    this.#shared = {
      gatewayId: options.gatewayId,
      onAckSent: () => {
        acks.value++;
      },
      onConfirmed: (session) => this.observer?.onConfirmed(session),
    };
    this.#deadlines = new TimingWheel(DEADLINE_STEP_MS, DEADLINE_SLOTS, (session, nowMs) =>
      this.#onDeadline(session, nowMs),
    );
  }

  /** Sessions that wait for their client. */
  get detached(): number {
    return this.#detached;
  }

  start(): void {
    this.#deadlines.start();
  }

  stop(): void {
    this.#deadlines.stop();
  }

  /** A new session on a connection; not in the hub until `list`. `nameless` where no id can be had. */
  open(connection: Connection, cells: TransportCells): Session {
    const id = this.#nextId();
    const session = this.create(typeof id === 'string' ? id : '');
    if (typeof id !== 'string') session.retryAfterMs = idRetryMs(id);
    session.nextEpoch();
    session.attach(connection, cells);
    return session;
  }

  /** A session without a connection, for one that comes from another gateway. */
  create(id: string): Session {
    const queue = new SendQueue(this.#options.queues, (frames, bytes) =>
      this.#onSlow(session, frames, bytes),
    );
    const session: Session = new Session(id, queue, this.#shared);
    return session;
  }

  /** Makes the session known to pushes. Idempotent. */
  list(session: Session): void {
    this.#options.hub.add(session);
  }

  /** Takes a session out of the reach of pushes until `list`, unless something is known of it. */
  hide(session: Session): void {
    if (session.user === undefined && session.groups === undefined) this.#options.hub.remove(session);
  }

  /**
   * A new resume token. `used`: the one by which the client came; it is good until the new one is known to have arrived,
   * from the transport or by any frame of the client. From now on frames are kept for replay.
   */
  renewToken(session: Session, used: ResumeToken | undefined): IssuedToken {
    if (this.#options.resumeWindowMs === 0) return { text: '', stored: this.admission(session) };
    const { text, secretHash } = createResumeToken(session.id);
    session.secretHash = secretHash;
    session.earlierHash = used?.secretHash;
    session.queue.log.keeping = true;
    return { text, stored: this.observer && this.#stored(session, this.observer) };
  }

  /** Nobody can resume the session from now on, as its end is only put off. */
  revokeTokens(session: Session): void {
    session.secretHash = undefined;
    session.earlierHash = undefined;
  }

  /** As `renewToken`, for a session that is to be moved to another connection by `rebind`. */
  prepareResume(session: Session, used: ResumeToken | undefined): IssuedToken {
    this.observer?.onResuming(session);
    session.nextEpoch();
    return this.renewToken(session, used);
  }

  /**
   * The session here that the token names, when it can be resumed complete by a client that has `received` frames.
   * `incomplete`: it is gone by now.
   */
  find(token: ResumeToken, received: number): Session | NotResumed {
    const session = this.#options.hub.session(token.sessionId);
    if (session === undefined || !session.isSecret(token.secretHash)) return 'unknown';
    if (session.queue.log.missing(received) !== undefined) return session;
    this.end(session, DISCONNECT.resumed);
    return 'incomplete';
  }

  /** Moves a session to a connection. Its earlier one is told that it continues elsewhere. */
  rebind(session: Session, connection: Connection, cells: TransportCells): void {
    const earlier = session.connection;
    if (earlier === undefined) this.#detached--;
    else session.detach(earlier);
    session.attach(connection, cells);
    earlier?.close(DISCONNECT.resumed);
    this.watch(session);
  }

  /** Forgets a session whose connection has got another one. */
  discard(session: Session): void {
    this.#remove(session);
  }

  /** Takes over a session from elsewhere, not attached yet. */
  adopt(session: Session): void {
    this.#detached++;
    this.list(session);
    this.#schedule(session, this.#options.resumeWindowMs);
  }

  /** The client that a session was taken over for has not come: it waits here. */
  park(session: Session): void {
    if (!session.ended && session.connection === undefined) this.observer?.onDetached(session, false);
  }

  /** A session was taken over ahead of its client, with the log that is stored: it waits here for `waitMs` at most. */
  keep(session: Session, waitMs: number): void {
    if (session.ended) return;
    this.#schedule(session, Math.min(waitMs, this.#options.resumeWindowMs));
    this.observer?.onDetached(session, true);
  }

  /** Sessions that wait for their client, and for how much longer, in milliseconds. */
  *waiting(): Generator<readonly [Session, number]> {
    const nowMs = performance.now();
    for (const session of this.#options.hub.all()) {
      if (session.connection !== undefined || session.secretHash === undefined) continue;
      if (session.deadlineMs > nowMs) yield [session, session.deadlineMs - nowMs];
    }
  }

  /** A connection of the session has ended. */
  closed(session: Session, connection: Connection, event: CloseEvent): void {
    if (session.ended || !session.detach(connection)) return;
    const { resumeWindowMs } = this.#options;
    if (endsSession(event) || session.secretHash === undefined || session.queue.overfull) {
      return this.#remove(session);
    }
    this.#detached++;
    this.#schedule(session, resumeWindowMs);
    this.observer?.onDetached(session, false);
  }

  /** Ends a session for good, and its connection with `disconnect`. Idempotent. */
  end(session: Session, disconnect: Disconnect): void {
    if (session.ended) return;
    const { connection } = session;
    if (connection === undefined) this.#detached--;
    session.endedWith = disconnect;
    session.onEnding?.(disconnect);
    session.queue.finish();
    this.#remove(session);
    connection?.close(disconnect);
  }

  /** Another gateway has the session: as `end`, but nothing is said of it to the store. */
  letGo(session: Session): void {
    if (session.ended) return;
    const { connection } = session;
    if (connection === undefined) this.#detached--;
    this.observer?.onLetGo(session);
    this.#forget(session);
    connection?.close(DISCONNECT.resumed);
  }

  /**
   * Binds the user, as far as the device policy lets it; false: the session has been ended. Where other gateways have a
   * say `admission` is under way then. `low`, `high`: the int64's words.
   */
  bind(session: Session, low: number, high: number): boolean {
    const user = this.#options.hub.bind(session, low, high);
    session.rates?.bindUser(user.key);
    if (this.observer === undefined) this.limitHere(session);
    else this.observer.onBound(session);
    return !session.ended;
  }

  /** Applies the device policy among this gateway's sessions, those that the user had when it got this one. */
  limitHere(session: Session): void {
    const { hub, devices } = this.#options;
    const sessions = session.user === undefined ? undefined : hub.sessionsOf(session.user.key);
    if (devices === undefined || sessions === undefined) return;
    const verdict = devices.decide(session, sessions);
    if (verdict === 'refuse') return this.end(session, DISCONNECT.tooManyDevices);
    for (const other of verdict) this.end(other, DISCONNECT.replaced);
  }

  /** Settles once it is decided whether the session may stay; else it has been ended by then. Undefined: it is decided. */
  admission(session: Session): Promise<void> | undefined {
    return this.observer?.admission(session);
  }

  /** From now on the session has that, to the end of the token that it comes from. */
  grant(session: Session, grant: SessionGrant): void {
    session.grant = grant;
    this.watch(session);
    this.observer?.onGranted(session);
  }

  /** Looks at the token's expiry when it is due. After a change of the grant. */
  watch(session: Session): void {
    const leftMs = this.grantLeftMs(session);
    if (Number.isFinite(leftMs)) this.#schedule(session, leftMs);
    else if (session.deadline !== undefined) this.#deadlines.cancel(session.deadline);
  }

  /** How much longer holds what the session is granted, in milliseconds on the wall clock; infinite: without end. */
  grantLeftMs({ grant: { expiresAtMs } }: Session): number {
    if (expiresAtMs === 0) return Number.POSITIVE_INFINITY;
    return expiresAtMs + (this.#options.clockToleranceMs ?? 0) - Date.now();
  }

  #nextId(): string | GatewayError {
    try {
      return this.#options.nextId();
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      this.#tellNoId(error);
      return error;
    }
  }

  /** Clients come by the thousand meanwhile. */
  #tellNoId({ message, retryAfterMs }: GatewayError): void {
    const nowMs = performance.now();
    if (nowMs < this.#toldNoIdMs + NO_ID_STEP_MS) return;
    this.#toldNoIdMs = nowMs;
    this.#options.log.warn({ why: message, retryAfterMs }, 'no session id: new sessions are refused');
  }

  async #stored(session: Session, observer: SessionObserver): Promise<void> {
    await Promise.all([observer.onToken(session), observer.admission(session)]);
  }

  #remove(session: Session): void {
    this.observer?.onEnded(session);
    this.#forget(session);
  }

  #forget(session: Session): void {
    this.#options.hub.remove(session);
    if (session.deadline !== undefined) this.#deadlines.cancel(session.deadline);
    session.end();
  }

  #schedule(session: Session, delayMs: number): void {
    if (session.deadline === undefined) session.deadline = this.#deadlines.add(session, delayMs);
    else this.#deadlines.schedule(session.deadline, delayMs);
    session.deadlineMs = performance.now() + delayMs;
  }

  #onDeadline(session: Session, nowMs: number): void {
    const leftMs = this.#leftMs(session, nowMs);
    if (leftMs > 0) this.#schedule(session, leftMs);
    else this.end(session, DISCONNECT.tokenExpired);
  }

  /** Of its token's life on the wall clock, which may have stepped; without a connection, of its resume window. */
  #leftMs(session: Session, nowMs: number): number {
    const grantLeftMs = this.grantLeftMs(session);
    const counts = session.connection !== undefined && Number.isFinite(grantLeftMs);
    return counts ? grantLeftMs : session.deadlineMs - nowMs;
  }

  #onSlow(session: Session, frames: number, bytes: number): void {
    this.#options.log.warn({ session: session.id, frames, bytes }, 'client reads too slowly');
    this.end(session, DISCONNECT.slow);
  }
}

function idRetryMs({ retryAfterMs }: GatewayError): number {
  return Math.min(Math.max(retryAfterMs, NO_ID_RETRY_MS.min), NO_ID_RETRY_MS.max);
}

/** True where the client is not going to come back for the session: it said goodbye, or must not. */
function endsSession(event: CloseEvent): boolean {
  const forGood = event.code >= 4200 && event.code <= 4999;
  return forGood || (event.by === 'peer' && event.code === NORMAL_CLOSURE);
}
