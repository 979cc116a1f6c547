import type { UserKey } from '../protocol/user-id.ts';
import type { Session, SessionUser } from './session.ts';

/** This gateway's sessions: by session id, by user, by group (DESIGN.md section 1). */
export class Hub {
  readonly #sessions = new Map<string, Session>();
  readonly #byUser = new Map<UserKey, Set<Session>>();
  readonly #byGroup = new Map<string, Set<Session>>();
  /** Told of each session whose groups have changed. */
  onGroups: ((session: Session) => void) | undefined;

  get size(): number {
    return this.#sessions.size;
  }

  get userCount(): number {
    return this.#byUser.size;
  }

  get groupCount(): number {
    return this.#byGroup.size;
  }

  add(session: Session): void {
    this.#sessions.set(session.id, session);
  }

  /** Removes the session from every index, and is silent about its groups. Nothing where another has its id by now. */
  remove(session: Session): void {
    if (this.#sessions.get(session.id) !== session) return;
    this.#sessions.delete(session.id);
    if (session.user !== undefined) this.#unbind(session, session.user);
    for (const group of session.groups ?? []) this.#takeOut(group, session);
  }

  /** Binds the session to a user, in place of an earlier one. */
  bind(session: Session, low: number, high: number): SessionUser {
    if (session.user !== undefined) this.#unbind(session, session.user);
    const user = session.setUser(low, high);
    const others = this.#byUser.get(user.key);
    if (others === undefined) this.#byUser.set(user.key, new Set([session]));
    else others.add(session);
    return user;
  }

  session(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  /** The user's sessions here, the one bound first in front; undefined where there are none. They may end meanwhile. */
  sessionsOf(user: UserKey): ReadonlySet<Session> | undefined {
    return this.#byUser.get(user);
  }

  all(): IterableIterator<Session> {
    return this.#sessions.values();
  }

  group(name: string): ReadonlySet<Session> | undefined {
    return this.#byGroup.get(name);
  }

  /** Does nothing where it is in that group: backends may say so again and again, and each change is stored. */
  join(name: string, session: Session): void {
    if (session.groups?.has(name)) return;
    const members = this.#byGroup.get(name) ?? new Set();
    members.add(session);
    this.#byGroup.set(name, members);
    session.groups ??= new Set();
    session.groups.add(name);
    this.onGroups?.(session);
  }

  leave(name: string, session: Session): void {
    if (!session.groups?.has(name)) return;
    this.#takeOut(name, session);
    this.onGroups?.(session);
  }

  dissolve(name: string): void {
    for (const session of this.#byGroup.get(name) ?? []) {
      session.groups?.delete(name);
      this.onGroups?.(session);
    }
    this.#byGroup.delete(name);
  }

  /** An empty group is gone. */
  #takeOut(name: string, session: Session): void {
    session.groups?.delete(name);
    const members = this.#byGroup.get(name);
    members?.delete(session);
    if (members?.size === 0) this.#byGroup.delete(name);
  }

  #unbind(session: Session, user: SessionUser): void {
    const sessions = this.#byUser.get(user.key);
    if (sessions === undefined) return;
    sessions.delete(session);
    if (sessions.size === 0) this.#byUser.delete(user.key);
  }
}
