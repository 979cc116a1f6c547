import { createHmac } from 'node:crypto';
import { sameSecret } from '../resume-token.ts';

/**
 * The nonce of a claim: `name`, never the same again, and a proof that whoever asks for the session was shown a token of
 * it. Everybody on the channel of the pushes reads it, so it tells neither the token nor its hash.
 */
export function claimNonce(name: string, secretHash: Uint8Array): string {
  return `${name}:${proofOf(name, secretHash).toString('base64url')}`;
}

/** Whether the nonce was made with one of these SHA-256 of secrets. Any text may come. */
export function isClaimNonce(nonce: string, hashes: Iterable<Uint8Array | undefined>): boolean {
  const end = nonce.lastIndexOf(':');
  if (end < 0) return false;
  const name = nonce.slice(0, end);
  const proof = Buffer.from(nonce.slice(end + 1), 'base64url');
  for (const hash of hashes) {
    if (hash !== undefined && hash.length > 0 && sameSecret(proofOf(name, hash), proof)) return true;
  }
  return false;
}

function proofOf(name: string, secretHash: Uint8Array): Buffer {
  return createHmac('sha256', secretHash).update(name).digest();
}
