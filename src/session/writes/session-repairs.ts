import type { Session } from '../session.ts';

/** Of these so many a second are written again at most: 10,000. */
const PER_STEP = 200;
const STEP_MS = 20;

/**
 * Sessions that the store has not got as they are, since it did not take a write, or has lost its data. They are written
 * again, whole and a few at a time, when the store is there.
 */
export class SessionRepairs {
  readonly #save: (session: Session) => Promise<unknown>;
  readonly #waiting = new Set<Session>();
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #closed = false;

  /** `save` begins to write the whole session in the same call; `add` follows where that fails. Does not reject. */
  constructor(save: (session: Session) => Promise<unknown>) {
    this.#save = save;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** The session waits to be written; until then there is no use in adding to what is stored of it. */
  has(session: Session): boolean {
    return this.#waiting.has(session);
  }

  add(session: Session): void {
    if (!session.ended) this.#waiting.add(session);
  }

  delete(session: Session): void {
    this.#waiting.delete(session);
  }

  /** The store is there. Does nothing where it is at work already. */
  run(): void {
    if (!this.#running && !this.#closed && this.#waiting.size > 0) void this.#step();
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  async #step(): Promise<void> {
    this.#running = true;
    const batch = [...this.#waiting].slice(0, PER_STEP);
    for (const session of batch) this.#waiting.delete(session);
    await Promise.all(batch.map((session) => this.#save(session)));
    this.#running = false;
    // Those that have failed again wait for the store to be back.
    if (batch.some((session) => this.#waiting.has(session))) return;
    if (this.#waiting.size === 0 || this.#closed) return;
    this.#running = true;
    this.#timer = setTimeout(() => void this.#step(), STEP_MS).unref();
  }
}
