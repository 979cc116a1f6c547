/** A user's wish that all its sessions end. */
export interface Logout {
  /** Decimal. */
  readonly userId: string;
  /** Unix ms of the wish: sessions that began later are not meant. */
  readonly atMs: number;
  /** Names this wish, wherever it is told of. */
  readonly nonce: string;
}

/** What was logged behind a place, oldest first, and where to go on. */
export interface LoggedOut {
  readonly place: string;
  readonly logouts: readonly Logout[];
}

/**
 * The recent logouts of all users, for gateways that could not hear of them. Bounded to some 10,000. Everything rejects
 * where the store is away.
 */
export interface LogoutLog {
  /** `ttlMs`: how long the log is kept, from now. */
  add(logout: Logout, ttlMs: number): Promise<void>;
  /** Up to 1,000 entries behind a place; empty: from the first one. */
  after(place: string): Promise<LoggedOut>;
}

export const LOGOUTS_MAX = 10_000;
export const LOGOUTS_PER_READ = 1_000;
