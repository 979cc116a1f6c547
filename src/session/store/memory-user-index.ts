import {
  type BindOutcome,
  type BindRequest,
  compareAge,
  type IndexedSession,
  type UserEntry,
  type UserIndex,
} from './user-index.ts';

interface Place {
  gatewayId: string;
  readonly device: string;
}

interface User {
  readonly places: Map<string, Place>;
  untilMs: number;
}

/** Users in the memory of one process. Expired ones are dropped when they are looked at. */
export class MemoryUserIndex implements UserIndex {
  readonly #users = new Map<string, User>();
  readonly #nowMs: () => number;

  /** `nowMs`: a clock that does not step. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Users, expired ones included. */
  get size(): number {
    return this.#users.size;
  }

  /** Drops what has expired and nobody has looked at since. */
  sweep(nowMs: number): void {
    for (const [id, { untilMs }] of this.#users) if (untilMs <= nowMs) this.#users.delete(id);
  }

  async bind(request: BindRequest): Promise<BindOutcome> {
    const { session, whenCrowded, ttlMs } = request;
    const entries = this.#entriesOf(session.userId);
    const known = entries.some(({ id }) => id === session.id);
    const leaving = known ? [] : this.#leaving(request, entries);
    if (leaving === undefined) return { outcome: whenCrowded === 'ask' ? 'crowded' : 'refused', entries };
    this.#drop(session.userId, leaving);
    this.#write(session, ttlMs);
    return { outcome: 'bound', entries: leaving };
  }

  async keep(session: IndexedSession, ttlMs: number): Promise<readonly UserEntry[]> {
    this.#write(session, ttlMs);
    return this.#entriesOf(session.userId).filter(({ id }) => id !== session.id);
  }

  /** Of a session that another gateway had, or that lives longer now. Does nothing where it has no place any more. */
  move(userId: string, { id, gatewayId }: UserEntry, ttlMs: number): void {
    const user = this.#user(userId);
    const place = user?.places.get(id);
    if (user === undefined || place === undefined) return;
    place.gatewayId = gatewayId;
    user.untilMs = Math.max(user.untilMs, this.#nowMs() + ttlMs);
  }

  /** The user's entries live as long as that at least. */
  prolong(userId: string, ttlMs: number): void {
    const user = this.#user(userId);
    if (user !== undefined) user.untilMs = Math.max(user.untilMs, this.#nowMs() + ttlMs);
  }

  async unbind(userId: string, entries: readonly UserEntry[]): Promise<void> {
    this.#drop(userId, entries);
  }

  async sessionsOf(userId: string): Promise<ReadonlyMap<string, string>> {
    return new Map(this.#entriesOf(userId).map(({ id, gatewayId }) => [id, gatewayId]));
  }

  /** Who gives way to the session; undefined: it does not get in. */
  #leaving(request: BindRequest, entries: readonly UserEntry[]): readonly UserEntry[] | undefined {
    const { session, limit, whenCrowded, returning, gone } = request;
    const isGone = ({ id, gatewayId }: UserEntry): boolean =>
      gone.some((seen) => seen.id === id && seen.gatewayId === gatewayId);
    const [same, strangers] = this.#parted(session, entries);
    const many = limit > 0 ? Math.max(0, strangers.length + 1 - limit) : 0;
    const full = many > strangers.filter(isGone).length && (returning || whenCrowded !== 'push-out');
    const isReplaced = returning && !same.every(isGone);
    if (full || isReplaced || (whenCrowded === 'ask' && many > 0)) return undefined;
    strangers.sort((a, b) => Number(isGone(b)) - Number(isGone(a)) || compareAge(a, b));
    return same.concat(strangers.slice(0, many));
  }

  /** Those of the same device, and the others. */
  #parted({ userId, device }: IndexedSession, entries: readonly UserEntry[]): [UserEntry[], UserEntry[]] {
    const places = this.#user(userId)?.places;
    const isSame = ({ id }: UserEntry): boolean => device !== '' && places?.get(id)?.device === device;
    return [entries.filter(isSame), entries.filter((entry) => !isSame(entry))];
  }

  #entriesOf(userId: string): UserEntry[] {
    const places = this.#user(userId)?.places ?? new Map<string, Place>();
    return [...places].map(([id, { gatewayId }]) => ({ id, gatewayId }));
  }

  #write({ userId, id, gatewayId, device }: IndexedSession, ttlMs: number): void {
    const untilMs = this.#nowMs() + ttlMs;
    const user = this.#user(userId) ?? { places: new Map<string, Place>(), untilMs };
    user.places.set(id, { gatewayId, device });
    user.untilMs = Math.max(user.untilMs, untilMs);
    this.#users.set(userId, user);
  }

  #drop(userId: string, entries: readonly UserEntry[]): void {
    const user = this.#user(userId);
    for (const { id, gatewayId } of entries) {
      if (user?.places.get(id)?.gatewayId === gatewayId) user.places.delete(id);
    }
    if (user?.places.size === 0) this.#users.delete(userId);
  }

  #user(id: string): User | undefined {
    const known = this.#users.get(id);
    if (known === undefined || known.untilMs > this.#nowMs()) return known;
    this.#users.delete(id);
    return undefined;
  }
}
