import { expect, test } from 'vitest';
import { encodeFrame, FLAG, payloadOf, ROUTE, readHeader } from '../../src/protocol/header.ts';
import { buildPayload, buildTemplate, numberIn, stampFrame } from '../../tools/payload.ts';

const HEADER = { seq: 0, route: ROUTE.chat, flags: 0, msgId: 2001 };
const PAYLOAD = buildPayload({ userId: 1, gameId: 'demo', bytes: 64 });

test('a payload is user_id, game_id, and padding in field 15', () => {
  const head = [0x08, 0x01, 0x12, 0x04, 0x64, 0x65, 0x6d, 0x6f, 0x7a, 54];
  expect([...PAYLOAD]).toEqual([...head, ...Array(54).fill(0)]);
});

test.each([18, 19, 64, 128, 136, 140, 300, 16_500, 65_536])(
  '%i bytes asked are at most missed by the varint',
  (bytes) => {
    const { length } = buildPayload({ userId: 1, gameId: 'demo', bytes });
    expect(length).toBeLessThanOrEqual(bytes);
    expect(length).toBeGreaterThanOrEqual(bytes - 1);
  },
);

test('a size below what the fields need is raised', () => {
  expect(buildPayload({ userId: 1, gameId: 'demo', bytes: 1 }).length).toBe(18);
});

test('user ids beyond 32 bits are whole', () => {
  const payload = buildPayload({ userId: Number.MAX_SAFE_INTEGER, gameId: 'g', bytes: 1 });
  expect([...payload.subarray(0, 9)]).toEqual([0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]);
});

test('a stamped frame is new, has its number as seq and is known again when relayed', () => {
  const template = buildTemplate(HEADER, PAYLOAD, 7);
  const frame = stampFrame(template, 0x0102_0304);
  expect(readHeader(frame)).toEqual({ ...HEADER, seq: 0x0102_0304 });
  expect(readHeader(template).seq).toBe(0);
  const relayed = encodeFrame(HEADER, payloadOf(frame));
  expect(numberIn(relayed, 0, 7)).toBe(0x0102_0304);
  expect(numberIn(relayed, 0, 8)).toBe(-1);
});

test.each([FLAG.response, FLAG.ack, FLAG.response | FLAG.error])(
  'with flags %i the seq is the number',
  (flags) => {
    expect(numberIn(encodeFrame({ ...HEADER, seq: 5, flags }), flags, 7)).toBe(5);
  },
);

test('a push too short for a tag is nobody’s', () => {
  expect(numberIn(encodeFrame(HEADER, new Uint8Array(7)), 0, 0)).toBe(-1);
});
