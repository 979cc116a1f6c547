import { randomUUID } from 'node:crypto';
import type { Metrics } from '../../observe/metrics.ts';
import { userIdWords } from '../../protocol/user-id.ts';
import type { TickFlusher } from '../../queue/tick-flusher.ts';
import type { ControlChannel } from '../control/control-channel.ts';
import { type HandedSession, type HandoverBatch, isHandover } from '../control/handover-messages.ts';
import type { ChangeNotices } from '../directory/change-notices.ts';
import type { LogPosition } from '../history/log-position.ts';
import type { Hub } from '../hub.ts';
import type { SessionLifecycle } from '../lifecycle.ts';
import type { ResumeToken } from '../resume-token.ts';
import type { Session } from '../session.ts';
import type { SessionDetails } from '../store/session-record.ts';
import type { Claim, ClaimRequest, SessionStore, StoredSession } from '../store/session-store.ts';
import { Barriers } from './barriers.ts';
import { claimNonce, isClaimNonce } from './claim-proof.ts';
import { type Arrival, applyDetails, barrierOf, expected, type Onward } from './session-arrival.ts';
import type { Held, Rest, SessionRecovery, Taken } from './session-recovery.ts';

export interface SessionClaimsOptions {
  readonly gatewayId: string;
  readonly store: SessionStore;
  readonly control: ControlChannel;
  /** Life of a stored session without activity. */
  readonly ttlMs: number;
  readonly resumeWindowMs: number;
  readonly flusher: TickFlusher;
  readonly notices: ChangeNotices;
  readonly metrics: Metrics;
  readonly lifecycle: SessionLifecycle;
  readonly hub: Hub;
  /** Finds what a gateway that died has not written; undefined: nobody keeps account of it. */
  readonly recovery: SessionRecovery | undefined;
  /** Writes a session whole, for the claim `nonce` to take, and lets go of it. */
  release(session: Session, nonce: string): void;
}

/** What a claim asks for, and on which terms. */
interface Terms {
  readonly request: Omit<ClaimRequest, 'force'>;
  /** Of the tokens that are good on the way. */
  readonly hashes: readonly Uint8Array[];
  /** Life in the store from then on. */
  readonly lifeMs: number;
  /** The only gateway that it may be taken from, and in order; undefined: from any, by force where that is dead. */
  readonly from: string | undefined;
  /** That has closed by now: nobody has heard the pushes for the session since. */
  readonly left: boolean;
  readonly heldMs: number;
}

/** How a session was taken. */
interface Known {
  /** `forced`: its gateway has not let go of it. `left`: it has, and nobody had it since. */
  readonly how: 'released' | 'forced' | 'left';
  /** How far that had come, as far as is known. */
  readonly reach: LogPosition | undefined;
  /** Frames that the client has; undefined: it has not come. */
  readonly received: number | undefined;
}

/** A session that its gateway has to let go of is looked at again after this. */
const HELD_STEP_MS = 10;
/** A gateway that has not let go of a session after so long is taken for dead. */
const HELD_MS = 1_000;
/** The same for one that hands over its sessions: nobody waits for them, and it has many to write. */
const HANDED_MS = 2_500;
/** The store keeps a session a little longer than its gateway, which ends it in order. */
const LIFE_MARGIN_MS = 5_000;

/** Brings sessions of other gateways here, when their clients come here (docs/sessions.md, Several gateways). */
export class SessionClaims {
  readonly #options: SessionClaimsOptions;
  readonly #barriers: Barriers;
  /** Begins the nonces of this gateway's own claims. */
  readonly #name = randomUUID();
  #number = 0;
  /** What is on its way here, by session id: claims of one session have their turns. */
  readonly #arrivals = new Map<string, Arrival>();
  /** The latest claim of each session. */
  readonly #claims = new Map<string, Promise<Session | undefined>>();

  constructor(options: SessionClaimsOptions) {
    this.#options = options;
    this.#barriers = new Barriers(options.flusher, options.control);
  }

  /** Claims of one session have their turns: a later one finds here what an earlier one has brought. Does not reject. */
  claim(token: ResumeToken, received: number): Promise<Session | undefined> {
    return this.#turn(token.sessionId, this.#claimInTurn(token, received));
  }

  /**
   * Takes a session of a batch from the gateway that closes; it waits here for its client. False: it does not, as its
   * client or another gateway was faster. Does not reject.
   */
  takeOver(handed: HandedSession, batch: HandoverBatch): Promise<boolean> {
    return this.#takeAhead(handed, batch, false);
  }

  /** The same where that gateway has closed and left the session for this one. */
  takeLeft(handed: HandedSession, batch: HandoverBatch): Promise<boolean> {
    return this.#takeAhead(handed, batch, true);
  }

  /**
   * The place of a barrier among the pushes. True where that is all about it here: it is this gateway's own, or asks for
   * a session that is still on its way here, which goes on to the other gateway then.
   */
  onBarrier(sessionId: string, nonce: string): boolean {
    const arrival = this.#arrivals.get(sessionId);
    if (arrival?.nonce === nonce) this.#arrive(arrival);
    else if (!nonce.startsWith(this.#name)) return arrival?.seen === true && this.#passOn(arrival, nonce);
    return true;
  }

  async #takeAhead(handed: HandedSession, batch: HandoverBatch, left: boolean): Promise<boolean> {
    const { id } = handed;
    if (this.#claims.has(id) || this.#options.hub.session(id) !== undefined) return false;
    return (await this.#turn(id, this.#takeOver(handed, batch, left))) !== undefined;
  }

  async #turn(sessionId: string, claiming: Promise<Session | undefined>): Promise<Session | undefined> {
    this.#claims.set(sessionId, claiming);
    const session = await claiming;
    if (this.#claims.get(sessionId) === claiming) this.#claims.delete(sessionId);
    return session;
  }

  /** Whether a session is on its way here. */
  isClaiming(sessionId: string): boolean {
    return this.#claims.has(sessionId);
  }

  async #claimInTurn(token: ResumeToken, received: number): Promise<Session | undefined> {
    const earlier = this.#claims.get(token.sessionId);
    if (earlier === undefined) return await this.#claim(token, received);
    await earlier;
    const here = this.#options.lifecycle.find(token, received);
    return typeof here === 'object' ? here : await this.#claim(token, received);
  }

  #claim(token: ResumeToken, received: number): Promise<Session | undefined> {
    const { gatewayId, ttlMs } = this.#options;
    const { sessionId: id, secretHash } = token;
    const nonce = claimNonce(`${this.#name}:${++this.#number}`, secretHash);
    const request = { id, secretHash, received, gatewayId, nonce };
    const terms = { lifeMs: ttlMs, from: undefined, left: false, heldMs: HELD_MS };
    return this.#run({ request, hashes: [secretHash], ...terms });
  }

  async #takeOver(handed: HandedSession, batch: HandoverBatch, left: boolean): Promise<Session | undefined> {
    const { gatewayId, resumeWindowMs, lifecycle } = this.#options;
    const { id, hash, earlier, waitMs } = handed;
    const { gateway: from, nonce } = batch;
    const secretHash = Buffer.from(hash, 'hex');
    const request = { id, secretHash, received: undefined, gatewayId, nonce };
    const hashes = [secretHash, Buffer.from(earlier, 'hex')];
    const lifeMs = resumeWindowMs + LIFE_MARGIN_MS;
    const session = await this.#run({ request, hashes, lifeMs, from, left, heldMs: HANDED_MS });
    if (session !== undefined) lifecycle.keep(session, waitMs);
    return session;
  }

  async #run(terms: Terms): Promise<Session | undefined> {
    const { metrics } = this.#options;
    const { id, nonce } = terms.request;
    const arrival = expected(nonce, terms.hashes);
    try {
      const session = await this.#await(terms, arrival);
      if (session === undefined) this.#abandon(arrival);
      return session;
    } catch {
      metrics.sessionStoreErrors.add(1, 'claim');
      this.#abandon(arrival);
      return undefined;
    } finally {
      this.#arrivals.delete(id);
    }
  }

  /** Asks the session's gateway for it, and takes it once that has let go, or is dead. */
  async #await(terms: Terms, arrival: Arrival): Promise<Session | undefined> {
    const { store, recovery } = this.#options;
    const { request, lifeMs, from, left, heldMs } = terms;
    const untilMs = performance.now() + heldMs;
    let reach: LogPosition | undefined;
    /** The gateway that it is taken from by force. */
    let dead: string | undefined;
    for (;;) {
      const force = dead !== undefined;
      const claim = await store.claim({ ...request, force }, lifeMs);
      if (claim.outcome === 'taken') {
        if (force && recovery === undefined) return await this.#lost(claim);
        const how = force ? 'forced' : left ? 'left' : 'released';
        return await this.#taken(claim, arrival, { how, reach, received: request.received });
      }
      if (claim.outcome !== 'held') return this.#gone(claim, request.id);
      if (force) return this.#isAlone(claim, dead);
      if (this.#isHere(claim, request.id, arrival)) return undefined;
      if (from !== undefined && claim.gatewayId !== from) return undefined;
      if (arrival.session === undefined) this.#expect(arrival, request.id, claim.details);
      const late = performance.now() > untilMs;
      if (from !== undefined && late) return undefined;
      if (from === undefined && (late || (await this.#isLeft(claim)))) {
        dead = claim.gatewayId;
        reach = await recovery?.reachOf(claim);
      } else await new Promise((resolve) => setTimeout(resolve, HELD_STEP_MS));
    }
  }

  /** This gateway has it, and the token was not good. */
  #isHere(claim: Held, id: string, arrival: Arrival): boolean {
    const here = this.#options.hub.session(id);
    return claim.gatewayId === this.#options.gatewayId && here !== undefined && here !== arrival.session;
  }

  /**
   * Nobody is going to let go of it: its gateway is dead, or was an earlier one of this gateway's id. What this gateway
   * has let go of itself is on its way to another.
   */
  async #isLeft(claim: Held): Promise<boolean> {
    const { store, gatewayId } = this.#options;
    if (claim.gatewayId === gatewayId && !claim.released) return true;
    return !(await store.isAlive(claim.gatewayId));
  }

  #gone(claim: Exclude<Claim, { outcome: 'held' | 'taken' }>, id: string): undefined {
    const { control, notices } = this.#options;
    if (claim.outcome === 'incomplete') {
      control.send(claim.gatewayId, { kind: 'taken', session: id, epoch: claim.epoch + 1 });
      notices.tell(id);
    }
    return undefined;
  }

  /** Its gateway, which is dead or does not answer, has its log alone; else it is attached elsewhere by now. */
  #isAlone({ gatewayId }: Held, dead: string | undefined): undefined {
    if (gatewayId === dead) this.#options.metrics.sessionTakeovers.add(1, 'attached');
    return undefined;
  }

  /** Its gateway did not let go of it, and nobody knows which pushes that has heard and not written: it is over. */
  async #lost({ session, from }: Taken): Promise<undefined> {
    const { control, notices, metrics } = this.#options;
    const { id, epoch, details } = session;
    metrics.sessionTakeovers.add(1, 'no_history');
    control.send(from, { kind: 'taken', session: id, epoch });
    await this.#discard(session);
    notices.tell(id, details.userId);
  }

  /** The session is this gateway's; it is complete once the barrier has been seen here too. */
  async #taken(claim: Taken, arrival: Arrival, known: Known): Promise<Session | undefined> {
    const { control, notices } = this.#options;
    const { session: stored, from } = claim;
    // One that was left for whoever comes was held by nobody.
    const session = arrival.session ?? this.#expect(arrival, stored.id, stored.details);
    control.send(from, { kind: 'taken', session: stored.id, epoch: stored.epoch });
    notices.tell(stored.id, stored.details.userId);
    if (!arrival.seen) await barrierOf(arrival);
    this.#arrive(arrival);
    session.continueFrom(stored.epoch);
    session.framesTaken = stored.taken;
    applyDetails(session, stored.details);
    if (stored.details.userId !== arrival.userId) this.#bind(arrival, session, stored.details.userId);
    const rest = await this.#restOf(claim, arrival, known);
    this.#arrivals.delete(stored.id);
    if (rest === undefined || !this.#restore(session, claim, rest, known)) return await this.#discard(stored);
    if (session.endedWith !== undefined) return await this.#discard(stored);
    if (session.ended) return undefined;
    if (arrival.next === undefined) this.#joinAll(session, rest);
    // With a secret it is one of those whose changes are written.
    session.secretHash = hashOf(stored.secretHash);
    session.earlierHash = hashOf(stored.earlierHash);
    return arrival.next === undefined ? session : this.#goOn(session, arrival.next, rest);
  }

  /** It is over: it cannot go on here, or was ended while it was on its way. */
  async #discard(stored: StoredSession): Promise<undefined> {
    const { store, gatewayId } = this.#options;
    const { id, details } = stored;
    await Promise.all([store.remove(stored), store.users.unbind(details.userId, [{ id, gatewayId }])]);
  }

  /** What its last gateway has not written. Undefined: not known; the session cannot go on. */
  async #restOf(claim: Taken, arrival: Arrival, known: Known): Promise<Rest | undefined> {
    const { recovery } = this.#options;
    const until = (): number | undefined => arrival.next?.item;
    if (known.how === 'forced') return await recovery?.find(claim, known.reach, until);
    if (known.how === 'left' && recovery !== undefined) return await recovery.findLeft(claim, until);
    return { frames: [], groups: claim.session.details.groups, complete: false };
  }

  /** False: the client lacks more than is kept. In the same turn as `rest` was found. */
  #restore(session: Session, { session: stored, log }: Taken, rest: Rest, known: Known): boolean {
    const { frames, complete } = rest;
    const { received, how } = known;
    if (complete) session.queue.dropPushes();
    const next = (stored.next + frames.length) >>> 0;
    session.queue.log.restore(next, [...log, ...frames], Math.floor(performance.now() / 1000));
    const fits = received === undefined || session.queue.log.missing(received) !== undefined;
    if (how === 'forced') this.#options.recovery?.count(fits ? 'recovered' : 'incomplete');
    return fits;
  }

  #joinAll(session: Session, { groups, complete }: Rest): void {
    const { hub } = this.#options;
    for (const group of [...(session.groups ?? [])]) {
      if (complete && !groups.includes(group)) hub.leave(group, session);
    }
    for (const group of groups) hub.join(group, session);
  }

  /** A session stands for the one that is on its way, to collect its pushes from the barrier on. */
  #expect(arrival: Arrival, id: string, details: SessionDetails): Session {
    const session = this.#options.lifecycle.create(id);
    applyDetails(session, details);
    arrival.session = session;
    arrival.userId = details.userId;
    arrival.groups = details.groups;
    this.#arrivals.set(id, arrival);
    this.#barriers.send(id, arrival.nonce);
    return session;
  }

  /** What comes from here on is another gateway's to deliver, which gets the session as soon as it is complete here. */
  #passOn(arrival: Arrival, nonce: string): boolean {
    const { session, next } = arrival;
    if (session === undefined || isHandover(nonce)) return false;
    if (next !== undefined || !isClaimNonce(nonce, arrival.hashes)) return true;
    const item = this.#options.recovery?.items ?? 0;
    arrival.next = { nonce, groups: [...(session.groups ?? [])], item };
    this.#options.hub.remove(session);
    return true;
  }

  /** It is complete. Not in the hub any more, which would keep its groups. */
  #goOn(session: Session, next: Onward, { groups, complete }: Rest): undefined {
    session.groups = new Set(complete ? groups : [...groups, ...next.groups]);
    this.#options.release(session, next.nonce);
    return undefined;
  }

  /** The barrier has come by: pushes from here on are for the session here. Once. */
  #arrive(arrival: Arrival): void {
    const { session } = arrival;
    if (arrival.seen || session === undefined) return;
    const { lifecycle, hub } = this.#options;
    arrival.seen = true;
    const here = hub.session(session.id);
    if (here !== undefined) lifecycle.letGo(here);
    lifecycle.adopt(session);
    this.#bind(arrival, session, arrival.userId);
    for (const group of arrival.groups) hub.join(group, session);
    arrival.onSeen?.();
  }

  /** `userId`: decimal; `0`: none. A session that goes on to another gateway is not the hub's. */
  #bind({ next }: Arrival, session: Session, userId: string): void {
    const words = userId === '0' ? undefined : userIdWords(userId);
    if (words === undefined) return;
    if (next === undefined) this.#options.hub.bind(session, words.low, words.high);
    else session.setUser(words.low, words.high);
  }

  #abandon(arrival: Arrival): void {
    if (arrival.seen && arrival.session !== undefined) this.#options.lifecycle.letGo(arrival.session);
    arrival.session = undefined;
  }
}

function hashOf(stored: Uint8Array): Buffer | undefined {
  return stored.length === 0 ? undefined : Buffer.from(stored);
}
