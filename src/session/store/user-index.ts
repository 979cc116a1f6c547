/** One entry of the index: a session of the user, and the gateway that has it. */
export interface UserEntry {
  readonly id: string;
  readonly gatewayId: string;
}

/** An entry with what the index keeps beside it. */
export interface IndexedSession extends UserEntry {
  /** Decimal, of a user; never `0`. */
  readonly userId: string;
  /** Of the session; empty: it named none. */
  readonly device: string;
}

/**
 * What happens where the user has no place left. `ask`: nothing, so that the caller can look which of the sessions are
 * alive. `push-out`: the oldest by session id give way. `refuse`: the session gets no place.
 */
export type WhenCrowded = 'ask' | 'push-out' | 'refuse';

export interface BindRequest {
  readonly session: IndexedSession;
  /** Sessions of the user at a time; 0: any number. */
  readonly limit: number;
  readonly whenCrowded: WhenCrowded;
  /** It had a place before, on another gateway: without one now it was pushed out, and takes none but from `gone`. */
  readonly returning: boolean;
  /**
   * Entries that nobody stands for any more. As many as needed give way ahead of all others, and with `refuse` too,
   * where they are still as they were seen.
   */
  readonly gone: readonly UserEntry[];
  /** Life of the user's entries from now; one that is longer stays. */
  readonly ttlMs: number;
}

/**
 * `bound`: `entries` are out of the index, and have to be ended. `refused`, `crowded`: `entries` are all that the user
 * has; of these two `crowded` is the answer to `ask`.
 */
export interface BindOutcome {
  readonly outcome: 'bound' | 'refused' | 'crowded';
  readonly entries: readonly UserEntry[];
}

/**
 * Which sessions a user has, over all gateways, and how many it may have. Every operation is one step: of two gateways
 * that admit a session of one user at a time, the second sees what the first has done. Everything rejects where the
 * store is away; what was asked may have been done then.
 */
export interface UserIndex {
  /** Gives a session a place among its user's. One that has a place keeps it. A session of the same device gives way. */
  bind(request: BindRequest): Promise<BindOutcome>;
  /**
   * Writes an entry, whatever the number: of a session that has its place. Resolves with the other entries of the user.
   */
  keep(session: IndexedSession, ttlMs: number): Promise<readonly UserEntry[]>;
  /** Removes those entries that still name the gateway. */
  unbind(userId: string, entries: readonly UserEntry[]): Promise<void>;
  /** Session ids of a user, with the gateway of each. */
  sessionsOf(userId: string): Promise<ReadonlyMap<string, string>>;
}

/** Snowflakes in decimal: the older session first. */
export function compareAge(a: UserEntry, b: UserEntry): number {
  if (a.id.length !== b.id.length) return a.id.length - b.id.length;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
