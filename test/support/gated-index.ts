import { MemorySessionStore } from '../../src/session/store/memory-session-store.ts';
import type { SessionStore } from '../../src/session/store/session-store.ts';
import type {
  BindOutcome,
  BindRequest,
  IndexedSession,
  UserEntry,
  UserIndex,
} from '../../src/session/store/user-index.ts';

/** An index of users that does at once what it is asked, and answers when the test lets it; or it fails. */
export class GatedIndex implements UserIndex {
  /** What was asked of it, in order, with user and session. */
  readonly asked: string[] = [];
  failing = false;
  readonly #index: UserIndex;
  #gated = false;
  #waiting: (() => void)[] = [];

  constructor(index: UserIndex) {
    this.#index = index;
  }

  /** Answers wait from now on. */
  hold(): void {
    this.#gated = true;
  }

  /** The answers that wait, and those to come. */
  release(): void {
    this.#gated = false;
    for (const answer of this.#waiting.splice(0)) answer();
  }

  bind(request: BindRequest): Promise<BindOutcome> {
    const { session, whenCrowded } = request;
    return this.#answer(`${whenCrowded} ${session.userId} ${session.id}`, () => this.#index.bind(request));
  }

  keep(session: IndexedSession, ttlMs: number): Promise<readonly UserEntry[]> {
    return this.#answer(`keep ${session.userId} ${session.id}`, () => this.#index.keep(session, ttlMs));
  }

  unbind(userId: string, entries: readonly UserEntry[]): Promise<void> {
    const ids = entries.map(({ id }) => id).join();
    return this.#answer(`unbind ${userId} ${ids}`, () => this.#index.unbind(userId, entries));
  }

  sessionsOf(userId: string): Promise<ReadonlyMap<string, string>> {
    return this.#index.sessionsOf(userId);
  }

  async #answer<T>(what: string, work: () => Promise<T>): Promise<T> {
    this.asked.push(what);
    if (this.failing) throw new Error('away');
    const done = work();
    if (this.#gated) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.failing) throw new Error('away');
    return await done;
  }
}

/** A store in memory with that index. */
export function gatedStore(): { store: SessionStore; index: GatedIndex } {
  const memory = new MemorySessionStore();
  const index = new GatedIndex(memory.users);
  const store: SessionStore = {
    users: index,
    logouts: memory.logouts,
    save: (session, write) => memory.save(session, write),
    append: (fence, change) => memory.append(fence, change),
    confirm: (fence) => memory.confirm(fence),
    claim: (request, ttlMs) => memory.claim(request, ttlMs),
    remove: (fence) => memory.remove(fence),
    renew: (renewal) => memory.renew(renewal),
    leave: (batches, ttlMs) => memory.leave(batches, ttlMs),
    takeLeft: () => memory.takeLeft(),
    announce: (gatewayId, ttlMs) => memory.announce(gatewayId, ttlMs),
    isAlive: (gatewayId) => memory.isAlive(gatewayId),
    livingGateways: () => memory.livingGateways(),
    savePosition: (run, position, ttlMs) => memory.savePosition(run, position, ttlMs),
    positionOf: (run) => memory.positionOf(run),
    get: (id) => memory.get(id),
  };
  return { store, index };
}
