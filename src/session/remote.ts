import type { ResumeToken } from './resume-token.ts';
import type { Session } from './session.ts';

/** Sessions that other gateways have or had. */
export interface RemoteSessions {
  /**
   * Takes the session that the token names from wherever it is; it is detached here then, and in the hub. Undefined
   * where there is none, or it could not be resumed by a client that has `received` frames. Does not reject.
   */
  claim(token: ResumeToken, received: number): Promise<Session | undefined>;
}
