import type { Metrics } from '../../observe/metrics.ts';
import type { Fence, SessionStore } from '../store/session-store.ts';

export interface RemovalsOptions {
  readonly store: SessionStore;
  /** What is stored is gone by itself after this. */
  readonly ttlMs: number;
  readonly metrics: Metrics;
  /** The session is out of the store. */
  onRemoved(id: string, userId: string | undefined): void;
  /** Work that has to be done before the gateway closes. */
  watch(work: Promise<unknown>): void;
}

interface Removal {
  readonly fence: Fence;
  readonly userId: string | undefined;
  /** On the monotonic clock. */
  readonly untilMs: number;
}

/** Beyond this the oldest are given up: the store forgets them in time. */
const OVERDUE_MAX = 10_000;
const PER_STEP = 500;

/**
 * Takes sessions that have ended out of the store. What that does not take is kept in mind and tried again: nobody may
 * resume a session whose end he was told of.
 */
export class Removals {
  readonly #options: RemovalsOptions;
  /** By session id, the oldest first. */
  readonly #overdue = new Map<string, Removal>();

  constructor(options: RemovalsOptions) {
    this.#options = options;
  }

  /** Those that are being tried again included. */
  get overdue(): number {
    return this.#overdue.size;
  }

  remove(fence: Fence, userId: string | undefined): void {
    this.#try({ fence, userId, untilMs: performance.now() + this.#options.ttlMs });
  }

  /** Somebody asks for sessions: those among them that have ended are removed ahead of that. */
  settle(ids: readonly string[]): void {
    for (const id of ids) {
      const removal = this.#overdue.get(id);
      if (removal !== undefined) this.#try(removal);
    }
  }

  /** The store is there again. */
  retry(): void {
    const removals = [...this.#overdue.values()];
    const step = (from: number): void => {
      for (const removal of removals.slice(from, from + PER_STEP)) {
        if (this.#overdue.get(removal.fence.id) === removal) this.#try(removal);
      }
      if (from + PER_STEP < removals.length) setImmediate(step, from + PER_STEP);
    };
    step(0);
  }

  #try(removal: Removal): void {
    const { store, metrics, onRemoved, watch } = this.#options;
    const { fence, userId, untilMs } = removal;
    if (performance.now() > untilMs) return this.#forget(removal);
    const removed = store.remove(fence).then(
      () => {
        this.#forget(removal);
        onRemoved(fence.id, userId);
      },
      () => {
        metrics.sessionStoreErrors.add(1, 'remove');
        this.#keep(removal);
      },
    );
    watch(removed);
  }

  #forget(removal: Removal): void {
    const { id } = removal.fence;
    if (this.#overdue.get(id) === removal) this.#overdue.delete(id);
  }

  #keep(removal: Removal): void {
    this.#overdue.set(removal.fence.id, removal);
    if (this.#overdue.size <= OVERDUE_MAX) return;
    for (const oldest of this.#overdue.keys()) {
      this.#overdue.delete(oldest);
      return;
    }
  }
}
