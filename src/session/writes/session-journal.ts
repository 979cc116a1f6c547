import type { Journal } from '../../queue/replay-log.ts';
import type { Flushable, TickFlusher } from '../../queue/tick-flusher.ts';
import type { Session } from '../session.ts';
import type { SessionStore } from '../store/session-store.ts';
import type { WritePosition } from './write-position.ts';

export interface JournalOptions {
  readonly gatewayId: string;
  readonly store: SessionStore;
  readonly flusher: TickFlusher;
  /** Of this session; undefined: nobody keeps account of pushes. */
  readonly position: WritePosition | undefined;
  /** Another gateway has the session. */
  onFenced(session: Session): void;
  /** The store lacks frames of the session: it wants all of it. */
  onMissing(session: Session): void;
  /** More than the log has changed. */
  onRegrouped(session: Session): void;
  /** The store did not take what a tick brought; the session goes on without it. */
  onFailed(session: Session): void;
}

/**
 * Writes one session's frames and counts to the store, once a tick, and lets the frames go out when they are there.
 * Where the store is away they go out all the same: what is stored ends earlier then than what the client has, so a
 * resume elsewhere will be refused rather than wrong, until the whole log has been written again.
 */
export class SessionJournal implements Journal, Flushable {
  readonly #options: JournalOptions;
  readonly #session: Session;
  #frames: Uint8Array[] = [];
  #scheduled = false;
  #stopped = false;
  #regrouped = false;
  #holed = false;

  constructor(session: Session, options: JournalOptions) {
    this.#session = session;
    this.#options = options;
  }

  append(frame: Uint8Array, place: number): void {
    this.#frames.push(frame);
    this.#options.position?.note(place);
    this.touch();
  }

  /** The groups have changed: they are written together with the frames until then. */
  regroup(): void {
    this.#regrouped = true;
    this.#options.position?.touch();
    this.touch();
  }

  /** The counts have changed. */
  touch(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    this.#options.flusher.schedule(this);
  }

  /** What waits here, for a write of another kind: nothing is due any more. */
  take(): Uint8Array[] {
    const frames = this.#frames;
    this.#frames = [];
    this.#scheduled = false;
    this.#regrouped = false;
    return frames;
  }

  /** A write has failed: with what comes next the log in the store would have a hole. */
  get holed(): boolean {
    return this.#holed;
  }

  /**
   * What has not been written is not going to be, but by a write of the whole session. Up to that the store has an old
   * one.
   */
  stop(): void {
    this.#stopped = true;
    this.#frames = [];
    this.#options.position?.touch();
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** For the session's next journal, as writes of this one may be under way. */
  get position(): WritePosition | undefined {
    return this.#options.position;
  }

  /** What a write of the session tells of the pushes in it; `settled` or `failed` follows. */
  cut(): string {
    return this.#options.position?.cut(this.#session.queue.waiting?.places() ?? []) ?? '';
  }

  /** `whole`: with all of its log. */
  settled(whole: boolean): void {
    if (whole) this.#holed = false;
    this.#options.position?.settle(whole);
  }

  failed(): void {
    this.#holed = true;
    this.#options.position?.fail();
  }

  /** The store lacks something, or has not heard for long of frames that wait. */
  get stale(): boolean {
    const { position } = this.#options;
    return (
      position !== undefined && (position.lost || this.#session.queue.waiting?.oldestPlace !== undefined)
    );
  }

  /** The last item of the pushes up to which the store has all or lists it as waiting; infinite: all there are. */
  get reached(): number {
    return (
      this.#options.position?.reached(this.#session.queue.waiting?.oldestPlace) ?? Number.POSITIVE_INFINITY
    );
  }

  /** Nothing where nothing is due. */
  flush(): void {
    if (!this.#scheduled) return;
    this.#scheduled = false;
    const session = this.#session;
    if (this.#stopped || session.ended) return;
    const { gatewayId, store, onFenced, onMissing, onRegrouped, onFailed } = this.#options;
    if (this.#holed) return onMissing(session);
    if (this.#regrouped) return onRegrouped(session);
    const { log } = session.queue;
    const { next } = log;
    const frames = this.#frames;
    this.#frames = [];
    const change = { frames, keep: log.length, next, taken: session.framesTaken, position: this.cut() };
    store.append({ id: session.id, gatewayId, epoch: session.epoch }, change).then(
      (outcome) => {
        if (outcome === 'missing') this.failed();
        else this.settled(false);
        if (this.#stopped) return;
        if (outcome === 'fenced') return onFenced(session);
        if (outcome === 'missing') onMissing(session);
        else session.queue.release(next);
      },
      () => {
        this.failed();
        onFailed(session);
        if (!this.#stopped) session.queue.release(next);
      },
    );
  }
}
