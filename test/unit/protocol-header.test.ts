import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  encodeFrame,
  FLAG,
  FLAGS_RESERVED,
  HEADER_BYTES,
  payloadOf,
  ROUTE,
  readFlags,
  readHeader,
  readMsgId,
  readRoute,
  readSeq,
  writeHeader,
} from '../../src/protocol/header.ts';

const header = fc.record({
  seq: fc.integer({ min: 0, max: 0xffff_ffff }),
  route: fc.integer({ min: 0, max: 0xff }),
  flags: fc.integer({ min: 0, max: 0xff }),
  msgId: fc.integer({ min: 0, max: 0xffff }),
});

test('a header is big-endian: seq, route, flags, msgId', () => {
  const frame = encodeFrame({ seq: 0x01020304, route: ROUTE.game, flags: FLAG.ackRequested, msgId: 0x0506 });
  expect([...frame]).toEqual([0x01, 0x02, 0x03, 0x04, 2, 0x08, 0x05, 0x06]);
  expect(readHeader(frame)).toEqual({ seq: 0x01020304, route: 2, flags: 8, msgId: 0x0506 });
});

test('the largest values are unsigned', () => {
  const largest = { seq: 0xffff_ffff, route: 0xff, flags: 0xff, msgId: 0xffff };
  expect(readHeader(encodeFrame(largest))).toEqual(largest);
  expect([...encodeFrame(largest)]).toEqual(Array(HEADER_BYTES).fill(0xff));
});

test('every flag is one bit of its own, and none is reserved', () => {
  const bits = Object.values(FLAG);
  expect(bits.reduce((sum, bit) => sum + bit, 0)).toBe(0x3f);
  expect(bits.every((bit) => (bit & FLAGS_RESERVED) === 0)).toBe(true);
});

test('a frame is its header and a copy of the payload', () => {
  const payload = new Uint8Array([7, 8, 9]);
  const frame = encodeFrame({ seq: 1, route: ROUTE.chat, flags: 0, msgId: 2 }, payload);
  payload.fill(0);
  expect([...payloadOf(frame)]).toEqual([7, 8, 9]);
  expect(payloadOf(frame).buffer).toBe(frame.buffer);
});

test('any header reads as it was written, at any offset', () => {
  fc.assert(
    fc.property(header, fc.integer({ min: 0, max: 16 }), (value, offset) => {
      const bytes = new Uint8Array(offset + HEADER_BYTES);
      writeHeader(bytes, offset, value);
      expect(readHeader(bytes, offset)).toEqual(value);
      expect(readSeq(bytes, offset)).toBe(value.seq);
      expect(readRoute(bytes, offset)).toBe(value.route);
      expect(readFlags(bytes, offset)).toBe(value.flags);
      expect(readMsgId(bytes, offset)).toBe(value.msgId);
    }),
  );
});
