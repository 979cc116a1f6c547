import { randomUUID } from 'node:crypto';
import type { Metrics } from '../../observe/metrics.ts';
import { DISCONNECT } from '../../protocol/disconnect.ts';
import { userKeyOf } from '../../protocol/user-id.ts';
import type { ControlChannel, LogoutMessage } from '../control/control-channel.ts';
import type { ChangeNotices } from '../directory/change-notices.ts';
import type { Hub } from '../hub.ts';
import type { SessionLifecycle } from '../lifecycle.ts';
import { LOGOUTS_PER_READ, type Logout } from '../store/logout-log.ts';
import type { SessionStore } from '../store/session-store.ts';

export interface LogoutsOptions {
  readonly store: SessionStore;
  readonly control: ControlChannel;
  /** Life of a stored session without activity: a logout matters for as long. */
  readonly ttlMs: number;
  readonly notices: ChangeNotices;
  readonly metrics: Metrics;
  readonly lifecycle: SessionLifecycle;
  readonly hub: Hub;
  /** Work that has to be done before the gateway closes. */
  watch(work: Promise<unknown>): void;
}

/** Whoever logs out waits for so long to hear that it is done. */
const TOLD_MS = 1_000;
/** Logouts that wait for the store; beyond this the oldest are given up. */
const OVERDUE_MAX = 10_000;
/** Those told of lately, here by a message and in the log. */
const SEEN_MAX = 10_000;

/**
 * Logouts of users everywhere. Other gateways hear of one by a message at once, and read it in a log when they did not
 * hear it; what is stored of the user's sessions goes, whatever became of its gateway. What the store does not take is
 * tried again.
 */
export class Logouts {
  readonly #options: LogoutsOptions;
  /** By user. */
  readonly #overdue = new Map<string, Logout>();
  /** Nonces, the oldest first. */
  readonly #seen = new Set<string>();
  #place = '';
  #reading = false;

  constructor(options: LogoutsOptions) {
    this.#options = options;
  }

  /**
   * Ends the user's sessions everywhere, but for `except` here, which its client waits on. False: the store did not take
   * it within a second. It is tried again then; the sessions here have ended. Does not reject.
   */
  async everywhere(userId: string, except: string): Promise<boolean> {
    const logout = { userId, atMs: Date.now(), nonce: randomUUID() };
    this.#see(logout.nonce);
    this.#endHere(userId, (id) => id !== except);
    let deadline: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      deadline = setTimeout(resolve, TOLD_MS, false);
    });
    const told = this.#tell(logout, 0);
    this.#options.watch(told);
    const done = await Promise.race([told, late]);
    clearTimeout(deadline);
    return done;
  }

  onMessage({ user, nonce, beforeMs }: LogoutMessage): void {
    if (nonce !== '' && !this.#see(nonce)) return;
    this.#endHere(user, (_id, startedAtMs) => beforeMs === 0 || startedAtMs <= beforeMs);
  }

  /** The store is there: tells what could not be told, and looks for what was not heard. */
  retry(): void {
    for (const logout of [...this.#overdue.values()]) {
      this.#overdue.delete(logout.userId);
      const isOld = Date.now() - logout.atMs > this.#options.ttlMs;
      if (!isOld) this.#options.watch(this.#tell(logout, logout.atMs));
    }
    if (!this.#reading) this.#options.watch(this.#read());
  }

  async #tell(logout: Logout, beforeMs: number): Promise<boolean> {
    const { store, control, ttlMs } = this.#options;
    const { userId, nonce } = logout;
    const logged = store.logouts.add(logout, ttlMs);
    void control.sendAll({ kind: 'logout', user: userId, nonce, beforeMs });
    try {
      await Promise.all([logged, this.#removeStored(logout)]);
      return true;
    } catch {
      this.#options.metrics.sessionStoreErrors.add(1, 'logout');
      this.#keep(logout);
      return false;
    }
  }

  /** Sessions that are stored, of whatever gateway: nobody is going to resume them. */
  async #removeStored({ userId, atMs }: Logout): Promise<void> {
    const { store } = this.#options;
    const entries = [...(await store.users.sessionsOf(userId))];
    await Promise.all(entries.map(([id, gatewayId]) => this.#removeOne(id, gatewayId, { userId, atMs })));
  }

  async #removeOne(id: string, gatewayId: string, of: Pick<Logout, 'userId' | 'atMs'>): Promise<void> {
    const { store, notices } = this.#options;
    const record = await store.get(id);
    if (record === undefined || record.details.userId !== of.userId) return;
    if (record.details.startedAtMs > of.atMs) return;
    await store.remove(record);
    await store.users.unbind(of.userId, [{ id, gatewayId }]);
    notices.tell(id, of.userId);
  }

  /** What other gateways have logged since the last look. */
  async #read(): Promise<void> {
    this.#reading = true;
    try {
      for (let more = true; more; ) {
        const { place, logouts } = await this.#options.store.logouts.after(this.#place);
        this.#place = place;
        for (const { userId, atMs, nonce } of logouts) {
          this.onMessage({ kind: 'logout', user: userId, nonce, beforeMs: atMs });
        }
        more = logouts.length === LOGOUTS_PER_READ;
      }
    } finally {
      this.#reading = false;
    }
  }

  #endHere(userId: string, meant: (id: string, startedAtMs: number) => boolean): void {
    const { hub, lifecycle } = this.#options;
    const key = userKeyOf(userId);
    for (const session of (key === undefined ? undefined : hub.sessionsOf(key)) ?? []) {
      if (meant(session.id, session.startedAtMs)) lifecycle.end(session, DISCONNECT.loggedOut);
    }
  }

  #keep(logout: Logout): void {
    this.#overdue.delete(logout.userId);
    this.#overdue.set(logout.userId, logout);
    dropOldest(this.#overdue, OVERDUE_MAX);
  }

  /** False: it has been seen before. */
  #see(nonce: string): boolean {
    if (this.#seen.has(nonce)) return false;
    this.#seen.add(nonce);
    dropOldest(this.#seen, SEEN_MAX);
    return true;
  }
}

function dropOldest(keyed: Map<string, unknown> | Set<string>, max: number): void {
  if (keyed.size <= max) return;
  for (const oldest of keyed.keys()) {
    keyed.delete(oldest);
    return;
  }
}
