import { randomUUID } from 'node:crypto';
import type { Metrics } from '../observe/metrics.ts';
import { userIdWords } from '../protocol/user-id.ts';
import type { ChangeNotices } from './change-notices.ts';
import type { ControlChannel } from './control-channel.ts';
import type { Hub } from './hub.ts';
import type { SessionLifecycle } from './lifecycle.ts';
import type { ResumeToken } from './resume-token.ts';
import type { Session } from './session.ts';
import { type Arrival, applyDetails, barrierOf } from './session-arrival.ts';
import type { SessionDetails } from './session-record.ts';
import type { Claim, ClaimRequest, SessionStore } from './session-store.ts';

export interface SessionClaimsOptions {
  readonly gatewayId: string;
  readonly store: SessionStore;
  readonly control: ControlChannel;
  readonly durable: boolean;
  /** Life of a stored session without activity. */
  readonly ttlMs: number;
  readonly notices: ChangeNotices;
  readonly metrics: Metrics;
  readonly lifecycle: SessionLifecycle;
  readonly hub: Hub;
}

/** A session that its gateway has to let go of is looked at again after this. */
const HELD_STEP_MS = 10;
/** A gateway that has not let go of a session after so long is taken for dead. */
const HELD_MS = 1_000;

/** Brings sessions of other gateways here, when their clients come here (docs/sessions.md, Several gateways). */
export class SessionClaims {
  readonly #options: SessionClaimsOptions;
  /** Claims under way, by nonce. */
  readonly #arrivals = new Map<string, Arrival>();
  /** The latest claim of each session. */
  readonly #claims = new Map<string, Promise<Session | undefined>>();

  constructor(options: SessionClaimsOptions) {
    this.#options = options;
  }

  /** Claims of one session have their turns: a later one finds here what an earlier one has brought. Does not reject. */
  async claim(token: ResumeToken, received: number): Promise<Session | undefined> {
    const { sessionId } = token;
    const claiming = this.#claimInTurn(token, received);
    this.#claims.set(sessionId, claiming);
    const session = await claiming;
    if (this.#claims.get(sessionId) === claiming) this.#claims.delete(sessionId);
    return session;
  }

  /** True where the barrier is one of this gateway's own. */
  onBarrier(nonce: string): boolean {
    const arrival = this.#arrivals.get(nonce);
    if (arrival === undefined) return false;
    this.#arrive(arrival);
    return true;
  }

  async #claimInTurn(token: ResumeToken, received: number): Promise<Session | undefined> {
    const earlier = this.#claims.get(token.sessionId);
    if (earlier === undefined) return await this.#claim(token, received);
    await earlier;
    const here = this.#options.lifecycle.find(token, received);
    return typeof here === 'object' ? here : await this.#claim(token, received);
  }

  async #claim(token: ResumeToken, received: number): Promise<Session | undefined> {
    const { gatewayId, durable, metrics } = this.#options;
    const { sessionId: id, secretHash } = token;
    const nonce = randomUUID();
    const state = durable ? 'durable' : 'attached';
    const request = { id, secretHash, received, gatewayId, state, nonce } as const;
    const arrival: Arrival = {
      ...{ session: undefined, seen: false, onSeen: undefined },
      ...{ userId: '0', groups: [] },
    };
    try {
      const session = await this.#await(request, arrival);
      if (session === undefined) this.#abandon(arrival);
      return session;
    } catch {
      metrics.sessionStoreErrors.add(1, 'claim');
      this.#abandon(arrival);
      return undefined;
    } finally {
      this.#arrivals.delete(nonce);
    }
  }

  /** Asks the session's gateway for it, and takes it once that has let go, or is dead. */
  async #await(request: Omit<ClaimRequest, 'force'>, arrival: Arrival): Promise<Session | undefined> {
    const { store, gatewayId, control, ttlMs } = this.#options;
    const untilMs = performance.now() + HELD_MS;
    for (let force = false; ; ) {
      const claim = await store.claim({ ...request, force }, ttlMs);
      if (claim.outcome === 'taken') return await this.#taken(claim, arrival);
      if (claim.outcome !== 'held') return this.#gone(claim, request.id);
      if (force || claim.gatewayId === gatewayId) return undefined;
      if (arrival.session === undefined) {
        arrival.session = this.#shadow(request.id, claim.details);
        arrival.userId = claim.details.userId;
        arrival.groups = claim.details.groups;
        this.#arrivals.set(request.nonce, arrival);
        control.sendBarrier(request.id, request.nonce);
      }
      force = performance.now() > untilMs || !(await store.isAlive(claim.gatewayId));
      if (!force) await new Promise((resolve) => setTimeout(resolve, HELD_STEP_MS));
    }
  }

  #gone(claim: Exclude<Claim, { outcome: 'held' | 'taken' }>, id: string): undefined {
    const { control, notices } = this.#options;
    if (claim.outcome === 'incomplete') {
      control.send(claim.gatewayId, { kind: 'taken', session: id, epoch: claim.epoch + 1 });
      notices.tell(id);
    }
    return undefined;
  }

  /** The session is this gateway's; it is complete once the barrier has been seen here too. */
  async #taken(claim: Extract<Claim, { outcome: 'taken' }>, arrival: Arrival): Promise<Session | undefined> {
    const { session } = arrival;
    if (session === undefined) return undefined;
    const { control, notices, hub } = this.#options;
    const { session: stored, from, log } = claim;
    control.send(from, { kind: 'taken', session: stored.id, epoch: stored.epoch });
    notices.tell(stored.id, stored.details.userId);
    if (!arrival.seen) await barrierOf(arrival);
    this.#arrive(arrival);
    if (session.ended) return undefined;
    session.continueFrom(stored.epoch);
    session.framesTaken = stored.taken;
    session.earlierHash = Buffer.from(stored.earlierHash);
    applyDetails(session, stored.details);
    for (const group of stored.details.groups) hub.join(group, session);
    session.queue.log.restore(stored.next, log, Math.floor(performance.now() / 1000));
    return session;
  }

  /** Stands for the session while it is on its way, to collect its pushes. */
  #shadow(id: string, details: SessionDetails): Session {
    const session = this.#options.lifecycle.create(id);
    applyDetails(session, details);
    return session;
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
    const words = arrival.userId === '0' ? undefined : userIdWords(arrival.userId);
    if (words !== undefined) hub.bind(session, words.low, words.high);
    for (const group of arrival.groups) hub.join(group, session);
    arrival.onSeen?.();
  }

  #abandon(arrival: Arrival): void {
    if (arrival.seen && arrival.session !== undefined) this.#options.lifecycle.letGo(arrival.session);
    arrival.session = undefined;
  }
}
