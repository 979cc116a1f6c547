import type { Metrics } from '../../observe/metrics.ts';
import { DISCONNECT } from '../../protocol/disconnect.ts';
import type { ControlChannel } from '../control/control-channel.ts';
import type { DevicePolicyName } from '../device-policy.ts';
import type { ChangeNotices } from '../directory/change-notices.ts';
import type { Liveness } from '../directory/liveness.ts';
import type { StaleEntries } from '../directory/stale-entries.ts';
import type { SessionLifecycle } from '../lifecycle.ts';
import type { Session } from '../session.ts';
import type { SessionStore } from '../store/session-store.ts';
import type { BindOutcome, BindRequest, IndexedSession, UserEntry } from '../store/user-index.ts';
import type { Evictions } from './evictions.ts';

/** How many sessions a user may have at a time, over all gateways. */
export interface DeviceLimit {
  readonly policy: DevicePolicyName;
  readonly perUser: number;
}

export interface UserAdmissionOptions {
  readonly gatewayId: string;
  readonly store: SessionStore;
  readonly control: ControlChannel;
  /** Life of a user's entries without activity. */
  readonly ttlMs: number;
  /** Undefined: users are not verified, so they are written down and nobody is pushed out. */
  readonly devices: DeviceLimit | undefined;
  readonly notices: ChangeNotices;
  readonly metrics: Metrics;
  readonly lifecycle: SessionLifecycle;
  readonly liveness: Liveness;
  readonly evictions: Evictions;
  readonly stale: StaleEntries;
  /** Work that has to be done before the gateway closes. */
  watch(work: Promise<unknown>): void;
}

/** What the index says of a session here. */
interface Place {
  /** Where it has an entry, or may have one; empty: nowhere. */
  userId: string;
  /** A write has failed: it may have an entry, and may not. */
  unsure: boolean;
  /** It came from another gateway, with a user. */
  readonly returning: boolean;
  /** It was decided that it stays. */
  admitted: boolean;
  /** The session has ended. */
  over: boolean;
  /** Under way: what the session wants meanwhile is seen to at the end of it. */
  work: Promise<void> | undefined;
}

/** Sessions whose entries could not be written while the store is away; those beyond have to wait for `keepAll`. */
const OVERDUE_MAX = 10_000;
const KEPT_PER_STEP = 1_000;
const NO_USER = '0';

/**
 * Gives this gateway's sessions their places among their user's, and takes them back. One thing at a time is done for a
 * session: however often its user changes meanwhile, the last one counts.
 */
export class UserAdmission {
  readonly #options: UserAdmissionOptions;
  readonly #places = new Map<Session, Place>();
  readonly #overdue = new Set<Session>();

  constructor(options: UserAdmissionOptions) {
    this.#options = options;
  }

  /** The session has got a user, or another one. It is ended where there is no place for it. */
  bound(session: Session): void {
    this.#settle(session, this.#places.get(session) ?? this.#add(session, false));
  }

  /** The session may come from another gateway. It keeps its place, or is ended where it was pushed out meanwhile. */
  arrived(session: Session): void {
    if (session.user === undefined || this.#places.has(session)) return;
    this.#settle(session, this.#add(session, true));
  }

  ended(session: Session): void {
    const place = this.#places.get(session);
    if (place === undefined) return;
    place.over = true;
    this.#settle(session, place);
  }

  /** Another gateway has the session, and its place. */
  forget(session: Session): void {
    this.#places.delete(session);
    this.#overdue.delete(session);
  }

  /** Settles, and does not reject, once it is decided whether the session has a place. Undefined: it is. */
  admission(session: Session): Promise<void> | undefined {
    return this.#options.devices === undefined ? undefined : this.#places.get(session)?.work;
  }

  /** The store is there again. */
  retry(): void {
    for (const session of [...this.#overdue]) {
      this.#overdue.delete(session);
      const place = this.#places.get(session);
      if (place !== undefined) this.#settle(session, place);
    }
  }

  /** Writes the entries of those that have a place again, a batch at a time: in time, or after the store lost them. */
  keepAll(): void {
    const places = [...this.#places];
    const step = (from: number): void => {
      for (const [session, place] of places.slice(from, from + KEPT_PER_STEP)) this.#keepSoon(session, place);
      if (from + KEPT_PER_STEP < places.length) setImmediate(step, from + KEPT_PER_STEP);
    };
    step(0);
  }

  /** Another gateway could not let a session in for these of the user: entries without a session are taken out. */
  onQuery(userId: string, sessionIds: readonly string[]): void {
    const { store, gatewayId, liveness, notices, watch } = this.#options;
    const missing = sessionIds.filter((id) => !liveness.isHere(id));
    if (missing.length === 0) return;
    const entries = missing.map((id) => ({ id, gatewayId }));
    watch(store.users.unbind(userId, entries).then(() => notices.tell(missing[0], userId)));
  }

  #add(session: Session, returning: boolean): Place {
    const place = { userId: '', unsure: false, returning, admitted: false, over: false, work: undefined };
    this.#places.set(session, place);
    return place;
  }

  #settle(session: Session, place: Place): void {
    if (place.work !== undefined || this.#overdue.has(session)) return;
    if (!this.#isDue(session, place)) return this.#finish(session, place);
    place.work = this.#work(session, place);
    this.#options.watch(place.work);
  }

  #keepSoon(session: Session, place: Place): void {
    if (place.work !== undefined || place.over || this.#places.get(session) !== place) return;
    place.unsure = true;
    this.#settle(session, place);
  }

  /** Until the index says of the session what is so. Something is due. */
  async #work(session: Session, place: Place): Promise<void> {
    try {
      while (this.#isDue(session, place)) await this.#step(session, place);
      this.#finish(session, place);
    } catch {
      this.#onFailed(session, place);
    }
    // In the turn of the last look: what is wanted later finds nobody at work.
    place.work = undefined;
  }

  #isDue(session: Session, place: Place): boolean {
    const isHere = this.#places.get(session) === place;
    return isHere && (place.unsure || place.userId !== wantedBy(session, place));
  }

  #step(session: Session, place: Place): Promise<void> {
    const userId = wantedBy(session, place);
    if (place.userId === userId) return this.#keep(session, place);
    return place.userId === '' ? this.#enter(session, place, userId) : this.#leave(session, place);
  }

  #finish(session: Session, place: Place): void {
    if (place.over && this.#places.get(session) === place) this.forget(session);
  }

  async #keep(session: Session, place: Place): Promise<void> {
    const { store, ttlMs, stale } = this.#options;
    const { userId } = place;
    if (userId !== '') stale.check(userId, await store.users.keep(this.#indexed(session, userId), ttlMs));
    place.unsure = false;
  }

  async #leave(session: Session, place: Place): Promise<void> {
    const { store, gatewayId, notices } = this.#options;
    const { userId } = place;
    await store.users.unbind(userId, [{ id: session.id, gatewayId }]);
    notices.tell(session.id, userId);
    place.userId = '';
    place.unsure = false;
    place.admitted = false;
  }

  async #enter(session: Session, place: Place, userId: string): Promise<void> {
    const { store, devices, ttlMs, notices } = this.#options;
    // Ahead of the answer: where that is lost, the entry is there all the same.
    place.userId = userId;
    place.unsure = true;
    if (devices === undefined) await store.users.keep(this.#indexed(session, userId), ttlMs);
    else await this.#compete(session, place, devices);
    place.unsure = false;
    place.admitted = true;
    notices.tell(session.id, userId);
  }

  /** Asks for a place among the user's sessions; where there is none left, again for one of those that are dead. */
  async #compete(session: Session, place: Place, { policy, perUser }: DeviceLimit): Promise<void> {
    const { store, ttlMs, liveness } = this.#options;
    const { userId, returning } = place;
    const request: BindRequest = {
      ...{ session: this.#indexed(session, userId), limit: policy === 'unlimited' ? 0 : perUser },
      ...{ whenCrowded: 'ask', returning, gone: [], ttlMs },
    };
    const first = await store.users.bind(request);
    if (first.outcome !== 'crowded') return this.#decided(session, place, first, []);
    const gone = await liveness.goneOf(first.entries);
    if (wantedBy(session, place) !== userId || this.#places.get(session) !== place) return;
    const whenCrowded = policy === 'refuse' ? 'refuse' : 'push-out';
    const second = await store.users.bind({ ...request, whenCrowded, gone });
    this.#decided(session, place, second, gone);
  }

  #decided(
    session: Session,
    place: Place,
    { outcome, entries }: BindOutcome,
    gone: readonly UserEntry[],
  ): void {
    const { evictions, lifecycle } = this.#options;
    const { userId, returning } = place;
    if (outcome === 'bound') return evictions.evict(userId, entries, gone);
    place.userId = '';
    this.#query(userId, entries);
    lifecycle.end(session, returning ? DISCONNECT.replaced : DISCONNECT.tooManyDevices);
  }

  /** Other gateways that are alive may have been started again, and not know of the sessions for which this was refused. */
  #query(userId: string, entries: readonly UserEntry[]): void {
    const { control, gatewayId: here } = this.#options;
    for (const gatewayId of new Set(entries.map((entry) => entry.gatewayId))) {
      const sessions = entries.filter((entry) => entry.gatewayId === gatewayId).map(({ id }) => id);
      if (gatewayId !== here) control.send(gatewayId, { kind: 'query', user: userId, sessions });
    }
  }

  /** Without the store this gateway's own sessions count. What is to be written waits for it. */
  #onFailed(session: Session, place: Place): void {
    const { metrics, devices, lifecycle } = this.#options;
    metrics.sessionStoreErrors.add(1, 'bind');
    if (this.#places.get(session) !== place) return;
    const isNew = !place.admitted && !place.returning && !place.over;
    place.admitted = true;
    if (devices !== undefined && isNew) lifecycle.limitHere(session);
    if (this.#overdue.size < OVERDUE_MAX) this.#overdue.add(session);
    else this.#finish(session, place);
  }

  #indexed({ id, device }: Session, userId: string): IndexedSession {
    return { userId, id, gatewayId: this.#options.gatewayId, device };
  }
}

/** Where the session is to have its entry; empty: nowhere. */
function wantedBy({ user }: Session, { over }: Place): string {
  return over || user === undefined || user.id === NO_USER ? '' : user.id;
}
