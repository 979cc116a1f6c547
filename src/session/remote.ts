import type { PushHistory } from './history/push-history.ts';
import type { Hub } from './hub.ts';
import type { SessionLifecycle } from './lifecycle.ts';
import type { ResumeToken } from './resume-token.ts';
import type { Session, SessionUser } from './session.ts';

/** A gateway whose sessions are shared with others. */
export interface SharingGateway {
  readonly lifecycle: SessionLifecycle;
  readonly hub: Hub;
  /** It closes, and takes no sessions from others any more. */
  readonly closing: boolean;
}

/** Users that are on other gateways. */
export interface UserDirectory {
  /** More reads are under way than is good; ask again later. */
  readonly busy: boolean;
  /** Whether the user has a session on another gateway that is alive. Decimal. Rejects where the store is away. */
  isElsewhere(userId: string): Promise<boolean>;
}

/** Sessions that other gateways have or had. */
export interface RemoteSessions {
  /**
   * Takes the session that the token names from wherever it is; it is detached here then, and in the hub. Undefined
   * where there is none, or it could not be resumed by a client that has `received` frames. Does not reject.
   */
  claim(token: ResumeToken, received: number): Promise<Session | undefined>;
}

/** What of the sessions is known outside this gateway. */
export interface SessionSharing extends RemoteSessions {
  readonly directory: UserDirectory;
  /** Told of every push by the channel that all gateways hear; undefined: nobody asks for them again. */
  readonly history: PushHistory | undefined;
  /** Called once, before the listeners start. Resolves when ids can be had, or after a bounded time. */
  start(gateway: SharingGateway): Promise<void>;
  /**
   * Ends the user's sessions everywhere but for `session`, which is its caller's to end. False: other gateways may hear of
   * it later only. Settles within about a second, and does not reject.
   */
  logoutEverywhere(user: SessionUser, session: Session): Promise<boolean>;
  /** A gateway asks for sessions, in the order of the pushes. */
  onBarrier(sessionIds: readonly string[], nonce: string): void;
  /** Gives the sessions to gateways that stay; pushes are still heard. Bounded to 4 s. */
  handOver(): Promise<void>;
  /** Writes what is due. Bounded to 2 s. */
  close(): Promise<void>;
}
