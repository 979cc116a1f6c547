import { MemoryLogoutLog } from './memory-logout-log.ts';
import { MemoryUserIndex } from './memory-user-index.ts';
import type { SessionDetails, SessionRecord, SessionState } from './session-record.ts';
import type {
  Appended,
  Claim,
  ClaimRequest,
  Fence,
  Renewal,
  SessionStore,
  StoredChange,
  StoredSession,
  StoredWrite,
} from './session-store.ts';

interface Kept {
  gatewayId: string;
  epoch: number;
  state: SessionState;
  details: SessionDetails;
  secretHash: Uint8Array;
  earlierHash: Uint8Array;
  next: number;
  taken: number;
  releasedTo: string;
  position: string;
  log: Uint8Array[];
  untilMs: number;
}

const COUNT_RANGE = 2 ** 32;
/** Expired entries that nobody looks at are kept for so much longer at most, while there is a gateway. */
const SWEEP_MS = 10_000;

/**
 * Sessions in the memory of one process, for gateways that share it: what Redis is for gateways that do not. It
 * outlives no process. Expired entries are dropped when they are looked at, and all of them once in a while.
 */
export class MemorySessionStore implements SessionStore {
  readonly users: MemoryUserIndex;
  readonly logouts = new MemoryLogoutLog();
  readonly #sessions = new Map<string, Kept>();
  readonly #gateways = new Map<string, number>();
  readonly #positions = new Map<string, { readonly position: string; readonly untilMs: number }>();
  #left: string[] = [];
  #leftUntilMs = 0;
  readonly #nowMs: () => number;
  #sweepAtMs = 0;

  /** `nowMs`: a clock that does not step. */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
    this.users = new MemoryUserIndex(nowMs);
  }

  /** Entries of sessions, users, gateways and positions, expired ones included. */
  get size(): number {
    return this.#sessions.size + this.users.size + this.#gateways.size + this.#positions.size;
  }

  async save(
    session: StoredSession,
    { log, added, position, ttlMs, releasedTo }: StoredWrite,
  ): Promise<boolean> {
    const { id, gatewayId, epoch, state, details, secretHash, earlierHash, next, taken } = session;
    const known = this.#session(id);
    if (known !== undefined && isFencedOff(known, session)) return false;
    if (log === undefined && added !== undefined && known !== undefined && !fits(known, added, next)) {
      throw new Error('the stored log ends earlier than what is to be added begins');
    }
    this.#sessions.set(id, {
      ...{ gatewayId, epoch, state, details, secretHash, earlierHash, next, taken, releasedTo },
      position: (log ?? added) ? position : (known?.position ?? ''),
      log: log === undefined ? [...(known?.log ?? []), ...(added ?? [])] : [...log],
      untilMs: this.#nowMs() + ttlMs,
    });
    this.users.prolong(details.userId, ttlMs);
    return true;
  }

  async append(fence: Fence, { frames, keep, next, taken, position }: StoredChange): Promise<Appended> {
    const known = this.#session(fence.id);
    if (known === undefined) return 'missing';
    if (!isOwner(known, fence)) return 'fenced';
    if (!fits(known, frames, next)) return 'missing';
    known.next = next;
    known.taken = taken;
    known.position = position;
    known.log.push(...frames);
    if (frames.length > 0) known.log.splice(0, Math.max(0, known.log.length - Math.max(1, keep)));
    return 'written';
  }

  async confirm(fence: Fence): Promise<void> {
    const known = this.#session(fence.id);
    if (known !== undefined && isOwner(known, fence)) known.earlierHash = NO_BYTES;
  }

  async claim(request: ClaimRequest, ttlMs: number): Promise<Claim> {
    const { id, secretHash, received, gatewayId, nonce, force } = request;
    const known = this.#session(id);
    if (known === undefined || !isSecret(known, secretHash)) return { outcome: 'unknown' };
    const { gatewayId: from, details, next, taken, log, position, releasedTo } = known;
    const released = releasedTo !== '';
    if (known.state === 'attached' || (releasedTo !== nonce && !force)) {
      return { outcome: 'held', gatewayId: from, state: known.state, details, released, position };
    }
    if (received !== undefined && (next - received + COUNT_RANGE) % COUNT_RANGE > log.length) {
      this.#sessions.delete(id);
      await this.users.unbind(details.userId, [{ id, gatewayId: from }]);
      return { outcome: 'incomplete', gatewayId: from, epoch: known.epoch };
    }
    const epoch = known.epoch + 1;
    const session: StoredSession = {
      ...{ id, gatewayId, epoch, state: 'detached', details, next, taken },
      secretHash: received === undefined ? known.secretHash : NO_BYTES,
      earlierHash: received === undefined ? known.earlierHash : secretHash,
    };
    const untilMs = this.#nowMs() + ttlMs;
    this.#sessions.set(id, { ...session, releasedTo: '', position, log: [...log], untilMs });
    this.users.move(details.userId, session, ttlMs);
    return { outcome: 'taken', from, session, log: [...log], position, released };
  }

  async remove(fence: Fence): Promise<void> {
    const known = this.#session(fence.id);
    if (known === undefined || known.gatewayId !== fence.gatewayId || known.epoch > fence.epoch) return;
    this.#sessions.delete(fence.id);
  }

  async renew(renewal: Renewal): Promise<Appended> {
    const known = this.#session(renewal.id);
    if (known === undefined) return 'missing';
    if (isFencedOff(known, renewal)) return 'fenced';
    if (!isOwner(known, renewal)) return 'missing';
    known.untilMs = this.#nowMs() + renewal.ttlMs;
    return 'written';
  }

  async leave(batches: readonly string[], ttlMs: number): Promise<void> {
    this.#dropLeft();
    this.#left.push(...batches);
    this.#leftUntilMs = this.#nowMs() + ttlMs;
  }

  async takeLeft(): Promise<string | undefined> {
    this.#dropLeft();
    return this.#left.shift();
  }

  /** Each gateway comes by here every few seconds, so the store needs no timer of its own. */
  async announce(gatewayId: string, ttlMs: number): Promise<boolean> {
    const known = (this.#gateways.get(gatewayId) ?? 0) > this.#nowMs();
    if (ttlMs === 0) this.#gateways.delete(gatewayId);
    else this.#gateways.set(gatewayId, this.#nowMs() + ttlMs);
    this.#sweep();
    return known;
  }

  async isAlive(gatewayId: string): Promise<boolean> {
    return (this.#gateways.get(gatewayId) ?? 0) > this.#nowMs();
  }

  async livingGateways(): Promise<readonly string[]> {
    return [...this.#gateways].filter(([, untilMs]) => untilMs > this.#nowMs()).map(([id]) => id);
  }

  async savePosition(run: string, position: string, ttlMs: number): Promise<void> {
    this.#positions.set(run, { position, untilMs: this.#nowMs() + ttlMs });
  }

  async positionOf(run: string): Promise<string> {
    const kept = this.#positions.get(run);
    if (kept === undefined || kept.untilMs > this.#nowMs()) return kept?.position ?? '';
    this.#positions.delete(run);
    return '';
  }

  async get(id: string): Promise<SessionRecord | undefined> {
    const known = this.#session(id);
    if (known === undefined) return undefined;
    const { gatewayId, epoch, state, details } = known;
    return { id, gatewayId, run: '', epoch, state, details };
  }

  #session(id: string): Kept | undefined {
    const known = this.#sessions.get(id);
    if (known === undefined || known.untilMs > this.#nowMs()) return known;
    this.#sessions.delete(id);
    return undefined;
  }

  /** Some milliseconds for 100,000 sessions. */
  #sweep(): void {
    const nowMs = this.#nowMs();
    if (nowMs < this.#sweepAtMs) return;
    this.#sweepAtMs = nowMs + SWEEP_MS;
    for (const [id, { untilMs }] of this.#sessions) if (untilMs <= nowMs) this.#sessions.delete(id);
    for (const [id, untilMs] of this.#gateways) if (untilMs <= nowMs) this.#gateways.delete(id);
    for (const [run, { untilMs }] of this.#positions) if (untilMs <= nowMs) this.#positions.delete(run);
    this.users.sweep(nowMs);
  }

  #dropLeft(): void {
    if (this.#leftUntilMs <= this.#nowMs()) this.#left = [];
  }
}

const NO_BYTES = new Uint8Array(0);

function isOwner(known: Kept, { gatewayId, epoch }: Fence): boolean {
  return known.gatewayId === gatewayId && known.epoch === epoch;
}

/** Somebody else has it, or had it later. */
function fits({ next }: Kept, added: readonly Uint8Array[], upTo: number): boolean {
  return (next + added.length) % COUNT_RANGE === upTo;
}

function isFencedOff(known: Kept, { gatewayId, epoch }: Fence): boolean {
  return known.epoch > epoch || (known.epoch === epoch && known.gatewayId !== gatewayId);
}

function isSecret({ secretHash, earlierHash }: Kept, hash: Uint8Array): boolean {
  return [secretHash, earlierHash].some((known) => Buffer.compare(known, hash) === 0);
}
