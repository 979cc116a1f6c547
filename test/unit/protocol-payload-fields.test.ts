import fc from 'fast-check';
import protobuf from 'protobufjs/minimal.js';
import { describe, expect, it } from 'vitest';
import { PayloadFields } from '../../src/protocol/payload-fields.ts';
import { type UserKey, userIdWords, userKey } from '../../src/protocol/user-id.ts';

const INT64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

interface Field {
  readonly number: number;
  readonly write: (writer: protobuf.Writer, number: number) => void;
}

/** A field that is neither of the two, of any wire type, or one of the two with a wire type of another kind. */
const otherField: fc.Arbitrary<Field> = fc
  .record({ number: fc.integer({ min: 1, max: 536_870_911 }), kind: fc.nat(3), bytes: fc.uint8Array() })
  .map(({ number, kind, bytes }) => ({
    number,
    write: (writer: protobuf.Writer, field: number) => {
      const wireType = field === 1 && kind === 0 ? 1 : field === 2 && kind === 2 ? 5 : [0, 1, 2, 5][kind];
      writer.uint32(field * 8 + wireType);
      if (wireType === 0) writer.uint32(bytes.length);
      if (wireType === 1) writer.fixed64(bytes.length);
      if (wireType === 2) writer.bytes(bytes);
      if (wireType === 5) writer.fixed32(bytes.length);
    },
  }));

function textOf(bytes: Uint8Array, fields: PayloadFields): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    bytes.subarray(fields.gameIdStart, fields.gameIdEnd),
  );
}

describe('PayloadFields', () => {
  const fields = new PayloadFields();

  it('finds both fields wherever they stand, and agrees with what protobufjs wrote', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(
        fc.tuple(fc.array(otherField, { maxLength: 4 }), INT64, text, fc.boolean()),
        ([others, userId, gameId, swapped]) => {
          const writer = protobuf.Writer.create();
          const user = () => writer.uint32(8).int64(String(userId));
          const game = () => writer.uint32(18).string(gameId);
          const [first, second] = swapped ? [game, user] : [user, game];
          for (const other of others.slice(0, 2)) other.write(writer, other.number);
          first();
          for (const other of others.slice(2)) other.write(writer, other.number);
          second();
          const bytes = writer.finish();
          for (const found of [fields.read(bytes), fields.readAll(bytes)]) {
            expect(found).toBe(true);
            expect([fields.hasUserId, fields.hasGameId]).toEqual([true, true]);
            expect(String(userKey(fields.userIdLow, fields.userIdHigh))).toBe(String(userId));
            expect(textOf(bytes, fields)).toBe(gameId);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reads from an offset, and forgets the payload before', () => {
    expect(fields.read(Uint8Array.of(0xff, 0xff, 0x08, 5, 0x12, 1, 0x61), 2)).toBe(true);
    expect(fields).toMatchObject({ hasUserId: true, userIdLow: 5, gameIdStart: 6, gameIdEnd: 7 });
    expect(fields.read(new Uint8Array(0))).toBe(true);
    expect(fields).toMatchObject({ hasUserId: false, userIdLow: 0, hasGameId: false, gameIdEnd: 0 });
  });

  it('counts a field of another wire type as absent', () => {
    expect(fields.read(Uint8Array.of(0x0a, 1, 5, 0x10, 7))).toBe(true);
    expect([fields.hasUserId, fields.hasGameId]).toEqual([false, false]);
  });

  it('stops at the second field; readAll goes on and takes the last', () => {
    const repeated = Uint8Array.of(0x08, 5, 0x12, 1, 0x61, 0x08, 6);
    expect(fields.read(repeated)).toBe(true);
    expect(fields.userIdLow).toBe(5);
    expect(fields.readAll(repeated)).toBe(true);
    expect(fields.userIdLow).toBe(6);
    const garbage = Uint8Array.of(0x08, 5, 0x12, 1, 0x61, 0x07);
    expect([fields.read(garbage), fields.readAll(garbage)]).toEqual([true, false]);
  });

  it.each([
    ['field number 0', [0x00, 1]],
    ['group start', [0x0b]],
    ['group end', [0x0c]],
    ['wire type 6', [0x1e, 1]],
    ['wire type 7', [0x1f, 1]],
    ['a tag of more than 32 bits', [0x88, 0x80, 0x80, 0x80, 0x10, 1]],
    ['a tag cut short', [0x88]],
    ['a varint cut short', [0x08, 0x80]],
    ['a varint of 11 bytes', [0x08, ...new Array<number>(10).fill(0xff), 1]],
    ['a length past the end', [0x12, 2, 0x61]],
    ['a length of 2^32 + 1', [0x12, 0x81, 0x80, 0x80, 0x80, 0x10, 0x61]],
    ['fixed64 cut short', [0x19, 1, 2, 3, 4, 5, 6, 7]],
    ['fixed32 cut short', [0x1d, 1, 2, 3]],
  ])('refuses %s', (_name, bytes) => {
    expect(fields.read(Uint8Array.of(...bytes))).toBe(false);
    expect(fields.readAll(Uint8Array.of(...bytes))).toBe(false);
  });

  it('takes a varint of exactly 10 bytes', () => {
    expect(fields.read(Uint8Array.of(0x08, ...new Array<number>(9).fill(0xff), 1))).toBe(true);
    expect([fields.userIdLow, fields.userIdHigh]).toEqual([0xffff_ffff, 0xffff_ffff]);
  });

  it('gives true or false for any bytes, and offsets inside them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.boolean(), (bytes, all) => {
        const found = all ? fields.readAll(bytes) : fields.read(bytes);
        expect(typeof found).toBe('boolean');
        expect(fields.gameIdStart).toBeLessThanOrEqual(fields.gameIdEnd);
        expect(fields.gameIdEnd).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('userKey', () => {
  it.each<[number, number, UserKey]>([
    [0, 0, 0],
    [0xffff_ffff, 0x1f_ffff, Number.MAX_SAFE_INTEGER],
    [0, 0x20_0000, '9007199254740992'],
    [0xffff_ffff, 0x7fff_ffff, '9223372036854775807'],
    [0, 0x8000_0000, '-9223372036854775808'],
    [0xffff_ffff, 0xffff_ffff, -1],
    [-1, -1, -1],
  ])('of words %i and %i is %s', (low, high, key) => {
    expect(userKey(low, high)).toBe(key);
  });

  it('and userIdWords are each other’s inverse', () => {
    fc.assert(
      fc.property(INT64, (id) => {
        const words = userIdWords(String(id));
        expect(words).toBeDefined();
        const key = userKey(words?.low ?? 0, words?.high ?? 0);
        expect(String(key)).toBe(String(id));
        expect(userIdWords(key)).toEqual(words);
      }),
    );
  });

  it.each<UserKey>([1.5, 2 ** 53, Number.NaN, '', 'x', '1e3', '0x10', '9223372036854775808', ' 1'])(
    'has no words for %j',
    (key) => {
      expect(userIdWords(key)).toBeUndefined();
    },
  );
});
