import { randomUUID } from 'node:crypto';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { DISCONNECT } from '../protocol/disconnect.ts';
import { userIdWords, userKeyOf } from '../protocol/user-id.ts';
import { TickFlusher } from '../queue/tick-flusher.ts';
import { ChangeNotices } from './change-notices.ts';
import type { ControlChannel, ControlMessage } from './control-channel.ts';
import type { Hub } from './hub.ts';
import type { SessionLifecycle, SessionObserver } from './lifecycle.ts';
import type { RemoteSessions } from './remote.ts';
import type { ResumeToken } from './resume-token.ts';
import type { Session, SessionUser } from './session.ts';
import { type Arrival, applyDetails, barrierOf, detailsOf } from './session-arrival.ts';
import { SessionDirectory } from './session-directory.ts';
import { SessionJournal } from './session-journal.ts';
import type { SessionDetails, SessionState } from './session-record.ts';
import type { Claim, ClaimRequest, SessionStore } from './session-store.ts';

export interface SharedSessionsOptions {
  readonly gatewayId: string;
  readonly store: SessionStore;
  readonly control: ControlChannel;
  /** Every session's log is written through, and survives the gateway. */
  readonly durable: boolean;
  /** Life of a stored session without activity. */
  readonly ttlMs: number;
  readonly resumeWindowMs: number;
  /** Records of other gateways' sessions that are kept here. */
  readonly cacheSize: number;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** A session that its gateway has to let go of is looked at again after this. */
const HELD_STEP_MS = 10;
/** A gateway that has not let go of a session after so long is taken for dead. */
const HELD_MS = 1_000;
const ALIVE_STEP_MS = 2_000;
const ALIVE_TTL_MS = 7_000;
const RENEWED_PER_STEP = 1_000;
/** The store keeps a detached session a little longer than its gateway, which ends it in order. */
const WINDOW_MARGIN_MS = 5_000;
const CLOSE_MS = 2_000;
const NO_HASH = new Uint8Array(0);

/**
 * The sessions of this gateway in the store that all gateways share (DESIGN.md section 4): written when they begin,
 * change, wait for their client and end; claimed from there when a client comes back here.
 */
export class SharedSessions implements SessionObserver, RemoteSessions {
  readonly directory: SessionDirectory;
  readonly #options: SharedSessionsOptions;
  readonly #journals = new Map<Session, SessionJournal>();
  readonly #flusher: TickFlusher;
  readonly #pending = new Set<Promise<unknown>>();
  /** Claims under way, by nonce. */
  readonly #arrivals = new Map<string, Arrival>();
  #gateway: { readonly lifecycle: SessionLifecycle; readonly hub: Hub } | undefined;
  readonly #notices: ChangeNotices;
  /** The latest claim of each session. */
  readonly #claims = new Map<string, Promise<Session | undefined>>();
  readonly #regrouped = new Set<Session>();
  #timers: NodeJS.Timeout[] = [];

  constructor(options: SharedSessionsOptions) {
    this.#options = options;
    const { gatewayId, store, cacheSize, metrics } = options;
    this.directory = new SessionDirectory({ gatewayId, store, cacheSize, lookups: metrics.sessionLookups });
    this.#flusher = new TickFlusher((error) => options.log.error({ error }, 'session store'));
    this.#notices = new ChangeNotices(this.#flusher, this.directory, options.control);
  }

  async start(gateway: { readonly lifecycle: SessionLifecycle; readonly hub: Hub }): Promise<void> {
    const { control, gatewayId, ttlMs } = this.#options;
    this.#gateway = gateway;
    gateway.lifecycle.observer = this;
    gateway.hub.onGroups = (session) => this.#changeGroups(session);
    control.listen(gatewayId, (message) => this.#onControl(message));
    await control.start();
    this.#announce();
    this.#timers = [
      setInterval(() => this.#announce(), ALIVE_STEP_MS).unref(),
      setInterval(() => this.#renew(), Math.max(1_000, ttlMs / 3)).unref(),
    ];
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#flusher.drain();
    this.#watch(this.#options.store.announce(this.#options.gatewayId, 0));
    let deadline: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      deadline = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([Promise.allSettled(this.#pending), late]);
    clearTimeout(deadline);
    this.#flusher.drain();
    this.#options.control.close();
  }

  onToken(session: Session): Promise<void> {
    if (!this.#options.durable) return this.#save(session, 'attached', []);
    if (this.#journals.has(session)) return this.#save(session, 'durable', undefined);
    const stored = this.#save(session, 'durable', session.queue.log.frames());
    const journal = this.#journalOf(session);
    session.onTaken = () => journal.touch();
    session.queue.setJournal(journal);
    return stored;
  }

  onBound(session: Session): void {
    if (session.secretHash === undefined || session.ended) return;
    void this.#save(session, this.#stateOf(session), undefined);
  }

  onDetached(session: Session): void {
    const known = this.#journals.get(session);
    void this.#save(session, 'detached', known === undefined ? session.queue.log.frames() : undefined);
    session.queue.setJournal(known ?? this.#journalOf(session));
  }

  onResuming(session: Session): void {
    if (this.#options.durable) return;
    this.#journals.get(session)?.stop();
    this.#journals.delete(session);
    session.queue.setJournal(undefined);
  }

  onEnded(session: Session): void {
    this.#forget(session);
    if (session.secretHash === undefined && session.earlierHash === undefined) return;
    const fence = { id: session.id, gatewayId: this.#options.gatewayId, epoch: session.epoch };
    const { id, user } = session;
    this.#watch(
      this.#options.store.remove(fence, user?.id ?? '0').finally(() => this.#notices.tell(id, user?.id)),
    );
  }

  /** Claims of one session have their turns: a later one finds here what an earlier one has brought. */
  async claim(token: ResumeToken, received: number): Promise<Session | undefined> {
    const { sessionId } = token;
    const claiming = this.#claimInTurn(token, received);
    this.#claims.set(sessionId, claiming);
    const session = await claiming;
    if (this.#claims.get(sessionId) === claiming) this.#claims.delete(sessionId);
    return session;
  }

  async #claimInTurn(token: ResumeToken, received: number): Promise<Session | undefined> {
    const earlier = this.#claims.get(token.sessionId);
    if (earlier === undefined) return await this.#claim(token, received);
    await earlier;
    const here = this.#gateway?.lifecycle.find(token, received);
    return typeof here === 'object' ? here : await this.#claim(token, received);
  }

  /** Does not reject. */
  async #claim(token: ResumeToken, received: number): Promise<Session | undefined> {
    const { gatewayId, durable } = this.#options;
    const { sessionId: id, secretHash } = token;
    const nonce = randomUUID();
    const state = durable ? 'durable' : 'attached';
    const request = { id, secretHash, received, gatewayId, state, nonce } as const;
    const arrival: Arrival = {
      ...{ session: undefined, seen: false, onSeen: undefined },
      ...{ userId: '0', groups: [] },
    };
    try {
      const session = await this.#await(request, arrival);
      if (session === undefined) this.#abandon(arrival);
      return session;
    } catch {
      this.#options.metrics.sessionStoreErrors.add(1, 'claim');
      this.#abandon(arrival);
      return undefined;
    } finally {
      this.#arrivals.delete(nonce);
    }
  }

  /**
   * A gateway asks for sessions. Here it is in its place among the pushes: what came before was this gateway's to
   * deliver, and goes into the log; what comes now is the other one's.
   */
  onBarrier(sessionIds: readonly string[], nonce: string): void {
    const arrival = this.#arrivals.get(nonce);
    if (arrival !== undefined) return this.#arrive(arrival);
    for (const id of sessionIds) {
      const session = this.#gateway?.hub.session(id);
      if (session !== undefined) this.#release(session, nonce);
    }
  }

  /** Ends the user's sessions on other gateways. */
  logoutEverywhere(user: SessionUser): void {
    this.#options.control.sendAll({ kind: 'logout', user: user.id });
  }

  /** Asks the session's gateway for it, and takes it once that has let go, or is dead. */
  async #await(request: Omit<ClaimRequest, 'force'>, arrival: Arrival): Promise<Session | undefined> {
    const { store, gatewayId, control, ttlMs } = this.#options;
    const untilMs = performance.now() + HELD_MS;
    for (let force = false; ; ) {
      const claim = await store.claim({ ...request, force }, ttlMs);
      if (claim.outcome === 'taken') return await this.#taken(claim, arrival);
      if (claim.outcome !== 'held') return this.#gone(claim, request.id);
      if (force || claim.gatewayId === gatewayId) return undefined;
      if (arrival.session === undefined) {
        arrival.session = this.#shadow(request.id, claim.details);
        arrival.userId = claim.details.userId;
        arrival.groups = claim.details.groups;
        this.#arrivals.set(request.nonce, arrival);
        control.sendBarrier(request.id, request.nonce);
      }
      force = performance.now() > untilMs || !(await store.isAlive(claim.gatewayId));
      if (!force) await new Promise((resolve) => setTimeout(resolve, HELD_STEP_MS));
    }
  }

  #gone(claim: Exclude<Claim, { outcome: 'held' | 'taken' }>, id: string): undefined {
    if (claim.outcome === 'incomplete') {
      this.#options.control.send(claim.gatewayId, { kind: 'taken', session: id, epoch: claim.epoch + 1 });
      this.#notices.tell(id);
    }
    return undefined;
  }

  /** The session is this gateway's; it is complete once the barrier has been seen here too. */
  async #taken(claim: Extract<Claim, { outcome: 'taken' }>, arrival: Arrival): Promise<Session | undefined> {
    const { session } = arrival;
    if (session === undefined) return undefined;
    const { session: stored, from, log } = claim;
    this.#options.control.send(from, { kind: 'taken', session: stored.id, epoch: stored.epoch });
    this.#notices.tell(stored.id, stored.details.userId);
    if (!arrival.seen) await barrierOf(arrival);
    this.#arrive(arrival);
    if (session.ended) return undefined;
    session.continueFrom(stored.epoch);
    session.framesTaken = stored.taken;
    session.earlierHash = Buffer.from(stored.earlierHash);
    applyDetails(session, stored.details);
    for (const group of stored.details.groups) this.#gateway?.hub.join(group, session);
    session.queue.log.restore(stored.next, log, Math.floor(performance.now() / 1000));
    return session;
  }

  /** Stands for the session while it is on its way, to collect its pushes. */
  #shadow(id: string, details: SessionDetails): Session | undefined {
    const session = this.#gateway?.lifecycle.create(id);
    if (session !== undefined) applyDetails(session, details);
    return session;
  }

  /** The barrier has come by: pushes from here on are for the session here. Once. */
  #arrive(arrival: Arrival): void {
    const { session } = arrival;
    if (arrival.seen || session === undefined || this.#gateway === undefined) return;
    const { lifecycle, hub } = this.#gateway;
    arrival.seen = true;
    const here = hub.session(session.id);
    if (here !== undefined) lifecycle.letGo(here);
    lifecycle.adopt(session);
    const words = arrival.userId === '0' ? undefined : userIdWords(arrival.userId);
    if (words !== undefined) hub.bind(session, words.low, words.high);
    for (const group of arrival.groups) hub.join(group, session);
    arrival.onSeen?.();
  }

  #abandon(arrival: Arrival): void {
    if (arrival.seen && arrival.session !== undefined) this.#gateway?.lifecycle.letGo(arrival.session);
    arrival.session = undefined;
  }

  #release(session: Session, nonce: string): void {
    this.#journals.get(session)?.stop();
    session.queue.commit();
    void this.#save(session, 'detached', session.queue.log.frames(), nonce);
    this.#letGo(session);
  }

  #onControl(message: ControlMessage): void {
    if (this.#gateway === undefined) return;
    const { hub, lifecycle } = this.#gateway;
    if (message.kind === 'changed') {
      this.directory.drop(message.sessions, message.users);
    } else if (message.kind === 'logout') {
      const key = userKeyOf(message.user);
      for (const session of (key === undefined ? undefined : hub.sessionsOf(key)) ?? []) {
        lifecycle.end(session, DISCONNECT.loggedOut);
      }
    } else {
      const session = hub.session(message.session);
      if (session === undefined) return;
      if (session.epoch < message.epoch) this.#letGo(session);
    }
  }

  #journalOf(session: Session): SessionJournal {
    const { gatewayId, store, metrics } = this.#options;
    const journal = new SessionJournal(session, {
      gatewayId,
      store,
      flusher: this.#flusher,
      onFenced: (fenced) => this.#letGo(fenced),
      onMissing: (lost) => this.#saveAll(lost),
      onFailed: () => metrics.sessionStoreErrors.add(1, 'append'),
    });
    this.#journals.set(session, journal);
    return journal;
  }

  #save(
    session: Session,
    state: SessionState,
    log: readonly Uint8Array[] | undefined,
    releasedTo = '',
  ): Promise<void> {
    const { gatewayId, store, ttlMs, resumeWindowMs, metrics } = this.#options;
    const stored = {
      ...{ id: session.id, gatewayId, epoch: session.epoch, state, details: detailsOf(session) },
      secretHash: session.secretHash ?? NO_HASH,
      earlierHash: session.earlierHash ?? NO_HASH,
      ...{ next: session.queue.log.next, taken: session.framesTaken },
    };
    const lifeMs = state === 'detached' ? resumeWindowMs + WINDOW_MARGIN_MS : ttlMs;
    const write = { log, ttlMs: lifeMs, releasedTo };
    const saved = store.save(stored, write).then(
      (done) => {
        if (!done) this.#letGo(session);
        this.#notices.tell(stored.id, stored.details.userId);
      },
      () => metrics.sessionStoreErrors.add(1, 'save'),
    );
    this.#watch(saved);
    return saved;
  }

  /** After Redis has lost its data. What is stored is replaced, and what waited to be added is in it. */
  #saveAll(session: Session): void {
    if (session.ended) return;
    const { log } = session.queue;
    const { next } = log;
    this.#journals.get(session)?.clear();
    void this.#save(session, this.#stateOf(session), log.frames()).then(() => session.queue.release(next));
  }

  #stateOf(session: Session): SessionState {
    if (session.connection === undefined) return 'detached';
    return this.#options.durable ? 'durable' : 'attached';
  }

  #letGo(session: Session): void {
    this.#forget(session);
    this.#gateway?.lifecycle.letGo(session);
  }

  #forget(session: Session): void {
    this.#journals.get(session)?.stop();
    this.#journals.delete(session);
  }

  /** Once a tick, however many groups a session joins. */
  #changeGroups(session: Session): void {
    if (session.secretHash === undefined || this.#regrouped.has(session)) return;
    this.#regrouped.add(session);
    this.#flusher.schedule({
      flush: () => {
        this.#regrouped.delete(session);
        this.onBound(session);
      },
    });
  }

  #announce(): void {
    this.#watch(this.#options.store.announce(this.#options.gatewayId, ALIVE_TTL_MS));
  }

  /** A session with a connection is alive; a batch at a time, so that no tick is long. */
  #renew(): void {
    const sessions = [...(this.#gateway?.hub.all() ?? [])].filter(
      ({ connection }) => connection !== undefined,
    );
    const step = (from: number): void => {
      const part = sessions.slice(from, from + RENEWED_PER_STEP);
      if (part.length === 0) return;
      const users = part.map(({ user }) => user?.id).filter((id) => id !== undefined);
      const ids = part.map(({ id }) => id);
      this.#watch(this.#options.store.renew(ids, users, this.#options.ttlMs));
      setImmediate(step, from + RENEWED_PER_STEP);
    };
    step(0);
  }

  /** Waited for at the close. A failure is a state of the store, counted where it matters. */
  #watch(work: Promise<unknown>): void {
    const watched = work.catch(() => undefined).finally(() => this.#pending.delete(watched));
    this.#pending.add(watched);
  }
}
