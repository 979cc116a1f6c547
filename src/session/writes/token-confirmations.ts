import type { Family } from '../../observe/counters.ts';
import type { Flushable, TickFlusher } from '../../queue/tick-flusher.ts';
import type { Session } from '../session.ts';
import type { SessionStore } from '../store/session-store.ts';

export interface TokenConfirmationsOptions {
  readonly gatewayId: string;
  readonly store: SessionStore;
  readonly flusher: TickFlusher;
  /** By operation. */
  readonly errors: Family;
  /** The store did not take it: the session has to be written again. */
  onFailed(session: Session): void;
}

/**
 * Tells the store, once a tick, of clients that have shown that they got their newer token: the one before is not good
 * any more, on no gateway.
 */
export class TokenConfirmations implements Flushable {
  readonly #options: TokenConfirmationsOptions;
  readonly #due = new Set<Session>();

  constructor(options: TokenConfirmationsOptions) {
    this.#options = options;
  }

  add(session: Session): void {
    if (this.#due.size === 0) this.#options.flusher.schedule(this);
    this.#due.add(session);
  }

  flush(): void {
    for (const session of this.#due) this.#tell(session);
    this.#due.clear();
  }

  /** Not where its client has come back meanwhile: the token that it came with is good until it confirms the next. */
  #tell(session: Session): void {
    if (session.ended || session.earlierHash !== undefined) return;
    const { gatewayId, store, errors, onFailed } = this.#options;
    const { id, epoch } = session;
    store.confirm({ id, gatewayId, epoch }).catch(() => {
      errors.add(1, 'confirm');
      onFailed(session);
    });
  }
}
