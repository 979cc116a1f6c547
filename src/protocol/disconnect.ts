/**
 * Why a link ends: the same numbers on WebSocket (close code, RFC 6455 section 7.4.2) and on WebTransport (session
 * close code). The range says what a client does next: 4000-4099 reconnect now, 4100-4199 back off first,
 * 4200-4999 do not come back without a change.
 */
export interface Disconnect {
  readonly code: number;
  /** At most 123 bytes of UTF-8 (RFC 6455 section 5.5); `withReason` cuts longer ones. */
  readonly reason: string;
}

export const DISCONNECT_REASON_BYTES_MAX = 123;

export const DISCONNECT = {
  shutdown: { code: 4000, reason: 'gateway shuts down' },
  heartbeatTimeout: { code: 4001, reason: 'nothing heard for longer than the heartbeat timeout' },
  drained: { code: 4002, reason: 'gateway drains' },
  resumed: { code: 4003, reason: 'session continues on another connection' },
  certificateChanged: { code: 4004, reason: 'certificate changed' },
  full: { code: 4100, reason: 'too many connections' },
  fullForAddress: { code: 4101, reason: 'too many connections from this address' },
  slow: { code: 4102, reason: 'client reads too slowly' },
  rateLimited: { code: 4103, reason: 'rate limit exceeded' },
  helloTimeout: { code: 4104, reason: 'no Hello in time' },
  internal: { code: 4105, reason: 'internal error' },
  flooded: { code: 4106, reason: 'unread data exceeds the limit' },
  unavailable: { code: 4107, reason: 'no new sessions at the moment' },
  protocolError: { code: 4200, reason: 'protocol error' },
  frameTooLarge: { code: 4201, reason: 'frame too large' },
  unsupportedProtocol: { code: 4202, reason: 'unsupported protocol version' },
  unauthenticated: { code: 4203, reason: 'authentication failed' },
  tokenExpired: { code: 4204, reason: 'token expired' },
  kicked: { code: 4205, reason: 'disconnected by a backend' },
  replaced: { code: 4206, reason: 'replaced by a newer device' },
  tooManyDevices: { code: 4207, reason: 'too many devices' },
  loggedOut: { code: 4208, reason: 'logged out' },
  forbidden: { code: 4209, reason: 'forbidden' },
} as const satisfies Record<string, Disconnect>;

export type DisconnectName = keyof typeof DISCONNECT;
export type RetryAdvice = 'now' | 'backoff' | 'never';

/**
 * What a client does after a close with `code`. Codes outside the table's ranges: 1000 (normal) is `never`, the rest
 * (1006 and WebTransport's 0: the link was lost) is `now`.
 */
export function retryAdvice(code: number): RetryAdvice {
  if (code >= 4200 && code <= 4999) return 'never';
  if (code >= 4100 && code <= 4199) return 'backoff';
  return code === 1000 ? 'never' : 'now';
}

// Marked as pure, so that bundles of clients that name no codes are without it.
const disconnectNames = /* @__PURE__ */ namesByCode();

function namesByCode(): ReadonlyMap<number, DisconnectName> {
  const names = new Map<number, DisconnectName>();
  for (const name of Object.keys(DISCONNECT)) {
    if (isDisconnectName(name)) names.set(DISCONNECT[name].code, name);
  }
  return names;
}

function isDisconnectName(name: string): name is DisconnectName {
  return Object.hasOwn(DISCONNECT, name);
}

/** The table's name of a close code, as a bounded label for metrics: `normal` for 1000, `other` for what is not in it. */
export function disconnectName(code: number): DisconnectName | 'normal' | 'other' {
  return disconnectNames.get(code) ?? (code === 1000 ? 'normal' : 'other');
}

/** The same code with a reason of its own, cut at a character so that it fits into 123 bytes of UTF-8. */
export function withReason(disconnect: Disconnect, reason: string): Disconnect {
  return { code: disconnect.code, reason: truncateUtf8(reason, DISCONNECT_REASON_BYTES_MAX) };
}

function truncateUtf8(text: string, bytesMax: number): string {
  const encoded = new TextEncoder().encode(text);
  if (encoded.length <= bytesMax) return text;
  let end = bytesMax;
  while (end > 0 && (encoded[end] & 0xc0) === 0x80) end--;
  return new TextDecoder().decode(encoded.subarray(0, end));
}
