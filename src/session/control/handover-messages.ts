/** A gateway takes this many at a time; smaller batches would ask for more barriers. */
export const BATCH_SESSIONS = 100;

/** A session on offer. */
export interface HandedSession {
  readonly id: string;
  /** SHA-256 of the secret in its newest resume token, in hex. */
  readonly hash: string;
  /** Of the one before, where that is still good; else empty. */
  readonly earlier: string;
  /** How much longer it waits for its client. */
  readonly waitMs: number;
}

/** Sessions on offer by a gateway that closes to one that stays. */
export interface HandoverBatch {
  readonly kind: 'handover';
  /** The gateway that closes. */
  readonly gateway: string;
  /** Of the barrier that is to ask for them: the gateway that closes knows it. */
  readonly nonce: string;
  /** How much longer it waits for the answer. */
  readonly withinMs: number;
  readonly sessions: readonly HandedSession[];
}

/** What gateways say to each other when one closes (docs/sessions.md, Several gateways). */
export type HandoverMessage =
  /** To all: it closes, and looks for gateways that take its sessions. */
  | { readonly kind: 'leaving'; readonly gateway: string }
  /** The answer of a gateway that does. */
  | { readonly kind: 'offer'; readonly gateway: string }
  /** The answer of one that does not, as it closes too. */
  | { readonly kind: 'decline'; readonly gateway: string }
  | HandoverBatch
  /** The answer to a batch: so many of its sessions wait there now. */
  | { readonly kind: 'took'; readonly nonce: string; readonly sessions: number };

const NONCE = 'handover:';
const SHA256_HEX = /^[0-9a-f]{64}$/;
const NO_HASH = '';

/** `name`: of the batch, never the same again. */
export function handoverNonce(name: string): string {
  return NONCE + name;
}

/** Whether a barrier is for a gateway that closes, and for no other. */
export function isHandover(nonce: string): boolean {
  return nonce.startsWith(NONCE);
}

/** Undefined where the object is no such message. */
export function parseHandover(value: object): HandoverMessage | undefined {
  const kind: unknown = Reflect.get(value, 'kind');
  const gateway: unknown = Reflect.get(value, 'gateway');
  const nonce: unknown = Reflect.get(value, 'nonce');
  const sessions: unknown = Reflect.get(value, 'sessions');
  const isWord = kind === 'leaving' || kind === 'offer' || kind === 'decline';
  if (isWord && typeof gateway === 'string') return { kind, gateway };
  if (typeof nonce !== 'string') return undefined;
  if (kind === 'took' && typeof sessions === 'number') return { kind, nonce, sessions };
  const withinMs: unknown = Reflect.get(value, 'withinMs');
  if (kind !== 'handover' || typeof gateway !== 'string' || typeof withinMs !== 'number') return undefined;
  const handed = Array.isArray(sessions) ? sessions.map(parseSession) : [];
  return { kind, gateway, nonce, withinMs, sessions: handed.filter((session) => session !== undefined) };
}

function parseSession(value: unknown): HandedSession | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const id: unknown = Reflect.get(value, 'id');
  const hash: unknown = Reflect.get(value, 'hash');
  const waitMs: unknown = Reflect.get(value, 'waitMs');
  if (typeof id !== 'string' || typeof waitMs !== 'number') return undefined;
  const given: unknown = Reflect.get(value, 'earlier');
  const earlier = isHash(given) ? given : NO_HASH;
  return isHash(hash) ? { id, hash, earlier, waitMs } : undefined;
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && SHA256_HEX.test(value);
}
