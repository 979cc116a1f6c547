import type { Identity, TokenVerifier } from '../auth/identity.ts';
import { GatewayError } from '../errors.ts';
import type { Family } from '../observe/counters.ts';
import { DISCONNECT, withReason } from '../protocol/disconnect.ts';
import { payloadOf, readSeq } from '../protocol/header.ts';
import { decodeHello, encodeWelcome, type Hello, PROTOCOL_VERSION, SYSTEM } from '../protocol/system.ts';
import type { SessionLifecycle } from '../session/lifecycle.ts';
import type { RemoteSessions } from '../session/remote.ts';
import { parseResumeToken, type ResumeToken } from '../session/resume-token.ts';
import type { FrameRef, Session } from '../session/session.ts';
import { grantOf } from './grant.ts';
import { type Link, NO_FRAME, refOf } from './link.ts';
import { whenStored } from './when-stored.ts';

export interface HelloHandlerOptions {
  readonly gatewayId: string;
  readonly heartbeatIntervalMs: number;
  readonly lifecycle: SessionLifecycle;
  /** Sessions without a verified user are nobody's: they have no resume token, and are not resumed. */
  readonly verifies: boolean;
  /** Undefined: this gateway verifies nothing. */
  readonly verifier: TokenVerifier | undefined;
  /** Undefined: sessions of other gateways are out of reach. */
  readonly remote: RemoteSessions | undefined;
  /** By outcome: recovered, not_recovered. */
  readonly resumes: Family;
  /** The frame limit that holds for the link now, in bytes. */
  frameBytesMax(link: Link): number;
  /** The link's session is the user's now. */
  onAuthenticated(link: Link, identity: Identity): void;
  /** The link has another session than before. */
  onResumed(link: Link): void;
  onBug(error: unknown): void;
}

/** It is kept with the session, here and in the store. */
const DEVICE_CHARS_MAX = 128;

/** A Hello on its way. */
interface Greeting {
  readonly hello: Hello;
  readonly seq: number;
  readonly resume: ResumeToken | undefined;
  readonly token: string;
}

/** What a Welcome grants. */
interface Granted {
  readonly token: string;
  readonly received: number | undefined;
}

/**
 * Hello: a new session or an earlier one, and who it is. Where all is known here, Welcome follows in the same call;
 * with a token to verify or a session of another gateway to claim, what the client sends meanwhile is kept.
 */
export class HelloHandler {
  readonly #options: HelloHandlerOptions;

  constructor(options: HelloHandlerOptions) {
    this.#options = options;
  }

  handle(link: Link, frame: Uint8Array): void {
    const hello = decodeHello(payloadOf(frame));
    if (hello === undefined) return link.reject(refOf(frame), 'BAD_MESSAGE', 'Hello does not decode');
    if (hello.protocol !== PROTOCOL_VERSION) {
      const reason = `protocol ${hello.protocol}, expected ${PROTOCOL_VERSION}`;
      return link.disconnect(withReason(DISCONNECT.unsupportedProtocol, reason));
    }
    if (link.helloDone) return link.reject(refOf(frame), 'BAD_MESSAGE', 'a second Hello');
    if (hello.device.length > DEVICE_CHARS_MAX) {
      return link.reject(
        refOf(frame),
        'BAD_MESSAGE',
        `a device name of more than ${DEVICE_CHARS_MAX} characters`,
      );
    }
    link.helloDone = true;
    link.quieten();
    const resume = hello.resumeToken === '' ? undefined : parseResumeToken(hello.resumeToken);
    const token = hello.token || (link.connection.info.token ?? '');
    this.#begin(link, { hello, seq: readSeq(frame), resume, token });
  }

  #begin(link: Link, greeting: Greeting): void {
    const { verifier, remote } = this.#options;
    const found = this.#findHere(greeting);
    const verifies = verifier !== undefined && greeting.token !== '';
    if (!verifies && (found !== undefined || greeting.resume === undefined || remote === undefined)) {
      const work = this.#finish(link, greeting, found, undefined);
      if (work !== undefined) this.#holdDuring(link, this.#parked(work, link, found));
      return;
    }
    this.#holdDuring(link, this.#findOut(link, greeting));
  }

  #holdDuring(link: Link, work: Promise<void>): void {
    link.holdDuring(
      work.catch((error: unknown) => {
        this.#options.onBug(error);
        link.disconnect(DISCONNECT.internal);
      }),
    );
  }

  async #findOut(link: Link, greeting: Greeting): Promise<void> {
    const { verifier, remote } = this.#options;
    const identity =
      greeting.token === '' ? undefined : await verifier?.verify(greeting.token).catch(refusalOf);
    let found = this.#findHere(greeting);
    if (found === undefined && greeting.resume !== undefined && remote !== undefined) {
      // That takes a second where a gateway has died, and pushes to the link's own session would be for nobody then.
      this.#options.lifecycle.hide(link.session);
      found = await remote.claim(greeting.resume, greeting.hello.received);
    }
    const work = link.current ? this.#finish(link, greeting, found, identity) : undefined;
    await this.#parked(work, link, found);
  }

  /** A session that was found and, for the loss of the link, not bound, waits on. */
  async #parked(work: Promise<void> | undefined, link: Link, found: Session | undefined): Promise<void> {
    await work;
    if (found !== undefined && found !== link.session) this.#options.lifecycle.park(found);
  }

  #findHere({ resume, hello }: Greeting): Session | undefined {
    if (resume === undefined) return undefined;
    const found = this.#options.lifecycle.find(resume, hello.received);
    return typeof found === 'string' ? undefined : found;
  }

  /** Returns what has to be waited for, if anything. */
  #finish(
    link: Link,
    greeting: Greeting,
    found: Session | undefined,
    proof: Identity | GatewayError | undefined,
  ): Promise<void> | undefined {
    const { resumes } = this.#options;
    const identity = proof instanceof GatewayError ? undefined : proof;
    if (found !== undefined && !found.ended && this.#mayResume(found, identity)) {
      resumes.add(1, 'recovered');
      if (identity !== undefined) found.grant = grantOf(identity);
      return this.#resume(link, greeting, found);
    }
    if (greeting.hello.resumeToken !== '') resumes.add(1, 'not_recovered');
    const refusal = proof instanceof GatewayError ? proof : mismatchOf(link.session, identity);
    if (refusal !== undefined) this.#refuse(link, greeting.seq, refusal);
    else if (link.session.nameless) link.refuseNameless(helloRef(greeting.seq));
    else return this.#open(link, greeting, identity);
    return undefined;
  }

  /** What was granted to it must hold still, and a token that came along must name the same user. */
  #mayResume(session: Session, identity: Identity | undefined): boolean {
    if (identity !== undefined) return session.isUser(identity.userIdLow, identity.userIdHigh);
    if (this.#isNobody(session)) return false;
    return this.#options.lifecycle.grantLeftMs(session) > 0;
  }

  /** Whoever has its resume token has shown nothing by that. */
  #isNobody({ user, grant }: Session): boolean {
    return this.#options.verifies && (user === undefined || !grant.verified);
  }

  /** A new session: the one that the link has. A login may follow, and bring the resume token then. */
  #open(link: Link, greeting: Greeting, identity: Identity | undefined): Promise<void> | undefined {
    const { lifecycle, onAuthenticated } = this.#options;
    const { session } = link;
    session.device = greeting.hello.device;
    if (identity !== undefined) onAuthenticated(link, identity);
    if (session.ended) return undefined;
    if (link.authenticated) lifecycle.list(session);
    if (this.#isNobody(session)) {
      this.#welcome(link, greeting, { token: '', received: undefined });
      return undefined;
    }
    const { text, stored } = lifecycle.renewToken(session, undefined);
    return whenStored(stored, () => {
      if (link.current) this.#welcome(link, greeting, { token: text, received: undefined });
    });
  }

  /** Until the token is stored the session stays as it is, so that nothing reaches the client ahead of the Welcome. */
  #resume(link: Link, greeting: Greeting, session: Session): Promise<void> | undefined {
    const { lifecycle, onResumed } = this.#options;
    const { received } = greeting.hello;
    const { text, stored } = lifecycle.prepareResume(session, greeting.resume);
    const { epoch } = session;
    return whenStored(stored, () => {
      if (!link.current) return;
      // Of two that resume it at a time the later one has it; the token of this one is void by now.
      const isLost = session.ended || session.epoch !== epoch;
      if (isLost || session.queue.log.missing(received) === undefined) {
        return link.disconnect(session.endedWith ?? DISCONNECT.resumed);
      }
      const provisional = link.session;
      lifecycle.rebind(session, link.connection, link.cells);
      link.session = session;
      link.game = undefined;
      lifecycle.discard(provisional);
      onResumed(link);
      this.#welcome(link, greeting, { token: text, received });
    });
  }

  /** `received`: of a session that is resumed; what the client lacks follows. */
  #welcome(link: Link, { hello, seq }: Greeting, { token, received }: Granted): void {
    const { session, connection } = link;
    const { gatewayId, heartbeatIntervalMs } = this.#options;
    const welcome = encodeWelcome(
      {
        sessionId: session.id,
        resumeToken: token,
        epoch: session.epoch,
        recovered: received !== undefined,
        replayed: received === undefined ? 0 : (session.queue.log.missing(received) ?? 0),
        accepted: session.framesTaken,
        heartbeatIntervalMs,
        frameBytesMax: this.#options.frameBytesMax(link),
        datagramBytesMax: connection.datagramBytesMax,
        gatewayId,
        userId: session.user?.id ?? '0',
        serverTimeMs: Date.now(),
        expiresAtMs: session.grant.expiresAtMs,
      },
      seq,
    );
    link.unconfirmed = true;
    session.queue.sendFirst(welcome);
    session.queue.batching = hello.batch;
    if (received !== undefined) {
      connection.askArrival?.();
      session.queue.resumeFrom(received);
    }
    link.speak();
  }

  #refuse(link: Link, seq: number, error: GatewayError): void {
    link.reject(helloRef(seq), error.code, error.message, error.retryAfterMs);
    const later = error.code === 'UNAVAILABLE';
    link.disconnect(later ? withReason(DISCONNECT.unavailable, error.message) : DISCONNECT.unauthenticated);
  }
}

function helloRef(seq: number): FrameRef {
  return { ...NO_FRAME, seq, msgId: SYSTEM.hello };
}

function refusalOf(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError('UNAUTHENTICATED', 'the token does not hold', { cause: error });
}

function mismatchOf(session: Session, identity: Identity | undefined): GatewayError | undefined {
  if (identity === undefined || session.user === undefined) return undefined;
  if (session.isUser(identity.userIdLow, identity.userIdHigh)) return undefined;
  return new GatewayError('USER_MISMATCH', 'the token names another user');
}
