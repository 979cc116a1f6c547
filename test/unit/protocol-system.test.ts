import { expect, test } from 'vitest';
import { FLAG, HEADER_BYTES, payloadOf, ROUTE, readHeader } from '../../src/protocol/header.ts';
import * as system from '../../src/protocol/system.ts';

const { SYSTEM } = system;

test('ids are those of the protocol description', () => {
  expect(Object.values(SYSTEM)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
});

const hello: system.Hello = {
  protocol: 1,
  token: 'token',
  resumeToken: 'resume',
  received: 0xffff_ffff,
  device: 'pad',
  client: 'arena/1',
  batch: true,
};
const welcome: system.Welcome = {
  sessionId: '123456789012345678',
  resumeToken: 'next',
  epoch: 3,
  recovered: true,
  replayed: 4,
  accepted: 5,
  heartbeatIntervalMs: 30_000,
  frameBytesMax: 16_777_216,
  datagramBytesMax: 1_150,
  gatewayId: 'gateway-1',
  userId: '9223372036854775807',
  serverTimeMs: 1_700_000_000_123,
  expiresAtMs: 1_700_000_060_123,
};
const ping: system.Ping = { sentAtMs: 1_700_000_000_123, received: 7 };
const pong: system.Pong = { sentAtMs: 1_700_000_000_123, serverTimeMs: 1_700_000_000_456, received: 7 };
const goAway: system.GoAway = {
  spreadMs: 10_000,
  deadlineMs: 30_000,
  reason: 'deploy',
  reconnectUrl: 'wss://b/',
};
const login: system.AuthLogin = { token: 't', username: 'u', password: 'p' };
const result: system.AuthResult = {
  userId: '-5',
  token: 't',
  refreshToken: 'r',
  expiresAtMs: 1_700_000_000_000,
  permissions: ['chat', 'fight'],
  resumeToken: '1.secret',
};
const notification: system.Notification = { kind: 'motd', text: 'grüß', data: new Uint8Array([1, 2]) };
const status: system.Status = { gatewayId: 'g', connections: 5, uptimeMs: 2 ** 40, load: 0.25 };

test.each([
  ['Hello', SYSTEM.hello, 0, system.encodeHello(hello, 9), system.decodeHello, hello],
  ['Welcome', SYSTEM.welcome, FLAG.response, system.encodeWelcome(welcome, 9), system.decodeWelcome, welcome],
  ['Ping', SYSTEM.ping, 0, system.encodePing(ping, 9), system.decodePing, ping],
  ['Pong', SYSTEM.pong, FLAG.response, system.encodePong(pong, 9), system.decodePong, pong],
  ['AuthLogin', SYSTEM.authLogin, 0, system.encodeAuthLogin(login, 9), system.decodeAuthLogin, login],
  ['AuthRefresh', SYSTEM.authRefresh, 0, system.encodeAuthRefresh('r', 9), system.decodeAuthRefresh, 'r'],
  ['AuthLogout', SYSTEM.authLogout, 0, system.encodeAuthLogout(true, 9), system.decodeAuthLogout, true],
  [
    'AuthResult',
    SYSTEM.authResult,
    FLAG.response,
    system.encodeAuthResult(result, 9),
    system.decodeAuthResult,
    result,
  ],
  ['Status', SYSTEM.status, FLAG.response, system.encodeStatus(status, 9), system.decodeStatus, status],
] as const)('%s reads as it was written', (_name, msgId, flags, frame, decode, message) => {
  expect(readHeader(frame)).toEqual({ seq: 9, route: ROUTE.system, flags, msgId });
  expect(decode(payloadOf(frame))).toEqual(message);
});

test.each([
  ['GoAway', SYSTEM.goAway, system.encodeGoAway(goAway), system.decodeGoAway, goAway],
  [
    'Notification',
    SYSTEM.notification,
    system.encodeNotification(notification),
    system.decodeNotification,
    notification,
  ],
] as const)('%s, which nobody asked for, has seq 0', (_name, msgId, frame, decode, message) => {
  expect(readHeader(frame)).toEqual({ seq: 0, route: ROUTE.system, flags: 0, msgId });
  expect(decode(payloadOf(frame))).toEqual(message);
});

test('an Error carries the header of the frame that it answers', () => {
  const frame = system.encodeErrorFrame({
    seq: 7,
    route: ROUTE.game,
    msgId: 3001,
    code: 'BUSY',
    message: 'later',
    retryAfterMs: 250,
  });
  expect(readHeader(frame)).toEqual({
    seq: 7,
    route: ROUTE.game,
    flags: FLAG.response | FLAG.error,
    msgId: 3001,
  });
  expect(system.decodeError(payloadOf(frame))).toEqual({ code: 'BUSY', message: 'later', retryAfterMs: 250 });
});

test('an ack is a header', () => {
  const frame = system.encodeAckFrame(7, ROUTE.chat, 2001);
  expect(frame.length).toBe(HEADER_BYTES);
  expect(readHeader(frame)).toEqual({ seq: 7, route: ROUTE.chat, flags: FLAG.ack, msgId: 2001 });
});

test('missing fields are proto3 defaults, and the version is filled in', () => {
  const empty = { token: '', resumeToken: '', received: 0, device: '', client: '', batch: false };
  expect(system.decodeHello(payloadOf(system.encodeHello({}, 1)))).toEqual({ protocol: 1, ...empty });
  expect(system.decodeHello(new Uint8Array(0))).toEqual({ protocol: 0, ...empty });
  expect(system.decodeWelcome(new Uint8Array(0))).toMatchObject({ userId: '0', serverTimeMs: 0 });
});

test.each([
  ['a length past the end', [0x12, 0x05, 0x61]],
  ['an endless varint', [0x08, ...Array(11).fill(0xff)]],
  ['text that is not UTF-8', [0x12, 0x02, 0xc3, 0x28]],
  ['field number 0', [0x00, 0x01]],
  ['a tag cut short', [0x80]],
])('%s gives undefined', (_name, bytes) => {
  expect(system.decodeHello(new Uint8Array(bytes))).toBeUndefined();
});

test('unknown fields are skipped', () => {
  const frame = system.encodePing(ping, 1);
  expect(system.decodePing(new Uint8Array([...payloadOf(frame), 0xfa, 0x01, 0x01, 0x00]))).toEqual(ping);
});

test('decoded bytes do not share the payload', () => {
  const payload = payloadOf(system.encodeNotification(notification));
  const decoded = system.decodeNotification(payload);
  payload.fill(0);
  expect(decoded).toEqual(notification);
});

test('a user id of ours that is no int64 is a fault', () => {
  expect(() => system.encodeWelcome({ ...welcome, userId: 'nobody' }, 1)).toThrow(RangeError);
});
