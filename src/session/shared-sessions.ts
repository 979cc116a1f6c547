import { LRUCache } from 'lru-cache';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { DISCONNECT } from '../protocol/disconnect.ts';
import { userIdWords, userKeyOf } from '../protocol/user-id.ts';
import { TickFlusher } from '../queue/tick-flusher.ts';
import type { ControlChannel, ControlMessage } from './control-channel.ts';
import type { Hub } from './hub.ts';
import type { SessionLifecycle, SessionObserver } from './lifecycle.ts';
import type { RemoteSessions } from './remote.ts';
import type { ResumeToken } from './resume-token.ts';
import type { Session, SessionUser } from './session.ts';
import { SessionJournal } from './session-journal.ts';
import type { SessionDetails, SessionRecord } from './session-record.ts';
import type { Claim, SessionStore, StoredSession } from './session-store.ts';

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

/** A session that its gateway has to write first is asked for again after this, for at most `HELD_MS`. */
const HELD_STEP_MS = 20;
const HELD_MS = 2_000;
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
  readonly #options: SharedSessionsOptions;
  readonly #journals = new Map<Session, SessionJournal>();
  readonly #flusher: TickFlusher;
  readonly #cache: LRUCache<string, SessionRecord>;
  readonly #pending = new Set<Promise<unknown>>();
  #gateway: { readonly lifecycle: SessionLifecycle; readonly hub: Hub } | undefined;
  #changed: string[] = [];
  #timers: NodeJS.Timeout[] = [];

  constructor(options: SharedSessionsOptions) {
    this.#options = options;
    this.#cache = new LRUCache({ max: options.cacheSize });
    this.#flusher = new TickFlusher((error) => options.log.error({ error }, 'session store'));
  }

  async start(gateway: { readonly lifecycle: SessionLifecycle; readonly hub: Hub }): Promise<void> {
    const { control, gatewayId, ttlMs } = this.#options;
    this.#gateway = gateway;
    gateway.lifecycle.observer = this;
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
    let deadline: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      deadline = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([Promise.allSettled(this.#pending), late]);
    clearTimeout(deadline);
    this.#options.control.close();
  }

  /** A session wherever it is; from memory where it was read before and has not changed. Rejects where Redis is away. */
  async lookup(id: string): Promise<SessionRecord | undefined> {
    const { metrics, store } = this.#options;
    const known = this.#cache.get(id);
    metrics.sessionLookups.add(1, known === undefined ? 'miss' : 'hit');
    if (known !== undefined) return known;
    const record = await store.get(id);
    if (record !== undefined) this.#cache.set(id, record);
    return record;
  }

  onToken(session: Session): void {
    const { durable } = this.#options;
    if (!durable) return this.#save(session, 'attached', []);
    const known = this.#journals.has(session);
    this.#save(session, 'durable', known ? undefined : session.queue.log.frames());
    if (known) return;
    const journal = this.#journalOf(session);
    session.onTaken = () => journal.touch();
    session.queue.setJournal(journal);
  }

  onBound(session: Session): void {
    if (session.secretHash === undefined) return;
    this.#save(session, this.#options.durable ? 'durable' : 'attached', undefined);
  }

  onDetached(session: Session): void {
    const known = this.#journals.get(session);
    this.#save(session, 'detached', known === undefined ? session.queue.log.frames() : undefined);
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
    this.#watch(this.#options.store.remove(fence, session.user?.id ?? '0'));
    this.#tell(session.id);
  }

  async claim(token: ResumeToken, received: number): Promise<Session | undefined> {
    const untilMs = performance.now() + HELD_MS;
    const { store, gatewayId, durable, ttlMs } = this.#options;
    const state = durable ? 'durable' : 'attached';
    const request = {
      id: token.sessionId,
      secretHash: token.secretHash,
      received,
      gatewayId,
      state,
    } as const;
    try {
      for (;;) {
        const claim = await store.claim(request, ttlMs);
        if (claim.outcome !== 'held') return this.#claimed(claim, token.sessionId);
        if (claim.gatewayId === gatewayId || performance.now() > untilMs) return undefined;
        if (!(await store.isAlive(claim.gatewayId))) return undefined;
        this.#options.control.send(claim.gatewayId, { kind: 'release', session: token.sessionId });
        await new Promise((resolve) => setTimeout(resolve, HELD_STEP_MS));
      }
    } catch {
      this.#options.metrics.sessionStoreErrors.add(1, 'claim');
      return undefined;
    }
  }

  /** Ends the user's sessions on other gateways. */
  logoutEverywhere(user: SessionUser): void {
    this.#options.control.sendAll({ kind: 'logout', user: user.id });
  }

  #claimed(claim: Exclude<Claim, { outcome: 'held' }>, id: string): Session | undefined {
    const { control, gatewayId } = this.#options;
    if (claim.outcome === 'unknown') return undefined;
    const from = claim.outcome === 'taken' ? claim.from : claim.gatewayId;
    const epoch = claim.outcome === 'taken' ? claim.session.epoch : claim.epoch + 1;
    if (from !== gatewayId) control.send(from, { kind: 'taken', session: id, epoch });
    this.#tell(id);
    return claim.outcome === 'taken' ? this.#restore(claim.session, claim.log) : undefined;
  }

  #restore(stored: StoredSession, frames: readonly Uint8Array[]): Session | undefined {
    if (this.#gateway === undefined) return undefined;
    const { lifecycle, hub } = this.#gateway;
    const here = hub.session(stored.id);
    if (here !== undefined) lifecycle.letGo(here);
    const session = lifecycle.create(stored.id);
    const { details } = stored;
    session.continueFrom(stored.epoch);
    session.framesTaken = stored.taken;
    session.earlierHash = Buffer.from(stored.earlierHash);
    session.startedAtMs = details.startedAtMs;
    session.device = details.device;
    session.gameId = details.gameId;
    session.attributes = details.attributes;
    session.grant = { permissions: details.permissions, expiresAtMs: details.expiresAtMs };
    session.queue.log.restore(stored.next, frames, Math.floor(performance.now() / 1000));
    lifecycle.adopt(session);
    const words = details.userId === '0' ? undefined : userIdWords(details.userId);
    if (words !== undefined) hub.bind(session, words.low, words.high);
    for (const group of details.groups) hub.join(group, session);
    return session;
  }

  #onControl(message: ControlMessage): void {
    if (this.#gateway === undefined) return;
    const { hub, lifecycle } = this.#gateway;
    if (message.kind === 'changed') {
      for (const id of message.sessions) this.#cache.delete(id);
    } else if (message.kind === 'logout') {
      const key = userKeyOf(message.user);
      for (const session of (key === undefined ? undefined : hub.sessionsOf(key)) ?? []) {
        lifecycle.end(session, DISCONNECT.loggedOut);
      }
    } else {
      const session = hub.session(message.session);
      if (session === undefined) return;
      if (message.kind === 'release') lifecycle.handOver(session);
      else if (session.epoch < message.epoch) this.#letGo(session);
    }
  }

  #journalOf(session: Session): SessionJournal {
    const { gatewayId, store, metrics } = this.#options;
    const journal = new SessionJournal(session, {
      gatewayId,
      store,
      flusher: this.#flusher,
      onFenced: (fenced) => this.#letGo(fenced),
      onFailed: () => metrics.sessionStoreErrors.add(1, 'append'),
    });
    this.#journals.set(session, journal);
    return journal;
  }

  #save(session: Session, state: StoredSession['state'], log: readonly Uint8Array[] | undefined): void {
    const { gatewayId, store, ttlMs, resumeWindowMs, metrics } = this.#options;
    const stored = {
      ...{ id: session.id, gatewayId, epoch: session.epoch, state, details: detailsOf(session) },
      secretHash: session.secretHash ?? NO_HASH,
      earlierHash: session.earlierHash ?? NO_HASH,
      ...{ next: session.queue.log.next, taken: session.framesTaken },
    };
    const lifeMs = state === 'detached' ? resumeWindowMs + WINDOW_MARGIN_MS : ttlMs;
    this.#tell(session.id);
    this.#watch(
      store.save(stored, log, lifeMs).then(
        (saved) => {
          if (!saved) this.#letGo(session);
        },
        () => metrics.sessionStoreErrors.add(1, 'save'),
      ),
    );
  }

  #letGo(session: Session): void {
    this.#forget(session);
    this.#gateway?.lifecycle.letGo(session);
  }

  #forget(session: Session): void {
    this.#journals.get(session)?.stop();
    this.#journals.delete(session);
  }

  /** Other gateways drop their copy; once a tick for all sessions that changed. */
  #tell(id: string): void {
    this.#cache.delete(id);
    if (this.#changed.push(id) === 1) this.#flusher.schedule({ flush: () => this.#tellAll() });
  }

  #tellAll(): void {
    const sessions = this.#changed;
    this.#changed = [];
    this.#options.control.sendAll({ kind: 'changed', sessions });
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

function detailsOf(session: Session): SessionDetails {
  const { user, device, gameId, groups, grant, startedAtMs, attributes } = session;
  const { permissions, expiresAtMs } = grant;
  const base = { userId: user?.id ?? '0', device, gameId, groups: [...(groups ?? [])] };
  return { ...base, permissions, expiresAtMs, startedAtMs, attributes };
}
