import type { Metrics } from '../../observe/metrics.ts';
import type { TickFlusher } from '../../queue/tick-flusher.ts';
import { detailsOf } from '../claims/session-arrival.ts';
import type { ChangeNotices } from '../directory/change-notices.ts';
import type { PushHistory } from '../history/push-history.ts';
import type { Session } from '../session.ts';
import type { SessionState } from '../store/session-record.ts';
import type { SessionStore, StoredSession } from '../store/session-store.ts';
import { Removals } from './removals.ts';
import { SessionJournal } from './session-journal.ts';
import { SessionRepairs } from './session-repairs.ts';
import { WritePosition } from './write-position.ts';

export interface SessionWriterOptions {
  readonly gatewayId: string;
  readonly store: SessionStore;
  /** Every session's log is written through, and survives the gateway. */
  readonly durable: boolean;
  /** Life of a stored session without activity. */
  readonly ttlMs: number;
  readonly resumeWindowMs: number;
  /** Of the pushes; undefined: nobody asks how far the logs reach. */
  readonly history: PushHistory | undefined;
  /** Names this process. */
  readonly run: string;
  readonly flusher: TickFlusher;
  readonly notices: ChangeNotices;
  readonly metrics: Metrics;
  /** The store says that another gateway has the session. */
  onFenced(session: Session): void;
}

/** A write of a whole session that is under way. */
interface Write {
  readonly session: Session;
  readonly stored: StoredSession;
  readonly journal: SessionJournal | undefined;
  /** With all of its log. */
  readonly whole: boolean;
  /** For another gateway to take. */
  readonly released: boolean;
}

const RENEWED_PER_STEP = 1_000;
/** The store keeps a detached session a little longer than its gateway, which ends it in order. */
const WINDOW_MARGIN_MS = 5_000;
const CLOSE_MS = 2_000;
const NO_HASH = new Uint8Array(0);

/** Writes this gateway's sessions to the store: whole ones, and with `durable` or while detached what each tick adds. */
export class SessionWriter {
  readonly #options: SessionWriterOptions;
  /** One that is stopped stays until the store has heard of it: up to then it has an old state of the session. */
  readonly #journals = new Map<Session, SessionJournal>();
  readonly #pending = new Set<Promise<unknown>>();
  readonly #changed = new Set<Session>();
  /** Those that this gateway has written, or tried to. */
  readonly #written = new Set<Session>();
  readonly #repairs = new SessionRepairs((session) => this.#saveAll(session));
  readonly #removals: Removals;
  /** Of sessions that were let go of while the store has an old state of them: for how long it may have that. */
  readonly #released = new Map<SessionJournal, number>();

  constructor(options: SessionWriterOptions) {
    this.#options = options;
    const { store, ttlMs, resumeWindowMs, metrics, notices } = options;
    this.#removals = new Removals({
      ...{ store, metrics, ttlMs: Math.max(ttlMs, resumeWindowMs + WINDOW_MARGIN_MS) },
      onRemoved: (id, userId) => notices.tell(id, userId),
      watch: (work) => this.watch(work),
    });
  }

  /** A session that is about to be attached, with the hashes of its new token. */
  saveAttached(session: Session): Promise<void> {
    if (!this.#options.durable) return this.#save(session, 'attached', []);
    const known = this.#running(session);
    const journal = known ?? this.#journalOf(session);
    const log = known === undefined ? session.queue.log.frames() : undefined;
    const stored = this.#save(session, 'durable', log);
    session.onTaken = () => journal.touch();
    session.queue.setJournal(journal);
    return stored;
  }

  /**
   * What is known of a session has changed, but for its log. Written once a tick, however often that is. Sessions without
   * a token are stored where they have a user, who is to be found there: nobody can resume them.
   */
  saveDetails(session: Session): void {
    if (!isStored(session) || this.#changed.has(session)) return;
    this.#changed.add(session);
    this.#options.flusher.schedule({
      flush: () => {
        this.#changed.delete(session);
        if (isStored(session) && !session.ended) void this.#save(session, this.#stateOf(session), undefined);
      },
    });
  }

  /** The same of its groups, which a journal has a place for. */
  saveGroups(session: Session): void {
    const journal = this.#running(session);
    if (journal !== undefined) return journal.regroup();
    // One on its way here is written by whoever brings it.
    if (session.secretHash !== undefined || session.connection !== undefined) this.saveDetails(session);
  }

  /**
   * A session that has lost its connection: log and counts now, unless the log is `stored`, and what comes to it from
   * here on.
   */
  saveDetached(session: Session, stored: boolean): void {
    const known = this.#running(session);
    const journal = known ?? this.#journalOf(session);
    // What waits to be sent becomes a part of the log, and is in the first write.
    session.queue.setJournal(journal);
    const log = stored || known !== undefined ? undefined : session.queue.log.frames();
    void this.#save(session, 'detached', log);
  }

  /** Its client is back: what comes to it is not written any more, but where sessions are durable. A save follows. */
  stopJournal(session: Session): void {
    if (this.#options.durable) return;
    this.#journals.get(session)?.stop();
    session.queue.setJournal(undefined);
  }

  /**
   * The last item of the pushes up to which the store has all that came for the sessions whose logs it has, or lists it
   * as waiting; 0: unknown. What has to be written for it to grow is.
   */
  reached(): number {
    if (this.#removals.overdue > 0) return 0;
    let item = this.#reachedByReleased();
    for (const [session, journal] of this.#journals) {
      if (session.ended) {
        this.#journals.delete(session);
        continue;
      }
      if (journal.stale) journal.touch();
      item = Math.min(item, journal.reached);
    }
    return item;
  }

  /** Writes the whole session, for the claim `nonce` to take. It has to be let go of next. */
  release(session: Session, nonce: string): void {
    const journal = this.#journals.get(session) ?? this.#journalOf(session);
    journal.stop();
    session.queue.commit();
    this.#released.set(journal, Number.POSITIVE_INFINITY);
    void this.#save(session, 'detached', session.queue.log.frames(), nonce);
  }

  remove(session: Session): void {
    const isThere = isStored(session) || this.#written.has(session);
    this.forget(session);
    if (!isThere) return;
    const { id, user, epoch } = session;
    this.#removals.remove({ id, gatewayId: this.#options.gatewayId, epoch }, user?.id);
  }

  /** Somebody asks for sessions: what has ended here, and is stored yet, is removed ahead of that. */
  settleRemovals(ids: readonly string[]): void {
    this.#removals.settle(ids);
  }

  /** Writes nothing of the session any more. */
  forget(session: Session): void {
    this.#journals.get(session)?.stop();
    this.#journals.delete(session);
    this.#written.delete(session);
    this.#repairs.delete(session);
  }

  /** What is stored of the session is not as it is: it is written whole by the next `retry`. */
  repair(session: Session): void {
    this.#repairs.add(session);
  }

  /** The store is there: what it did not take is tried again. */
  retry(): void {
    this.#removals.retry();
    this.#repairs.run();
  }

  /**
   * Puts off the expiry of what is stored, and writes again what the store has lost; a batch at a time, so that no tick
   * is long. Rejects where the store is away.
   */
  async renew(): Promise<void> {
    const sessions = [...this.#written];
    try {
      for (let from = 0; from < sessions.length; from += RENEWED_PER_STEP) {
        const part = sessions.slice(from, from + RENEWED_PER_STEP);
        await Promise.all(part.map((session) => this.#renew(session)));
        this.#repairs.run();
      }
    } catch (error) {
      this.#options.metrics.sessionStoreErrors.add(1, 'renew');
      throw error;
    }
  }

  /** Waited for by `settled`. A failure is a state of the store, counted where it matters. */
  watch(work: Promise<unknown>): void {
    const watched = work.catch(() => undefined).finally(() => this.#pending.delete(watched));
    this.#pending.add(watched);
  }

  /** Resolves when what is under way is written, or after 2 s. */
  async settled(): Promise<void> {
    let deadline: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      deadline = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([Promise.allSettled(this.#pending), late]);
    clearTimeout(deadline);
    this.#repairs.close();
  }

  #reachedByReleased(): number {
    let item = this.#options.history?.items ?? 0;
    const nowMs = performance.now();
    for (const [journal, untilMs] of this.#released) {
      if (nowMs > untilMs) this.#released.delete(journal);
      else item = Math.min(item, journal.reached);
    }
    return item;
  }

  /** The store has heard that the client is back. */
  #forgetStopped(session: Session, journal: SessionJournal): void {
    if (journal.stopped && this.#journals.get(session) === journal) this.#journals.delete(session);
  }

  #running(session: Session): SessionJournal | undefined {
    const journal = this.#journals.get(session);
    return journal?.stopped ? undefined : journal;
  }

  #journalOf(session: Session): SessionJournal {
    const { gatewayId, store, metrics, flusher, history, run, onFenced } = this.#options;
    const earlier = this.#journals.get(session)?.position;
    const position = earlier ?? (history === undefined ? undefined : new WritePosition(history, run));
    const journal: SessionJournal = new SessionJournal(session, {
      ...{ gatewayId, store, flusher, position, onFenced },
      onMissing: (lost) => this.#onMissing(lost, journal),
      onRegrouped: (regrouped) => this.saveDetails(regrouped),
      onFailed: (failed) => {
        metrics.sessionStoreErrors.add(1, 'append');
        this.#repairs.add(failed);
      },
    });
    this.#journals.set(session, journal);
    return journal;
  }

  /**
   * Where the session waits to be written again its frames go out with nothing asked of the store: while that is away
   * each tick would copy the whole log for nothing, for every session.
   */
  #onMissing(session: Session, journal: SessionJournal): void {
    if (!this.#repairs.has(session)) return void this.#saveAll(session);
    journal.take();
    session.queue.release(session.queue.log.next);
  }

  #save(
    session: Session,
    state: SessionState,
    asked: readonly Uint8Array[] | undefined,
    releasedTo = '',
  ): Promise<void> {
    const { store, ttlMs, resumeWindowMs } = this.#options;
    const journal = this.#journals.get(session);
    // What is stored is of one moment: the groups as they are now, and the frames until now.
    const added = journal?.take();
    const isLost = journal?.holed === true || this.#repairs.has(session);
    const log = asked ?? (isLost ? wholeLog(session, state) : undefined);
    this.#repairs.delete(session);
    if (!session.ended) this.#written.add(session);
    const stored = this.#storedOf(session, state);
    const lifeMs = state === 'detached' ? resumeWindowMs + WINDOW_MARGIN_MS : ttlMs;
    const cut = journal?.cut() ?? '';
    // Of an attached session the store tells nothing that one could go on from.
    const position = state === 'attached' ? '' : cut;
    const write = { session, stored, journal, whole: log !== undefined, released: releasedTo !== '' };
    const saved = store.save(stored, { log, added, position, ttlMs: lifeMs, releasedTo }).then(
      (done) => this.#onSaved(write, done),
      () => this.#onRefused(write),
    );
    this.watch(saved);
    return saved;
  }

  #storedOf(session: Session, state: SessionState): StoredSession {
    const { id, epoch, queue, framesTaken } = session;
    return {
      ...{ id, gatewayId: this.#options.gatewayId, epoch, state, details: detailsOf(session) },
      secretHash: session.secretHash ?? NO_HASH,
      earlierHash: session.earlierHash ?? NO_HASH,
      ...{ next: queue.log.next, taken: framesTaken },
    };
  }

  /** `done`: else another gateway has the session. */
  #onSaved({ session, stored, journal, whole, released }: Write, done: boolean): void {
    const { notices, onFenced } = this.#options;
    journal?.settled(whole);
    if (journal !== undefined && stored.state === 'attached') this.#forgetStopped(session, journal);
    if (journal !== undefined && released) this.#released.delete(journal);
    if (!done) onFenced(session);
    else if (journal !== undefined) session.queue.release(stored.next);
    notices.tell(stored.id, stored.details.userId);
  }

  #onRefused({ session, stored, journal, released }: Write): void {
    if (journal !== undefined) {
      journal.failed();
      session.queue.release(stored.next);
      if (released) this.#released.set(journal, performance.now() + this.#storedLifeMs);
    }
    this.#options.metrics.sessionStoreErrors.add(1, 'save');
    this.#repairs.add(session);
  }

  /** After the store has lost its data. What is stored is replaced, and what waited to be added is in it. */
  #saveAll(session: Session): Promise<void> {
    if (session.ended) return Promise.resolve();
    const state = this.#stateOf(session);
    return this.#save(session, state, wholeLog(session, state));
  }

  async #renew(session: Session): Promise<void> {
    const { gatewayId, store, onFenced } = this.#options;
    const { id, epoch } = session;
    if (!this.#written.has(session)) return;
    const outcome = await store.renew({ id, gatewayId, epoch, ttlMs: this.#lifeMs(session) });
    if (session.ended || session.epoch !== epoch) return;
    if (outcome === 'fenced') onFenced(session);
    if (outcome === 'missing') this.#repairs.add(session);
  }

  /** Of what is stored. */
  #lifeMs({ connection, deadlineMs }: Session): number {
    if (connection !== undefined) return this.#options.ttlMs;
    return Math.max(0, deadlineMs - performance.now()) + WINDOW_MARGIN_MS;
  }

  /** How long the store may keep a session that could be taken from this gateway by force. */
  get #storedLifeMs(): number {
    const { durable, ttlMs, resumeWindowMs } = this.#options;
    return Math.max(durable ? ttlMs : 0, resumeWindowMs + WINDOW_MARGIN_MS);
  }

  /** One whose client is back is attached as soon as the store knows of that. */
  #stateOf(session: Session): SessionState {
    if (session.connection === undefined && this.#running(session) !== undefined) return 'detached';
    return this.#options.durable && hasToken(session) ? 'durable' : 'attached';
  }
}

function hasToken({ secretHash, earlierHash }: Session): boolean {
  return (secretHash ?? earlierHash) !== undefined;
}

function isStored(session: Session): boolean {
  return hasToken(session) || (session.connection !== undefined && session.user !== undefined);
}

/** Of an attached session the gateway alone has it. */
function wholeLog({ queue }: Session, state: SessionState): readonly Uint8Array[] {
  return state === 'attached' ? [] : queue.log.frames();
}
