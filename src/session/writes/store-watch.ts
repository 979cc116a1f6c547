import type { SessionStore } from '../store/session-store.ts';

export interface StoreWatchOptions {
  readonly gatewayId: string;
  readonly store: SessionStore;
  /** Life of a stored session without activity. */
  readonly ttlMs: number;
  /** Between signs of life. Default 2000. */
  readonly aliveStepMs?: number;
  /** With each sign of life. */
  onAnnounce(): void;
  /** The store can be reached, which is said every 2 s, and at once where it was away. */
  onThere(): void;
  /** Everything is to be renewed: in time, and soon after the store was away or has lost its data. */
  onRenewal(): void;
  /** Work that has to be done before the gateway closes. */
  watch(work: Promise<unknown>): void;
}

const ALIVE_STEP_MS = 2_000;
const ALIVE_TTL_MS = 7_000;
/** Many gateways lose the store at once; they do not come back to it in step. */
const RENEW_SOON_MS = 2_000;

/** Says in the store that this gateway is alive, and sees by that whether the store is there and has its data. */
export class StoreWatch {
  readonly #options: StoreWatchOptions;
  #timers: NodeJS.Timeout[] = [];
  #renewal: NodeJS.Timeout | undefined;
  #closed = false;
  #known = false;

  constructor(options: StoreWatchOptions) {
    this.#options = options;
  }

  start(): void {
    const { store, ttlMs, aliveStepMs = ALIVE_STEP_MS, onRenewal } = this.#options;
    store.onUp = () => this.#onUp();
    this.#announce();
    this.#timers = [
      setInterval(() => this.#announce(), aliveStepMs).unref(),
      setInterval(onRenewal, ttlMs / 3).unref(),
    ];
  }

  /** Says that the gateway has closed. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const { store, gatewayId, watch } = this.#options;
    store.onUp = undefined;
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#renewal);
    watch(store.announce(gatewayId, 0));
  }

  #onUp(): void {
    this.#announce();
    this.#options.onThere();
    this.#renewSoon();
  }

  #announce(): void {
    const { store, gatewayId, watch, onAnnounce } = this.#options;
    watch(store.announce(gatewayId, ALIVE_TTL_MS).then((known) => this.#onAnnounced(known)));
    onAnnounce();
  }

  /** A store that does not know of this gateway any more may have lost its sessions too. */
  #onAnnounced(known: boolean): void {
    if (this.#closed) return;
    this.#options.onThere();
    if (this.#known && !known) this.#renewSoon();
    this.#known = true;
  }

  #renewSoon(): void {
    this.#renewal ??= setTimeout(() => {
      this.#renewal = undefined;
      this.#options.onRenewal();
    }, Math.random() * RENEW_SOON_MS).unref();
  }
}
