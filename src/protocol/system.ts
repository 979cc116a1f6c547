import type { ErrorCode } from './error-codes.ts';
import { dualgate } from './gen/system.js';
import { encodeFrame, FLAG, HEADER_BYTES, ROUTE, writeHeader } from './header.ts';
import { longOf, longOfUserId, numberOf, userIdOf } from './int64.ts';

/**
 * System messages (header route 3, proto/gateway.proto) as plain objects: numbers, strings, booleans. User ids are
 * decimal strings, times are numbers of milliseconds. Encoders return a whole frame that the caller owns; decoders take
 * a payload, keep no reference to it, and return undefined where it is malformed: they never throw.
 */

/** The msgId of each system message. */
export const SYSTEM = {
  heartbeat: 0,
  hello: 1,
  welcome: 2,
  ping: 3,
  pong: 4,
  goAway: 5,
  error: 6,
  authLogin: 7,
  authRefresh: 8,
  authLogout: 9,
  authResult: 10,
  notification: 11,
  statusQuery: 12,
  status: 13,
} as const;

/** The version that a Hello names. */
export const PROTOCOL_VERSION = 1;

export interface Hello {
  protocol: number;
  /** JWT; empty: none. */
  token: string;
  /** From an earlier Welcome; empty: a new session. */
  resumeToken: string;
  /** On resume: reliable downstream frames received so far, modulo 2^32. */
  received: number;
  /** Names the device for the per-user device policy. */
  device: string;
  /** Name and version, for logs and statistics. */
  client: string;
  /** The client understands batch frames. */
  batch: boolean;
}

export interface Welcome {
  /** Snowflake, decimal. */
  sessionId: string;
  /** Single use: each Welcome gives a new one. Empty: sessions are not resumed here, or not before AuthLogin. */
  resumeToken: string;
  /** Grows with every connection bound to the session. */
  epoch: number;
  /** Resume asked and complete: nothing was lost, nothing comes twice. */
  recovered: boolean;
  /** Reliable frames that follow from the replay log. */
  replayed: number;
  /** On resume: the gateway's count of reliable upstream frames taken, modulo 2^32. */
  accepted: number;
  heartbeatIntervalMs: number;
  frameBytesMax: number;
  /** 0: this connection carries no datagrams. */
  datagramBytesMax: number;
  gatewayId: string;
  /** Decimal; `0`: not bound yet. */
  userId: string;
  /** Unix time. */
  serverTimeMs: number;
  /** Unix time at which the session's token ends, and the session with it unless it is refreshed; 0: never. */
  expiresAtMs: number;
}

export interface Ping {
  /** The sender's Unix time; echoed in the Pong. */
  sentAtMs: number;
  /** Reliable frames received by the sender, modulo 2^32. */
  received: number;
}

export interface Pong {
  /** From the Ping. */
  sentAtMs: number;
  /** Unix time of the answering side. */
  serverTimeMs: number;
  /** Reliable frames received by the answering side, modulo 2^32. */
  received: number;
}

/** The gateway drains: reconnect at a random moment within `spreadMs`; it closes after `deadlineMs`. */
export interface GoAway {
  spreadMs: number;
  deadlineMs: number;
  reason: string;
  /** Of the next link; the SDK follows only to a scheme that it was given an address of. Empty: none. */
  reconnectUrl: string;
}

export interface ErrorMessage {
  /** One of ERROR_CODES; a newer gateway may send others. */
  code: string;
  message: string;
  /** 0: no advice. */
  retryAfterMs: number;
}

export interface AuthLogin {
  token: string;
  username: string;
  password: string;
}

export interface AuthResult {
  /** Decimal; `0`: not bound. */
  userId: string;
  token: string;
  refreshToken: string;
  /** Of the token that was shown; Unix time, 0: never. */
  expiresAtMs: number;
  permissions: string[];
  /** For a session whose Welcome brought none, as nobody had logged in; else empty. */
  resumeToken: string;
}

export interface Notification {
  kind: string;
  text: string;
  data: Uint8Array;
}

export interface Status {
  gatewayId: string;
  connections: number;
  uptimeMs: number;
  /** 0 (idle) to 1 (saturated). */
  load: number;
}

/** Names the frame that an Error answers, and says why it was not taken. */
export interface ErrorFrame {
  seq: number;
  route: number;
  msgId: number;
  code: ErrorCode;
  message: string;
  /** Default 0: no advice. */
  retryAfterMs?: number;
}

const v1 = dualgate.v1;

/** A system frame with a payload that is encoded already; the payload is copied. */
export function encodeSystemFrame(
  msgId: number,
  seq: number,
  flags: number,
  payload?: Uint8Array,
): Uint8Array {
  return encodeFrame({ seq, route: ROUTE.system, flags, msgId }, payload);
}

/** Missing fields take proto3's defaults, `protocol` takes PROTOCOL_VERSION. */
export function encodeHello(hello: Partial<Hello>, seq: number): Uint8Array {
  const payload = v1.Hello.encode({ ...hello, protocol: hello.protocol ?? PROTOCOL_VERSION }).finish();
  return encodeSystemFrame(SYSTEM.hello, seq, 0, payload);
}

/** Answers the Hello of that seq; 0 for a session without Hello. Throws where `userId` is not an int64 in decimal. */
export function encodeWelcome(welcome: Welcome, seq: number): Uint8Array {
  const payload = v1.Welcome.encode({
    ...welcome,
    userId: longOfUserId(welcome.userId),
    serverTimeMs: longOf(welcome.serverTimeMs),
    expiresAtMs: longOf(welcome.expiresAtMs),
  }).finish();
  return encodeSystemFrame(SYSTEM.welcome, seq, FLAG.response, payload);
}

export function encodePing(ping: Ping, seq: number): Uint8Array {
  const payload = v1.Ping.encode({ sentAtMs: longOf(ping.sentAtMs), received: ping.received }).finish();
  return encodeSystemFrame(SYSTEM.ping, seq, 0, payload);
}

/** Answers the Ping of that seq. */
export function encodePong(pong: Pong, seq: number): Uint8Array {
  const payload = v1.Pong.encode({
    sentAtMs: longOf(pong.sentAtMs),
    serverTimeMs: longOf(pong.serverTimeMs),
    received: pong.received,
  }).finish();
  return encodeSystemFrame(SYSTEM.pong, seq, FLAG.response, payload);
}

export function encodeGoAway(goAway: GoAway): Uint8Array {
  return encodeSystemFrame(SYSTEM.goAway, 0, 0, v1.GoAway.encode(goAway).finish());
}

/** Header flags response and error; seq, route and msgId are those of the frame it answers. */
export function encodeErrorFrame(error: ErrorFrame): Uint8Array {
  const payload = v1.Error.encode({
    code: error.code,
    message: error.message,
    retryAfterMs: error.retryAfterMs,
  }).finish();
  const { seq, route, msgId } = error;
  return encodeFrame({ seq, route, flags: FLAG.response | FLAG.error, msgId }, payload);
}

/** Says that the frame of that seq, route and msgId was taken for good. A header without payload. */
export function encodeAckFrame(seq: number, route: number, msgId: number): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES);
  writeHeader(frame, 0, { seq, route, flags: FLAG.ack, msgId });
  return frame;
}

export function encodeAuthLogin(login: Partial<AuthLogin>, seq: number): Uint8Array {
  return encodeSystemFrame(SYSTEM.authLogin, seq, 0, v1.AuthLogin.encode(login).finish());
}

export function encodeAuthRefresh(refreshToken: string, seq: number): Uint8Array {
  return encodeSystemFrame(SYSTEM.authRefresh, seq, 0, v1.AuthRefresh.encode({ refreshToken }).finish());
}

/** `everywhere`: ends the user's sessions on all devices. */
export function encodeAuthLogout(everywhere: boolean, seq: number): Uint8Array {
  return encodeSystemFrame(SYSTEM.authLogout, seq, 0, v1.AuthLogout.encode({ everywhere }).finish());
}

/** Answers the auth message of that seq. Throws where `userId` is not an int64 in decimal. */
export function encodeAuthResult(result: AuthResult, seq: number): Uint8Array {
  const payload = v1.AuthResult.encode({
    ...result,
    userId: longOfUserId(result.userId),
    expiresAtMs: longOf(result.expiresAtMs),
  }).finish();
  return encodeSystemFrame(SYSTEM.authResult, seq, FLAG.response, payload);
}

export function encodeNotification(notification: Notification): Uint8Array {
  return encodeSystemFrame(SYSTEM.notification, 0, 0, v1.Notification.encode(notification).finish());
}

export function encodeStatusQuery(seq: number): Uint8Array {
  return encodeSystemFrame(SYSTEM.statusQuery, seq, 0);
}

/** A Status without a header, where the request was no system message. */
export function encodeStatusPayload(status: Status): Uint8Array {
  return v1.Status.encode({ ...status, uptimeMs: longOf(Math.round(status.uptimeMs)) }).finish();
}

/** Answers the StatusQuery of that seq. */
export function encodeStatus(status: Status, seq: number): Uint8Array {
  const payload = encodeStatusPayload(status);
  return encodeSystemFrame(SYSTEM.status, seq, FLAG.response, payload);
}

export function decodeHello(payload: Uint8Array): Hello | undefined {
  const m = attempt(v1.Hello.decode, payload);
  if (m === undefined) return undefined;
  const { protocol, token, resumeToken, received, device, client, batch } = m;
  return { protocol, token, resumeToken, received, device, client, batch };
}

export function decodeWelcome(payload: Uint8Array): Welcome | undefined {
  const m = attempt(v1.Welcome.decode, payload);
  if (m === undefined) return undefined;
  return {
    sessionId: m.sessionId,
    resumeToken: m.resumeToken,
    epoch: m.epoch,
    recovered: m.recovered,
    replayed: m.replayed,
    accepted: m.accepted,
    heartbeatIntervalMs: m.heartbeatIntervalMs,
    frameBytesMax: m.frameBytesMax,
    datagramBytesMax: m.datagramBytesMax,
    gatewayId: m.gatewayId,
    userId: userIdOf(m.userId),
    serverTimeMs: numberOf(m.serverTimeMs),
    expiresAtMs: numberOf(m.expiresAtMs),
  };
}

export function decodePing(payload: Uint8Array): Ping | undefined {
  const m = attempt(v1.Ping.decode, payload);
  return m === undefined ? undefined : { sentAtMs: numberOf(m.sentAtMs), received: m.received };
}

export function decodePong(payload: Uint8Array): Pong | undefined {
  const m = attempt(v1.Pong.decode, payload);
  if (m === undefined) return undefined;
  return {
    sentAtMs: numberOf(m.sentAtMs),
    serverTimeMs: numberOf(m.serverTimeMs),
    received: m.received,
  };
}

export function decodeGoAway(payload: Uint8Array): GoAway | undefined {
  const m = attempt(v1.GoAway.decode, payload);
  if (m === undefined) return undefined;
  const { spreadMs, deadlineMs, reason, reconnectUrl } = m;
  return { spreadMs, deadlineMs, reason, reconnectUrl };
}

export function decodeError(payload: Uint8Array): ErrorMessage | undefined {
  const m = attempt(v1.Error.decode, payload);
  return m === undefined ? undefined : { code: m.code, message: m.message, retryAfterMs: m.retryAfterMs };
}

export function decodeAuthLogin(payload: Uint8Array): AuthLogin | undefined {
  const m = attempt(v1.AuthLogin.decode, payload);
  return m === undefined ? undefined : { token: m.token, username: m.username, password: m.password };
}

/** The refresh token. */
export function decodeAuthRefresh(payload: Uint8Array): string | undefined {
  return attempt(v1.AuthRefresh.decode, payload)?.refreshToken;
}

/** Whether the logout is for all devices. */
export function decodeAuthLogout(payload: Uint8Array): boolean | undefined {
  return attempt(v1.AuthLogout.decode, payload)?.everywhere;
}

export function decodeAuthResult(payload: Uint8Array): AuthResult | undefined {
  const m = attempt(v1.AuthResult.decode, payload);
  if (m === undefined) return undefined;
  return {
    userId: userIdOf(m.userId),
    token: m.token,
    refreshToken: m.refreshToken,
    expiresAtMs: numberOf(m.expiresAtMs),
    permissions: [...m.permissions],
    resumeToken: m.resumeToken,
  };
}

export function decodeNotification(payload: Uint8Array): Notification | undefined {
  const m = attempt(v1.Notification.decode, payload);
  return m === undefined ? undefined : { kind: m.kind, text: m.text, data: new Uint8Array(m.data) };
}

export function decodeStatus(payload: Uint8Array): Status | undefined {
  const m = attempt(v1.Status.decode, payload);
  if (m === undefined) return undefined;
  const { gatewayId, connections, load } = m;
  return { gatewayId, connections, uptimeMs: numberOf(m.uptimeMs), load };
}

/** protobufjs reports malformed input by throwing; here it ends. */
function attempt<T>(decode: (payload: Uint8Array) => T, payload: Uint8Array): T | undefined {
  try {
    return decode(payload);
  } catch {
    return undefined;
  }
}
