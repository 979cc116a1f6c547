import { randomUUID } from 'node:crypto';
import type { Log } from '../../observe/log.ts';
import type { Metrics } from '../../observe/metrics.ts';
import type { SessionClaims } from '../claims/session-claims.ts';
import {
  BATCH_SESSIONS,
  type HandedSession,
  type HandoverBatch,
  handoverNonce,
  parseHandover,
} from '../control/handover-messages.ts';
import type { SessionStore } from '../store/session-store.ts';

export interface LeftSessionsOptions {
  readonly gatewayId: string;
  readonly store: SessionStore;
  readonly claims: SessionClaims;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly resumeWindowMs: number;
  /** Writes a session whole, for the claim `nonce` to take, and lets go of it. */
  releaseById(sessionId: string, nonce: string): void;
  /** Waits for the work when the gateway closes. */
  watch(work: Promise<unknown>): void;
}

/** Taking them holds up the start of the gateway no longer. */
const TAKE_MS = 3_000;

/**
 * The sessions of the last gateway that closes in order, for the first one that starts after it, which takes them before
 * it serves anybody (docs/sessions.md, Several gateways).
 */
export class LeftSessions {
  readonly #options: LeftSessionsOptions;

  constructor(options: LeftSessionsOptions) {
    this.#options = options;
  }

  /** Lets go of these sessions. Waited for by `watch`. */
  leave(sessions: readonly HandedSession[]): void {
    const { store, resumeWindowMs, metrics, watch } = this.#options;
    const batches: string[] = [];
    for (let from = 0; from < sessions.length; from += BATCH_SESSIONS) {
      batches.push(this.#leaveBatch(sessions.slice(from, from + BATCH_SESSIONS)));
    }
    if (batches.length === 0) return;
    watch(store.leave(batches, resumeWindowMs).catch(() => metrics.sessionStoreErrors.add(1, 'leave')));
  }

  /** Takes all that wait for a gateway. Does not reject. */
  async take(): Promise<void> {
    const { store, metrics, log } = this.#options;
    const sinceMs = performance.now();
    const counts = { sessions: 0, taken: 0 };
    try {
      while (performance.now() - sinceMs < TAKE_MS) {
        const text = await store.takeLeft();
        if (text === undefined) break;
        await this.#takeBatch(text, counts);
      }
    } catch {
      metrics.sessionStoreErrors.add(1, 'take_left');
    }
    const { sessions, taken } = counts;
    if (sessions === 0) return;
    metrics.sessionHandovers.add(taken, 'in', 'taken');
    metrics.sessionHandovers.add(sessions - taken, 'in', 'not_taken');
    const tookMs = Math.round(performance.now() - sinceMs);
    log.info({ sessions, taken, tookMs }, 'sessions of the last gateway taken');
  }

  #leaveBatch(sessions: readonly HandedSession[]): string {
    const { gatewayId: gateway, releaseById } = this.#options;
    const nonce = handoverNonce(randomUUID());
    for (const { id } of sessions) releaseById(id, nonce);
    const batch: HandoverBatch = { kind: 'handover', gateway, nonce, withinMs: 0, sessions };
    return JSON.stringify({ ...batch, leftAtMs: Date.now() });
  }

  async #takeBatch(text: string, counts: { sessions: number; taken: number }): Promise<void> {
    const value: unknown = JSON.parse(text);
    const batch = typeof value === 'object' && value !== null ? parseHandover(value) : undefined;
    if (batch?.kind !== 'handover') return;
    const agoMs = agoOf(value);
    const { claims } = this.#options;
    const taken = await Promise.all(
      batch.sessions.map((session) =>
        claims.takeLeft({ ...session, waitMs: Math.max(0, session.waitMs - agoMs) }, batch),
      ),
    );
    counts.sessions += taken.length;
    counts.taken += taken.filter((is) => is).length;
  }
}

/** How long ago that was left; 0 where the wall clock has stepped back. */
function agoOf(value: unknown): number {
  const leftAtMs: unknown = Reflect.get(Object(value), 'leftAtMs');
  return typeof leftAtMs === 'number' ? Math.max(0, Date.now() - leftAtMs) : 0;
}
