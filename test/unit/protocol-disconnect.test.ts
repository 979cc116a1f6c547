import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  DISCONNECT,
  DISCONNECT_REASON_BYTES_MAX,
  disconnectName,
  retryAdvice,
  withReason,
} from '../../src/protocol/disconnect.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

test('codes are unique, in the application range, with reasons that fit', () => {
  const rows = Object.values(DISCONNECT);
  expect(new Set(rows.map(({ code }) => code)).size).toBe(rows.length);
  for (const { code, reason } of rows) {
    expect(code).toBeGreaterThanOrEqual(4000);
    expect(code).toBeLessThanOrEqual(4999);
    expect(bytesOf(reason)).toBeLessThanOrEqual(DISCONNECT_REASON_BYTES_MAX);
  }
});

test.each([
  [4000, 'now'],
  [4099, 'now'],
  [4100, 'backoff'],
  [4199, 'backoff'],
  [4200, 'never'],
  [4999, 'never'],
  [1000, 'never'],
  [1001, 'now'],
  [1006, 'now'],
  [0, 'now'],
] as const)('after %i a client comes back: %s', (code, advice) => {
  expect(retryAdvice(code)).toBe(advice);
});

test('names are those of the table, else other', () => {
  expect(disconnectName(4205)).toBe('kicked');
  expect(disconnectName(4998)).toBe('other');
});

test('a reason of its own is cut at a character', () => {
  expect(withReason(DISCONNECT.kicked, 'short')).toEqual({ code: 4205, reason: 'short' });
  expect(withReason(DISCONNECT.kicked, 'a'.repeat(124)).reason).toBe('a'.repeat(123));
  expect(withReason(DISCONNECT.kicked, `${'a'.repeat(122)}é`).reason).toBe('a'.repeat(122));
});

test('any reason fits afterwards and begins as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const { reason } = withReason(DISCONNECT.internal, text);
      expect(bytesOf(reason)).toBeLessThanOrEqual(DISCONNECT_REASON_BYTES_MAX);
      expect(text.startsWith(reason)).toBe(true);
    }),
  );
});
