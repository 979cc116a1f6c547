import type { Session } from '../session.ts';
import type { SessionDetails } from '../store/session-record.ts';

/** The barrier is awaited for so long: this gateway may not hear the channel at the moment. */
const BARRIER_MS = 1_000;

/** Where a session goes on to, once it is complete here. */
export interface Onward {
  /** Of the other gateway's barrier. */
  readonly nonce: string;
  readonly groups: readonly string[];
  /** Of the pushes, that the barrier is (PushHistory). */
  readonly item: number;
}

/** A session on its way here. */
export interface Arrival {
  /** Of the barrier that asks for it. */
  readonly nonce: string;
  /** SHA-256 of secrets: who asks for it meanwhile has to know one of them. */
  readonly hashes: readonly Uint8Array[];
  session: Session | undefined;
  /** The barrier has come by here. */
  seen: boolean;
  onSeen: (() => void) | undefined;
  /** Decimal; `0`: not bound. */
  userId: string;
  groups: readonly string[];
  /** Another gateway's barrier has come by since: the session is for it, once it is here. */
  next: Onward | undefined;
}

export function expected(nonce: string, hashes: readonly Uint8Array[]): Arrival {
  return {
    ...{ nonce, hashes, session: undefined, seen: false, onSeen: undefined },
    ...{ userId: '0', groups: [], next: undefined },
  };
}

/** Settles with the barrier, or when this gateway does not hear the channel at the moment. */
export function barrierOf(arrival: Arrival): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, BARRIER_MS);
    arrival.onSeen = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

/** What the store knows of a session, but for user and groups, which the hub keeps. */
export function applyDetails(session: Session, details: SessionDetails): void {
  session.startedAtMs = details.startedAtMs;
  session.device = details.device;
  session.gameId = details.gameId;
  const { verified, permissions, attributes, expiresAtMs } = details;
  session.grant = { verified, permissions, attributes, expiresAtMs };
}

/** The same for the store. */
export function detailsOf(session: Session): SessionDetails {
  const { user, device, gameId, groups, grant, startedAtMs } = session;
  const { verified, permissions, attributes, expiresAtMs } = grant;
  const base = { userId: user?.id ?? '0', device, gameId, groups: [...(groups ?? [])] };
  return { ...base, verified, permissions, expiresAtMs, startedAtMs, attributes };
}
