/**
 * Codes that the client gives itself; all others come from the gateway (ERROR_CODES).
 *
 * - `DISCONNECTED`: there is no link at the moment, or it could not be had
 * - `SESSION_LOST`: the gateway began a new session; whether the frame was taken is unknown
 * - `NO_ANSWER`: no answer within the request's timeout
 * - `ABORTED`: the caller's AbortSignal fired
 * - `CLOSED`: the client is closed for good
 * - `NO_TOKEN`: the token function failed, or gave a token again that is in use or was refused
 * - `TOO_MANY_PENDING`: the limit of frames that wait for an acknowledgement or answer is reached
 */
export type ClientErrorCode =
  | 'DISCONNECTED'
  | 'SESSION_LOST'
  | 'NO_ANSWER'
  | 'ABORTED'
  | 'CLOSED'
  | 'NO_TOKEN'
  | 'TOO_MANY_PENDING';

/** A frame or request failed, or the client could not connect. */
export class ClientError extends Error {
  /** A ClientErrorCode, or what the gateway's Error message said. */
  readonly code: string;
  /** Milliseconds after which a retry may succeed; 0: no advice. */
  readonly retryAfterMs: number;
  /** The close code, where a link ended; 0 otherwise. */
  readonly closeCode: number;

  constructor(code: string, message: string, options: { retryAfterMs?: number; closeCode?: number } = {}) {
    super(message);
    this.name = 'ClientError';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs ?? 0;
    this.closeCode = options.closeCode ?? 0;
  }
}

/** An error of the client's own, its code checked by the compiler. */
export function clientError(code: ClientErrorCode, message: string, closeCode = 0): ClientError {
  return new ClientError(code, message, { closeCode });
}
