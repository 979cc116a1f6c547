import type { Family } from '../../observe/counters.ts';
import { CachedReads } from '../cached-reads.ts';
import type { UserDirectory } from '../remote.ts';
import type { SessionRecord } from '../store/session-record.ts';
import type { SessionStore } from '../store/session-store.ts';
import type { UserEntry } from '../store/user-index.ts';

export interface SessionDirectoryOptions {
  readonly gatewayId: string;
  readonly store: SessionStore;
  /** Copies of sessions, and as many of users. */
  readonly cacheSize: number;
  /** By outcome: hit, miss. */
  readonly lookups: Family;
}

/** What the index has of a user. */
interface User {
  readonly entries: readonly UserEntry[];
  /** It was looked whether the sessions are there. */
  checked: boolean;
}

/** Gateways say what has changed; this bounds the harm of a message that is lost. */
const COPY_AGE_MAX_MS = 60_000;
/** A gateway that died is believed to live for so much longer than its key. */
const ALIVE_AGE_MAX_MS = 2_000;
const GATEWAYS_MAX = 1_000;
const READS_MAX = 10_000;

/** Where sessions and users of other gateways are, read from the store once and from memory until they change. */
export class SessionDirectory implements UserDirectory {
  readonly #gatewayId: string;
  readonly #sessions: CachedReads<SessionRecord | undefined>;
  readonly #users: CachedReads<User>;
  readonly #alive: CachedReads<boolean>;
  /** Told of entries in the index of a user whose sessions are not stored. */
  onStale: ((userId: string, entries: readonly UserEntry[]) => void) | undefined;

  constructor({ gatewayId, store, cacheSize, lookups }: SessionDirectoryOptions) {
    this.#gatewayId = gatewayId;
    const onRead = (outcome: 'hit' | 'miss'): void => lookups.add(1, outcome);
    const copies = { max: cacheSize, ageMaxMs: COPY_AGE_MAX_MS, onRead };
    this.#sessions = new CachedReads({ ...copies, read: (id) => store.get(id) });
    this.#users = new CachedReads<User>({
      ...copies,
      read: async (userId) => {
        const entries = [...(await store.users.sessionsOf(userId))];
        return { entries: entries.map(([id, gateway]) => ({ id, gatewayId: gateway })), checked: false };
      },
    });
    this.#alive = new CachedReads({
      ...{ max: GATEWAYS_MAX, ageMaxMs: ALIVE_AGE_MAX_MS, onRead() {} },
      read: (key) => store.isAlive(key.slice(key.indexOf(' ') + 1), key.slice(0, key.indexOf(' '))),
    });
  }

  get busy(): boolean {
    return this.#sessions.pending + this.#users.pending > READS_MAX;
  }

  /** A session wherever it is. Rejects where Redis is away and there is no copy. */
  session(id: string): Promise<SessionRecord | undefined> {
    return this.#sessions.get(id);
  }

  async isElsewhere(userId: string): Promise<boolean> {
    const user = await this.#users.get(userId);
    if (!user.checked) await this.#check(userId, user);
    for (const { id } of user.entries) {
      const record = await this.#sessions.get(id);
      // The index may name a session that has expired, or has another user by now.
      if (record === undefined || record.details.userId !== userId) continue;
      if (record.gatewayId !== this.#gatewayId && (await this.#isAlive(record))) return true;
    }
    return false;
  }

  async #check(userId: string, user: User): Promise<void> {
    user.checked = true;
    const records = await Promise.all(user.entries.map(({ id }) => this.#sessions.get(id)));
    const stale = user.entries.filter((_, at) => records[at]?.details.userId !== userId);
    if (stale.length > 0) this.onStale?.(userId, stale);
  }

  /** Not where another process has the gateway's id by now. */
  #isAlive({ gatewayId, run }: SessionRecord): Promise<boolean> {
    return this.#alive.get(`${run} ${gatewayId}`);
  }

  drop(sessionIds: readonly string[], userIds: readonly string[]): void {
    for (const id of sessionIds) this.#sessions.drop(id);
    for (const id of userIds) this.#users.drop(id);
  }
}
