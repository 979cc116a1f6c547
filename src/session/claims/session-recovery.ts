import type { Family } from '../../observe/counters.ts';
import { userKeyOf } from '../../protocol/user-id.ts';
import { decodePosition, type LogPosition } from '../history/log-position.ts';
import type { PushHistory } from '../history/push-history.ts';
import type { Claim, SessionStore } from '../store/session-store.ts';

export interface SessionRecoveryOptions {
  readonly gatewayId: string;
  readonly store: SessionStore;
  readonly history: PushHistory;
  /** By outcome. */
  readonly takeovers: Family;
}

export type Taken = Extract<Claim, { outcome: 'taken' }>;
export type Held = Extract<Claim, { outcome: 'held' }>;

/** What belongs to a session beyond what is stored. */
export interface Rest {
  /** For the end of its log. */
  readonly frames: readonly Uint8Array[];
  readonly groups: readonly string[];
  /** That is all up to now: what was collected for the session from the barrier on is in it. */
  readonly complete: boolean;
}

/** Where to begin, and what waited before that. */
interface Start {
  readonly after: number;
  /** Numbers of items, ascending. */
  readonly waited: readonly number[];
}

/**
 * Finds what a gateway that died has not written of a session, in the pushes that this gateway has heard. What came for
 * the session behind the position of its log was never written: writing it would have moved that. The position of the
 * gateway, which moves without frames too, bounds how far one has to look back.
 */
export class SessionRecovery {
  readonly #options: SessionRecoveryOptions;

  constructor(options: SessionRecoveryOptions) {
    this.#options = options;
  }

  /** Number of the item of the pushes in hand, or of the last. */
  get items(): number {
    return this.#options.history.items;
  }

  count(outcome: 'recovered' | 'history' | 'incomplete' | 'ended'): void {
    this.#options.takeovers.add(1, outcome);
  }

  /**
   * How far the gateway had come that wrote the session; to be asked before that is taken, so that the stored log holds
   * all of it.
   */
  async reachOf({ position }: Held): Promise<LogPosition | undefined> {
    const own = decodePosition(position);
    return own === undefined ? undefined : decodePosition(await this.#options.store.positionOf(own.run));
  }

  /**
   * What is missing at the end of a session that was taken: up to now, in the turn in which this resolves, or up to the
   * item that `until` tells then. Undefined where some of it may not be known here, or a backend has ended the session.
   */
  async find(
    taken: Taken,
    reach: LogPosition | undefined,
    until: () => number | undefined,
  ): Promise<Rest | undefined> {
    const own = decodePosition(taken.position);
    // Without one whoever had it kept no account of pushes.
    const start = own === undefined ? undefined : await this.#startOf(own, reach, taken);
    return await this.#findFrom(start, taken, until);
  }

  /**
   * The same of a session that the last gateway has left for the next one. Where nobody can have heard what came since,
   * nothing is missing.
   */
  async findLeft(taken: Taken, until: () => number | undefined): Promise<Rest | undefined> {
    const { history } = this.#options;
    const at = decodePosition(taken.position)?.at;
    const after = at === undefined ? undefined : history.locate(at);
    if (after === undefined && !history.forgetful) {
      return { frames: [], groups: taken.session.details.groups, complete: false };
    }
    return await this.#findFrom(after === undefined ? undefined : { after, waited: [] }, taken, until);
  }

  async #findFrom(
    start: Start | undefined,
    taken: Taken,
    until: () => number | undefined,
  ): Promise<Rest | undefined> {
    if (start !== undefined) await this.#options.history.prepare(oldestOf(start));
    return this.#findNow(taken, start, until());
  }

  #findNow(taken: Taken, start: Start | undefined, until: number | undefined): Rest | undefined {
    const { history } = this.#options;
    if (start === undefined || oldestOf(start) < history.begin || history.behind) {
      this.count('history');
      return undefined;
    }
    const { id, details } = taken.session;
    const user = details.userId === '0' ? undefined : userKeyOf(details.userId);
    const target = { sessionId: id, user, groups: details.groups };
    const range = { first: start.waited, after: start.after, until: until ?? history.items };
    const { ended, frames, groups } = history.replay(range, target);
    if (!ended) return { frames, groups: [...groups], complete: true };
    this.count('ended');
    return undefined;
  }

  async #startOf(own: LogPosition, reach: LogPosition | undefined, taken: Taken): Promise<Start | undefined> {
    const { history } = this.#options;
    const { from } = taken;
    const isLater = reach !== undefined && reach.run === own.run && reach.item > own.item;
    const base = isLater && isAccountable(own, taken) ? reach : own;
    const after = base.at === undefined ? undefined : history.locate(base.at);
    if (after === undefined) {
      return (await this.#heardByNobody(from)) ? { after: history.begin, waited: [] } : undefined;
    }
    const waited = own.waiting.map((distance) => after - (base.item - own.item) - distance);
    return { after, waited: waited.reverse() };
  }

  /** What came before this gateway listened was heard by none that could tell: it is part of no session. */
  async #heardByNobody(from: string): Promise<boolean> {
    const { history, store, gatewayId } = this.#options;
    if (history.forgetful) return false;
    const others = await store.livingGateways();
    return others.every((id) => id === gatewayId || id === from);
  }
}

/** Whether whoever has written the session last had it to the end: else what it has come to later is without that. */
function isAccountable({ run }: LogPosition, { from, released }: Taken): boolean {
  return !released && run.startsWith(`${from}:`);
}

/** Everything behind that item is needed. */
function oldestOf({ after, waited }: Start): number {
  return Math.min(after, (waited[0] ?? after + 1) - 1);
}
