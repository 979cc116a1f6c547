import type { ErrorCode } from './protocol/error-codes.ts';

/** One frame or request fails with a code; the link lives. Sent to the peer as an Error message. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  /** Milliseconds after which a retry may succeed; 0: no advice. */
  readonly retryAfterMs: number;

  constructor(code: ErrorCode, message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs ?? 0;
  }
}

/** The gateway cannot start or continue as configured. Printed to the operator as it is, without a stack. */
export class StartError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StartError';
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
