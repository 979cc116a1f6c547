import type { Journal } from '../queue/replay-log.ts';
import type { Flushable, TickFlusher } from '../queue/tick-flusher.ts';
import type { Session } from './session.ts';
import type { SessionStore } from './session-store.ts';

export interface JournalOptions {
  readonly gatewayId: string;
  readonly store: SessionStore;
  readonly flusher: TickFlusher;
  /** Another gateway has the session. */
  onFenced(session: Session): void;
  /** The store has lost the session: it wants all of it. */
  onMissing(session: Session): void;
  /** The store did not take what a tick brought; the session goes on without it. */
  onFailed(session: Session): void;
}

/**
 * Writes one session's frames and counts to the store, once a tick, and lets the frames go out when they are there.
 * Where the store is away they go out all the same: what is stored ends earlier then than what the client has, so a
 * resume elsewhere will be refused rather than wrong.
 */
export class SessionJournal implements Journal, Flushable {
  readonly #options: JournalOptions;
  readonly #session: Session;
  #frames: Uint8Array[] = [];
  #scheduled = false;
  #stopped = false;

  constructor(session: Session, options: JournalOptions) {
    this.#session = session;
    this.#options = options;
  }

  append(frame: Uint8Array): void {
    this.#frames.push(frame);
    this.touch();
  }

  /** The counts have changed. */
  touch(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    this.#options.flusher.schedule(this);
  }

  /** The whole log is written another way: what waits here is in it. */
  clear(): void {
    this.#frames = [];
  }

  /** What has not been written is not going to be. */
  stop(): void {
    this.#stopped = true;
    this.#frames = [];
  }

  flush(): void {
    this.#scheduled = false;
    const session = this.#session;
    if (this.#stopped || session.ended) return;
    const { gatewayId, store, onFenced, onMissing, onFailed } = this.#options;
    const { log } = session.queue;
    const { next } = log;
    const frames = this.#frames;
    this.#frames = [];
    const change = { frames, keep: log.length, next, taken: session.framesTaken };
    store.append({ id: session.id, gatewayId, epoch: session.epoch }, change).then(
      (outcome) => {
        if (this.#stopped) return;
        if (outcome === 'fenced') return onFenced(session);
        if (outcome === 'missing') onMissing(session);
        else session.queue.release(next);
      },
      () => {
        onFailed(session);
        if (!this.#stopped) session.queue.release(next);
      },
    );
  }
}
