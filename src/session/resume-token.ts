import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 16;
const TOKEN_PATTERN = /^([0-9]{1,19})\.([A-Za-z0-9_-]{22})$/;

/** What a client shows to come back: the session's id and a secret of 128 bits. */
export interface ResumeToken {
  readonly sessionId: string;
  /** SHA-256 of the secret: all that the gateway and its store keep. */
  readonly secretHash: Buffer;
}

/** A new secret for a session: the text goes to the client and is not kept. */
export function createResumeToken(sessionId: string): { readonly text: string; readonly secretHash: Buffer } {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { text: `${sessionId}.${secret}`, secretHash: hashOf(secret) };
}

/** Undefined where the text is no token of this form. */
export function parseResumeToken(text: string): ResumeToken | undefined {
  const match = TOKEN_PATTERN.exec(text);
  return match === null ? undefined : { sessionId: match[1], secretHash: hashOf(match[2]) };
}

/** Compares in constant time. */
export function sameSecret(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
