import { createLocalJWKSet, errors, type JSONWebKeySet, type LocalJWKSet } from 'jose';
import { messageOf } from '../errors.ts';

/** What became of a fetch; a label for metrics. `status`: answered with anything but 200, redirects included. */
export type KeyFetchOutcome = 'ok' | 'unreachable' | 'timeout' | 'status' | 'too_large' | 'malformed';

/** A key set is some kilobytes; of a longer body no more than this is read. */
const BODY_BYTES_MAX = 1024 * 1024;

/** The key set was not had. */
export class KeyFetchError extends Error {
  readonly outcome: Exclude<KeyFetchOutcome, 'ok'>;

  constructor(outcome: Exclude<KeyFetchOutcome, 'ok'>, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'KeyFetchError';
    this.outcome = outcome;
  }
}

/**
 * Gets a key set (RFC 7517 section 5). Redirects are not followed: whoever can make the server send one would choose
 * the keys. `timeoutMs` covers the body too. Rejects with a KeyFetchError.
 */
export async function fetchKeys(url: URL, timeoutMs: number): Promise<LocalJWKSet> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'manual',
      headers: { accept: 'application/json, application/jwk-set+json', 'user-agent': 'dualgate' },
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new KeyFetchError('status', `HTTP status ${response.status}`);
    }
    return keysOf(await textOf(response));
  } catch (error) {
    throw asKeyFetchError(error);
  }
}

/** Counted after decompression, which could make much of little. */
async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the body, and closes its connection.
    if (bytes > BODY_BYTES_MAX) throw new KeyFetchError('too_large', `more than ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString('utf8');
}

function keysOf(text: string): LocalJWKSet {
  const value: unknown = JSON.parse(text);
  if (!isKeySet(value)) throw new KeyFetchError('malformed', 'no key set');
  return createLocalJWKSet(value);
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  if (typeof value !== 'object' || value === null || !('keys' in value)) return false;
  const { keys } = value;
  return Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null);
}

function asKeyFetchError(error: unknown): KeyFetchError {
  if (error instanceof KeyFetchError) return error;
  if (error instanceof SyntaxError) return new KeyFetchError('malformed', 'no JSON', error);
  if (error instanceof errors.JOSEError) return new KeyFetchError('malformed', error.message, error);
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new KeyFetchError('timeout', 'no answer in time', error);
  }
  // What went wrong is told by the cause of "fetch failed".
  const reason = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return new KeyFetchError('unreachable', messageOf(reason), error);
}
