import type { ControlChannel } from '../control/control-channel.ts';
import type { SessionStore } from '../store/session-store.ts';
import type { UserEntry } from '../store/user-index.ts';
import type { ChangeNotices } from './change-notices.ts';
import type { Liveness } from './liveness.ts';

export interface StaleEntriesOptions {
  readonly gatewayId: string;
  readonly store: SessionStore;
  readonly control: ControlChannel;
  readonly notices: ChangeNotices;
  readonly liveness: Liveness;
  /** Work that has to be done before the gateway closes. */
  watch(work: Promise<unknown>): void;
}

/**
 * Takes entries out of the index of a user whose sessions are gone: a gateway that was killed did not, and the index
 * lives as long as the last session of the user. Called by whoever has met such entries.
 */
export class StaleEntries {
  readonly #options: StaleEntriesOptions;

  constructor(options: StaleEntriesOptions) {
    this.#options = options;
  }

  /** Looks for the sessions first. */
  check(userId: string, entries: readonly UserEntry[]): void {
    const elsewhere = entries.filter(({ id }) => !this.#options.liveness.isHere(id));
    if (elsewhere.length > 0) this.#options.watch(this.#check(userId, elsewhere));
  }

  /** Of entries whose sessions are not stored. */
  sweep(userId: string, entries: readonly UserEntry[]): void {
    if (entries.length > 0) this.#options.watch(this.#sweep(userId, entries));
  }

  async #check(userId: string, entries: readonly UserEntry[]): Promise<void> {
    const records = await Promise.all(entries.map(({ id }) => this.#options.store.get(id)));
    const isStale = (_: UserEntry, at: number): boolean => records[at]?.details.userId !== userId;
    await this.#sweep(userId, entries.filter(isStale));
  }

  /** A gateway that is alive may have a session that is not written yet: it is asked to look. */
  async #sweep(userId: string, entries: readonly UserEntry[]): Promise<void> {
    const { gatewayId: here, store, control, notices, liveness } = this.#options;
    const gone = await liveness.goneOf(entries);
    if (gone.length > 0) {
      await store.users.unbind(userId, gone);
      notices.tell(gone[0].id, userId);
    }
    const living = entries.filter((entry) => entry.gatewayId !== here && !gone.includes(entry));
    for (const gatewayId of new Set(living.map((entry) => entry.gatewayId))) {
      const sessions = living.filter((entry) => entry.gatewayId === gatewayId).map(({ id }) => id);
      control.send(gatewayId, { kind: 'query', user: userId, sessions });
    }
  }
}
