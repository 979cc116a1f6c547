import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatUserId, userIdWords, userKey, userKeyOf } from '../../src/protocol/user-id.ts';

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

test.each([
  ['0', 0, 0, 0],
  ['1', 1, 1, 0],
  ['4294967296', 4294967296, 0, 1],
  ['9007199254740991', Number.MAX_SAFE_INTEGER, 0xffff_ffff, 0x1f_ffff],
  ['9007199254740992', '9007199254740992', 0, 0x20_0000],
  ['9223372036854775807', '9223372036854775807', 0xffff_ffff, 0x7fff_ffff],
  ['-1', -1, 0xffff_ffff, 0xffff_ffff],
  ['-9223372036854775808', '-9223372036854775808', 0, 0x8000_0000],
])('%s', (text, key, low, high) => {
  expect(userKey(low, high)).toBe(key);
  expect(userKey(low | 0, high | 0)).toBe(key);
  expect(userKeyOf(text)).toBe(key);
  expect(userIdWords(text)).toEqual({ low, high });
  expect(userIdWords(key)).toEqual({ low, high });
  expect(formatUserId(low, high)).toBe(text);
});

test.each(['', '-', '1.5', '0x10', ' 1', '1e3', '9223372036854775808', '-9223372036854775809', 'abc'])(
  '%j is no user id',
  (text) => {
    expect(userIdWords(text)).toBeUndefined();
    expect(userKeyOf(text)).toBeUndefined();
  },
);

test.each([1.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])('%d is no key', (key) => {
  expect(userIdWords(key)).toBeUndefined();
});

test('any int64 has one key, which gives it back', () => {
  fc.assert(
    fc.property(int64, (value) => {
      const key = userKeyOf(value.toString());
      expect(String(key)).toBe(value.toString());
      expect(typeof key).toBe(Number.isSafeInteger(Number(value)) ? 'number' : 'string');
      const words = userIdWords(value.toString());
      expect(words && userKey(words.low, words.high)).toBe(key);
    }),
  );
});
