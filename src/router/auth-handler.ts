import type { Identity, TokenVerifier } from '../auth/identity.ts';
import { GatewayError } from '../errors.ts';
import { DISCONNECT } from '../protocol/disconnect.ts';
import { payloadOf } from '../protocol/header.ts';
import {
  type AuthResult,
  decodeAuthLogin,
  decodeAuthLogout,
  decodeAuthRefresh,
  encodeAuthResult,
} from '../protocol/system.ts';
import { LANE } from '../queue/lane.ts';
import type { Hub } from '../session/hub.ts';
import type { IssuedToken, SessionLifecycle } from '../session/lifecycle.ts';
import type { FrameRef, Session, SessionUser } from '../session/session.ts';
import { type Link, refOf } from './link.ts';
import { whenStored } from './when-stored.ts';

export interface AuthHandlerOptions {
  /** Undefined: this gateway verifies nothing, and refuses logins. */
  readonly verifier: TokenVerifier | undefined;
  /** Who is bound to a user may end that one's other sessions: users are not whoever likes to be. */
  readonly trustsUsers: boolean;
  readonly lifecycle: SessionLifecycle;
  readonly hub: Hub;
  onAuthenticated(link: Link, identity: Identity): void;
  /**
   * The user's sessions but this one are to end wherever they are. Resolves with whether all gateways know of that;
   * undefined: there are no others.
   */
  logoutElsewhere(user: SessionUser, session: Session): Promise<boolean> | undefined;
  onBug(error: unknown): void;
}

/** Of a logout that other gateways have not heard of. */
const RETRY_AFTER_MS = 1_000;

/** Fields that have nothing to say are empty. */
const NOTHING: AuthResult = {
  userId: '0',
  token: '',
  refreshToken: '',
  expiresAtMs: 0,
  permissions: [],
  resumeToken: '',
};

/**
 * AuthLogin, AuthRefresh and AuthLogout. The gateway issues no tokens: login and refresh show one of the issuer's, and
 * the AuthResult says what it grants.
 */
export class AuthHandler {
  readonly #options: AuthHandlerOptions;

  constructor(options: AuthHandlerOptions) {
    this.#options = options;
  }

  login(link: Link, frame: Uint8Array): void {
    const login = decodeAuthLogin(payloadOf(frame));
    if (login === undefined) return link.reject(refOf(frame), 'BAD_MESSAGE', 'AuthLogin does not decode');
    this.#show(link, refOf(frame), login.token);
  }

  refresh(link: Link, frame: Uint8Array): void {
    const token = decodeAuthRefresh(payloadOf(frame));
    if (token === undefined) return link.reject(refOf(frame), 'BAD_MESSAGE', 'AuthRefresh does not decode');
    this.#show(link, refOf(frame), token);
  }

  logout(link: Link, frame: Uint8Array): void {
    const everywhere = decodeAuthLogout(payloadOf(frame));
    if (everywhere === undefined) {
      return link.reject(refOf(frame), 'BAD_MESSAGE', 'AuthLogout does not decode');
    }
    const { hub, lifecycle, logoutElsewhere, trustsUsers } = this.#options;
    const { session } = link;
    const { user } = session;
    const ref = refOf(frame);
    if (everywhere && !trustsUsers) {
      return link.reject(ref, 'FORBIDDEN', 'this gateway does not know who a user is');
    }
    if (!everywhere || user === undefined) return this.#loggedOut(link, session, ref, true);
    for (const other of hub.sessionsOf(user.key) ?? []) {
      if (other !== session) lifecycle.end(other, DISCONNECT.loggedOut);
    }
    const told = logoutElsewhere(user, session);
    if (told === undefined) return this.#loggedOut(link, session, ref, true);
    lifecycle.revokeTokens(session);
    link.holdDuring(told.then((done) => this.#loggedOut(link, session, ref, done)));
  }

  /** `done`: wherever that was asked for. The session here ends in any case. */
  #loggedOut(link: Link, session: Session, ref: FrameRef, done: boolean): void {
    if (done) session.queue.sendFirst(encodeAuthResult(NOTHING, ref.seq));
    else link.reject(ref, 'UNAVAILABLE', 'other gateways hear of it later', RETRY_AFTER_MS);
    this.#options.lifecycle.end(session, DISCONNECT.loggedOut);
  }

  #show(link: Link, ref: FrameRef, token: string): void {
    const { verifier } = this.#options;
    if (link.session.nameless) return link.refuseNameless(ref);
    if (verifier === undefined) return link.reject(ref, 'FORBIDDEN', 'this gateway does not authenticate');
    if (token === '') return link.reject(ref, 'UNAUTHENTICATED', 'a token is needed');
    const shown = verifier.verify(token).then(
      (identity) => this.#take(link, ref, identity),
      (error: unknown) => this.#refuse(link, ref, error),
    );
    link.holdDuring(
      shown.catch((error: unknown) => {
        this.#options.onBug(error);
        link.disconnect(DISCONNECT.internal);
      }),
    );
  }

  /** Returns what the client's next frames have to wait for, if anything. */
  #take(link: Link, ref: FrameRef, identity: Identity): Promise<void> | undefined {
    const { session } = link;
    if (!link.current) return undefined;
    const { userIdLow, userIdHigh } = identity;
    if (session.user !== undefined && !session.isUser(userIdLow, userIdHigh)) {
      link.reject(ref, 'USER_MISMATCH', 'the token names another user');
      return undefined;
    }
    session.onEnding = ({ reason }) => link.reject(ref, 'FORBIDDEN', reason);
    this.#options.onAuthenticated(link, identity);
    const issued = this.#issue(link);
    const stored = issued?.stored ?? this.#options.lifecycle.admission(session);
    return whenStored(stored, () => this.#answer(link, ref, identity, issued?.text ?? ''));
  }

  /** The resume token that its Welcome did not bring, as it was nobody's session then. */
  #issue({ session, helloDone }: Link): IssuedToken | undefined {
    if (!helloDone || session.ended || session.secretHash !== undefined) return undefined;
    return this.#options.lifecycle.renewToken(session, undefined);
  }

  #answer(link: Link, ref: FrameRef, identity: Identity, resumeToken: string): void {
    const { session } = link;
    session.onEnding = undefined;
    if (!link.current) return;
    const { expiresAtMs, permissions } = identity;
    const userId = session.user?.id ?? '0';
    const result = { ...NOTHING, userId, expiresAtMs, permissions: [...permissions], resumeToken };
    session.send(encodeAuthResult(result, ref.seq), LANE.critical);
  }

  #refuse(link: Link, ref: FrameRef, error: unknown): void {
    if (!link.current) return;
    if (!(error instanceof GatewayError)) return link.reject(ref, 'INTERNAL', 'the token was not verified');
    link.reject(ref, error.code, error.message, error.retryAfterMs);
  }
}
