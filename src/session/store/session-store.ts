import type { LogoutLog } from './logout-log.ts';
import type { SessionDetails, SessionRecord, SessionState } from './session-record.ts';
import type { UserIndex } from './user-index.ts';

/** Who writes: a write of anybody but the gateway that has the session, at its present epoch, does nothing. */
export interface Fence {
  readonly id: string;
  readonly gatewayId: string;
  readonly epoch: number;
}

/** The whole of a session. */
export interface StoredSession extends Fence {
  readonly state: SessionState;
  readonly details: SessionDetails;
  /** SHA-256 of the secrets in resume tokens: the newest, and one before that may still come. */
  readonly secretHash: Uint8Array;
  readonly earlierHash: Uint8Array;
  /** Counts modulo 2^32: reliable frames to the client up to the end of the log, and from it. */
  readonly next: number;
  readonly taken: number;
}

/** What a tick adds to a stored session. */
export interface StoredChange {
  readonly frames: readonly Uint8Array[];
  /** Frames that the log keeps at most, from its end. */
  readonly keep: number;
  readonly next: number;
  readonly taken: number;
  /** Up to where the log is complete among the pushes (log-position.ts); empty: nobody keeps account. */
  readonly position: string;
}

/**
 * `fenced`: somebody else has the session. `missing`: the store has lost it, or its latest writes (a failover), and wants
 * all of it.
 */
export type Appended = 'written' | 'fenced' | 'missing';

/** How long a session lives in the store from now on. */
export interface Renewal extends Fence {
  readonly ttlMs: number;
}

export interface StoredWrite {
  /** The whole log; undefined: what is there stays, and gets `added` at its end. */
  readonly log: readonly Uint8Array[] | undefined;
  readonly added?: readonly Uint8Array[] | undefined;
  /** As in StoredChange; where there is neither `log` nor `added` it stays. */
  readonly position: string;
  readonly ttlMs: number;
  readonly releasedTo: string;
}

export interface ClaimRequest {
  readonly id: string;
  readonly secretHash: Uint8Array;
  /** Frames that the client has; undefined: it has not come. The log is taken as it is then, and its tokens stay good. */
  readonly received: number | undefined;
  readonly gatewayId: string;
  /** Names this claim: its gateway lets go of the session for it. */
  readonly nonce: string;
  /** Without waiting for that, as its gateway is dead. */
  readonly force: boolean;
}

export type Claim =
  | { readonly outcome: 'unknown' }
  /** Its gateway has to write it, and let go of it, first. */
  | {
      readonly outcome: 'held';
      readonly gatewayId: string;
      readonly state: SessionState;
      readonly details: SessionDetails;
      /** It has let go of it, for another claim. */
      readonly released: boolean;
      readonly position: string;
    }
  /** The log does not reach back to what the client has; the session is gone. */
  | { readonly outcome: 'incomplete'; readonly gatewayId: string; readonly epoch: number }
  | {
      readonly outcome: 'taken';
      readonly from: string;
      readonly session: StoredSession;
      readonly log: Uint8Array[];
      readonly position: string;
      /** Its gateway had let go of it, for this claim or for another one. */
      readonly released: boolean;
    };

/**
 * Sessions where several gateways reach them. Writes are fenced by gateway and epoch, so of two gateways that believe
 * to have a session only one can write. Everything rejects where the store is away.
 */
export interface SessionStore {
  /** Claims say there which gateway a session is at, where it has a place. */
  readonly users: UserIndex;
  readonly logouts: LogoutLog;
  /** Called each time the store can be reached again, the first one included. Not by a store that is always there. */
  onUp?: (() => void) | undefined;
  /**
   * Writes a session, in one step but for what of a log is over 1000 frames. `ttlMs` from now it is gone. `releasedTo`:
   * the nonce of a claim that may have it; empty: none. False: fenced off. Rejects where the stored log ends earlier than
   * `added` begins.
   */
  save(session: StoredSession, write: StoredWrite): Promise<boolean>;
  /** Adds to a session's log and counts. */
  append(fence: Fence, change: StoredChange): Promise<Appended>;
  /** Of its tokens only the newest is good from now on. Does nothing where somebody else has the session. */
  confirm(fence: Fence): Promise<void>;
  /** Takes a session over, in one step. It is `detached` then, and what is stored of it stays. */
  claim(request: ClaimRequest, ttlMs: number): Promise<Claim>;
  /**
   * Deletes a session that is the gateway's, as of that epoch or an earlier one. The index of its user is left as it is.
   */
  remove(fence: Fence): Promise<void>;
  /**
   * Sets when a session is gone. `missing`: the store does not have it as it is at that epoch, and wants all of it.
   */
  renew(renewal: Renewal): Promise<Appended>;
  /** Keeps these texts, for `ttlMs`, for gateways that start. */
  leave(batches: readonly string[], ttlMs: number): Promise<void>;
  /** Takes the oldest of them, in one step; undefined: there is none. */
  takeLeft(): Promise<string | undefined>;
  /**
   * Says that a gateway is alive, for `ttlMs`; 0: that it has closed. False where nobody knew of it before: it is new,
   * was silent for too long, or the store has lost its data.
   */
  announce(gatewayId: string, ttlMs: number): Promise<boolean>;
  /** `run`: as in a session's record; of an earlier process of that id it is false. Empty, undefined: of any. */
  isAlive(gatewayId: string, run?: string): Promise<boolean>;
  /** Ids of the gateways that are alive. */
  livingGateways(): Promise<readonly string[]>;
  /** Up to where all logs are complete that the process of that name has written, as `StoredChange.position`. */
  savePosition(run: string, position: string, ttlMs: number): Promise<void>;
  /** Empty where none is known. */
  positionOf(run: string): Promise<string>;
  /** The session and the gateway that has it. */
  get(id: string): Promise<SessionRecord | undefined>;
}
