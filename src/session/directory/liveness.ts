import type { Hub } from '../hub.ts';
import type { SessionStore } from '../store/session-store.ts';
import type { UserEntry } from '../store/user-index.ts';

export interface LivenessOptions {
  readonly gatewayId: string;
  readonly store: SessionStore;
  readonly hub: Hub;
  /** The session is on its way here. */
  isClaimed(sessionId: string): boolean;
}

/**
 * Whether somebody stands for an entry of the user index. A gateway that was killed takes out none of its entries; one
 * that was started again under its old id is alive, and knows nothing of the sessions from before.
 */
export class Liveness {
  readonly #options: LivenessOptions;

  constructor(options: LivenessOptions) {
    this.#options = options;
  }

  isHere(sessionId: string): boolean {
    return this.#options.hub.session(sessionId) !== undefined || this.isOnItsWay(sessionId);
  }

  /** It may come here, and may not. */
  isOnItsWay(sessionId: string): boolean {
    return this.#options.isClaimed(sessionId);
  }

  /** Rejects where the store is away. Of other gateways it knows no more than that they are alive. */
  async isGone({ id, gatewayId }: UserEntry): Promise<boolean> {
    if (gatewayId === this.#options.gatewayId) return !this.isHere(id);
    return !(await this.#options.store.isAlive(gatewayId));
  }

  /** Those that nobody stands for; each gateway is asked for once. Rejects where the store is away. */
  async goneOf(entries: readonly UserEntry[]): Promise<readonly UserEntry[]> {
    const { gatewayId: here, store } = this.#options;
    const dead = new Set<string>();
    const others = new Set(entries.map(({ gatewayId }) => gatewayId).filter((id) => id !== here));
    const look = async (id: string): Promise<void> => {
      if (!(await store.isAlive(id))) dead.add(id);
    };
    await Promise.all([...others].map(look));
    return entries.filter(({ id, gatewayId }) =>
      gatewayId === here ? !this.isHere(id) : dead.has(gatewayId),
    );
  }
}
