import { DISCONNECT } from '../../protocol/disconnect.ts';
import type { ControlChannel } from '../control/control-channel.ts';
import type { Liveness } from '../directory/liveness.ts';
import type { Hub } from '../hub.ts';
import type { SessionLifecycle } from '../lifecycle.ts';
import type { SessionStore } from '../store/session-store.ts';
import type { UserEntry } from '../store/user-index.ts';

export interface EvictionsOptions {
  readonly gatewayId: string;
  readonly store: SessionStore;
  readonly control: ControlChannel;
  readonly lifecycle: SessionLifecycle;
  readonly hub: Hub;
  readonly liveness: Liveness;
  /** Work that has to be done before the gateway closes. */
  watch(work: Promise<unknown>): void;
}

interface Suspect {
  readonly userId: string;
  readonly id: string;
  checks: number;
}

/** After a message: by then the session has been ended, or the message was lost. */
const CHECK_MS = 1_000;
const CHECKS_MAX = 5;
/** Above this the message has to do. */
const SUSPECTS_MAX = 10_000;

/**
 * Ends sessions that are out of their user's index, wherever they are: here, on another gateway by a message, or in the
 * store alone. Messages may be lost, and sessions move, so what is not ended here is looked at again.
 */
export class Evictions {
  readonly #options: EvictionsOptions;
  #suspects: Suspect[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: EvictionsOptions) {
    this.#options = options;
  }

  /**
   * Of sessions that give way to another of the user. `gone`: those among them that nobody seems to stand for. What is
   * stored of them goes at once, lest they be resumed.
   */
  evict(userId: string, entries: readonly UserEntry[], gone: readonly UserEntry[]): void {
    const suspects = this.#tell(userId, entries);
    const isGone = (suspect: Suspect): boolean => gone.some(({ id }) => id === suspect.id);
    this.#checkLater(suspects.filter((suspect) => !isGone(suspect)));
    this.#options.watch(this.#checkAll(suspects.filter(isGone)));
  }

  /**
   * Ends a session of the user, where it is here. False: it is not, or on its way here and may stay where it was, as its
   * client's token is good no more.
   */
  endHere(userId: string, id: string): boolean {
    const { hub, lifecycle, liveness } = this.#options;
    const session = hub.session(id);
    if (session?.user?.id !== userId) return false;
    lifecycle.end(session, DISCONNECT.replaced);
    return !liveness.isOnItsWay(id);
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#suspects = [];
  }

  /** Returns those that have not been ended here. */
  #tell(userId: string, entries: readonly UserEntry[]): Suspect[] {
    const rest = entries.filter(({ id }) => !this.endHere(userId, id));
    const { control, gatewayId: here } = this.#options;
    for (const gatewayId of new Set(rest.map((entry) => entry.gatewayId))) {
      const sessions = rest.filter((entry) => entry.gatewayId === gatewayId).map(({ id }) => id);
      if (gatewayId !== here) control.send(gatewayId, { kind: 'replaced', user: userId, sessions });
    }
    return rest.map(({ id }) => ({ userId, id, checks: 0 }));
  }

  #checkLater(suspects: readonly Suspect[]): void {
    const count = this.#suspects.length + suspects.length;
    if (suspects.length === 0 || this.#closed || count > SUSPECTS_MAX) return;
    this.#suspects.push(...suspects);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#options.watch(this.#checkAll(this.#suspects.splice(0)));
    }, CHECK_MS).unref();
  }

  async #checkAll(suspects: readonly Suspect[]): Promise<void> {
    const done = await Promise.all(suspects.map((suspect) => this.#check(suspect).catch(() => false)));
    this.#checkLater(suspects.filter((suspect, index) => !done[index] && ++suspect.checks < CHECKS_MAX));
  }

  /** True where nothing is left to be done: it has ended, or has a place again. */
  async #check({ userId, id }: Suspect): Promise<boolean> {
    const { store, control, liveness } = this.#options;
    const [places, record] = await Promise.all([store.users.sessionsOf(userId), store.get(id)]);
    if (record === undefined || record.details.userId !== userId || places.has(id)) return true;
    if (this.endHere(userId, id)) return true;
    if (await liveness.isGone(record)) {
      await store.remove(record);
      return true;
    }
    control.send(record.gatewayId, { kind: 'replaced', user: userId, sessions: [id] });
    return false;
  }
}
