import type { Family } from '../observe/counters.ts';
import { CachedReads } from './cached-reads.ts';
import type { UserDirectory } from './remote.ts';
import type { SessionRecord } from './session-record.ts';
import type { SessionStore } from './session-store.ts';

export interface SessionDirectoryOptions {
  readonly gatewayId: string;
  readonly store: SessionStore;
  /** Copies of sessions, and as many of users. */
  readonly cacheSize: number;
  /** By outcome: hit, miss. */
  readonly lookups: Family;
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
  readonly #users: CachedReads<readonly string[]>;
  readonly #alive: CachedReads<boolean>;

  constructor({ gatewayId, store, cacheSize, lookups }: SessionDirectoryOptions) {
    this.#gatewayId = gatewayId;
    const onRead = (outcome: 'hit' | 'miss'): void => lookups.add(1, outcome);
    const copies = { max: cacheSize, ageMaxMs: COPY_AGE_MAX_MS, onRead };
    this.#sessions = new CachedReads({ ...copies, read: (id) => store.get(id) });
    this.#users = new CachedReads<readonly string[]>({
      ...copies,
      read: async (id) => [...(await store.users.sessionsOf(id)).keys()],
    });
    this.#alive = new CachedReads({
      ...{ max: GATEWAYS_MAX, ageMaxMs: ALIVE_AGE_MAX_MS, onRead() {} },
      read: (id) => store.isAlive(id),
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
    for (const id of await this.#users.get(userId)) {
      const record = await this.#sessions.get(id);
      // The index may name a session that has expired, or has another user by now.
      if (record === undefined || record.details.userId !== userId) continue;
      if (record.gatewayId !== this.#gatewayId && (await this.#alive.get(record.gatewayId))) return true;
    }
    return false;
  }

  drop(sessionIds: readonly string[], userIds: readonly string[]): void {
    for (const id of sessionIds) this.#sessions.drop(id);
    for (const id of userIds) this.#users.drop(id);
  }
}
