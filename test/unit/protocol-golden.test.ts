import { expect, test } from 'vitest';
import { encodeBatch } from '../../src/protocol/batch.ts';
import { encodeStreamChunk } from '../../src/protocol/framer.ts';
import { encodeFrame, FLAG, payloadOf, ROUTE, readHeader } from '../../src/protocol/header.ts';
import * as system from '../../src/protocol/system.ts';

/**
 * The bytes of each kind of frame, written by hand from DESIGN.md section 2 and proto/gateway.proto. They hold across
 * versions: a change here breaks every client in the field.
 */
const hex = (frame: Uint8Array) => Buffer.from(frame).toString('hex');
const bytes = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));

const frames: [string, string, Uint8Array][] = [
  [
    'game frame',
    '00000001 02 00 03e9 08 01',
    encodeFrame({ seq: 1, route: ROUTE.game, flags: 0, msgId: 1001 }, new Uint8Array([8, 1])),
  ],
  [
    'chat frame, ack requested',
    'ffffffff 01 08 07d1',
    encodeFrame({ seq: 0xffff_ffff, route: ROUTE.chat, flags: FLAG.ackRequested, msgId: 2001 }),
  ],
  [
    'latest frame',
    '00000002 02 04 0bb9',
    encodeFrame({ seq: 2, route: ROUTE.game, flags: FLAG.latest, msgId: 3001 }),
  ],
  [
    'response',
    '00000001 02 01 03e9',
    encodeFrame({ seq: 1, route: ROUTE.game, flags: FLAG.response, msgId: 1001 }),
  ],
  ['ack', '00000001 02 10 03e9', system.encodeAckFrame(1, ROUTE.game, 1001)],
  [
    'error',
    '00000001 02 03 03e9 0a 04 42555359 12 01 78 18 fa01',
    system.encodeErrorFrame({
      seq: 1,
      route: ROUTE.game,
      msgId: 1001,
      code: 'BUSY',
      message: 'x',
      retryAfterMs: 250,
    }),
  ],
  ['heartbeat', '00000005 03 00 0000', system.encodeSystemFrame(system.SYSTEM.heartbeat, 5, 0)],
  [
    'Hello',
    '00000001 03 00 0001 08 01 12 01 74 1a 01 72 20 80808080 08 2a 01 64 32 01 63 38 01',
    system.encodeHello(
      { token: 't', resumeToken: 'r', received: 0x8000_0000, device: 'd', client: 'c', batch: true },
      1,
    ),
  ],
  [
    'Welcome',
    '00000001 03 01 0002 0a 02 3737 12 01 72 18 02 20 01 28 03 30 04 38 b0ea01 40 80808008 48 fe08 52 01 67 58 2a 60 e807 68 d00f',
    system.encodeWelcome(
      {
        sessionId: '77',
        resumeToken: 'r',
        epoch: 2,
        recovered: true,
        replayed: 3,
        accepted: 4,
        heartbeatIntervalMs: 30_000,
        frameBytesMax: 16_777_216,
        datagramBytesMax: 1_150,
        gatewayId: 'g',
        userId: '42',
        serverTimeMs: 1_000,
        expiresAtMs: 2_000,
      },
      1,
    ),
  ],
  ['Ping', '00000003 03 00 0003 08 e807 10 05', system.encodePing({ sentAtMs: 1_000, received: 5 }, 3)],
  [
    'Pong',
    '00000003 03 01 0004 08 e807 10 e907 18 05',
    system.encodePong({ sentAtMs: 1_000, serverTimeMs: 1_001, received: 5 }, 3),
  ],
  [
    'GoAway',
    '00000000 03 00 0005 08 0a 10 14 1a 01 72 22 01 75',
    system.encodeGoAway({ spreadMs: 10, deadlineMs: 20, reason: 'r', reconnectUrl: 'u' }),
  ],
  [
    'AuthLogin',
    '00000004 03 00 0007 0a 01 74 12 01 75 1a 01 70',
    system.encodeAuthLogin({ token: 't', username: 'u', password: 'p' }, 4),
  ],
  ['AuthRefresh', '00000004 03 00 0008 0a 01 72', system.encodeAuthRefresh('r', 4)],
  ['AuthLogout', '00000004 03 00 0009 08 01', system.encodeAuthLogout(true, 4)],
  [
    'AuthResult',
    '00000004 03 01 000a 08 ffffffffffffffffff01 12 01 74 1a 01 72 20 e807 2a 01 61 2a 01 62 32 01 73',
    system.encodeAuthResult(
      {
        ...{ userId: '-1', token: 't', refreshToken: 'r', expiresAtMs: 1_000, permissions: ['a', 'b'] },
        resumeToken: 's',
      },
      4,
    ),
  ],
  [
    'Notification',
    '00000000 03 00 000b 0a 01 6b 12 01 74 1a 02 0102',
    system.encodeNotification({ kind: 'k', text: 't', data: new Uint8Array([1, 2]) }),
  ],
  ['StatusQuery', '00000006 03 00 000c', system.encodeStatusQuery(6)],
  [
    'Status',
    '00000006 03 01 000d 0a 01 67 10 05 18 e807 21 000000000000e03f',
    system.encodeStatus({ gatewayId: 'g', connections: 5, uptimeMs: 1_000, load: 0.5 }, 6),
  ],
  [
    'batch',
    '00000000 03 20 0000 00000008 00000001 02 10 03e9 00000008 00000006 03 00 000c',
    encodeBatch([system.encodeAckFrame(1, ROUTE.game, 1001), system.encodeStatusQuery(6)]),
  ],
  ['frame on a stream', '00000008 00000006 03 00 000c', encodeStreamChunk([system.encodeStatusQuery(6)])],
];

test.each(frames)('%s has these bytes', (_name, expected, frame) => {
  expect(hex(frame)).toBe(expected.replaceAll(' ', ''));
});

test.each([
  ['Hello', system.decodeHello, { protocol: 1, token: 't', received: 0x8000_0000, batch: true }],
  ['Welcome', system.decodeWelcome, { sessionId: '77', recovered: true, userId: '42', serverTimeMs: 1_000 }],
  ['Ping', system.decodePing, { sentAtMs: 1_000, received: 5 }],
  ['Pong', system.decodePong, { sentAtMs: 1_000, serverTimeMs: 1_001, received: 5 }],
  ['GoAway', system.decodeGoAway, { spreadMs: 10, deadlineMs: 20, reason: 'r', reconnectUrl: 'u' }],
  ['error', system.decodeError, { code: 'BUSY', message: 'x', retryAfterMs: 250 }],
  ['AuthLogin', system.decodeAuthLogin, { token: 't', username: 'u', password: 'p' }],
  ['AuthResult', system.decodeAuthResult, { userId: '-1', permissions: ['a', 'b'] }],
  ['Notification', system.decodeNotification, { kind: 'k', text: 't', data: new Uint8Array([1, 2]) }],
  ['Status', system.decodeStatus, { gatewayId: 'g', connections: 5, uptimeMs: 1_000, load: 0.5 }],
] as const)('these bytes are a %s', (name, decode, expected) => {
  const golden = frames.find(([each]) => each === name)?.[1] ?? '';
  expect(decode(payloadOf(bytes(golden)))).toMatchObject(expected);
});

test('these bytes are a header', () => {
  expect(readHeader(bytes('ffffffff 01 08 07d1'))).toEqual({
    seq: 0xffff_ffff,
    route: 1,
    flags: 8,
    msgId: 2001,
  });
});
