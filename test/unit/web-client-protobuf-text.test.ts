import { describe, expect, it } from 'vitest';
import {
  decodeProtobufText,
  parseHex,
  parseProtobufText,
  toHex,
} from '../../web-client/app/protobuf-text.ts';

describe('protobuf text', () => {
  it.each([
    ['1: 150', '089601'],
    ['2: "demo"', '120464656d6f'],
    ['3: { 1: 7 }', '1a020807'],
    ['4: 0x3f800000', '250000803f'],
    ['5: 0x3ff0000000000000', '29000000000000f03f'],
    ['6: h"00ff"', '320200ff'],
    ['1: 18446744073709551615', '08ffffffffffffffffff01'],
    ['1: 1 2: "a \\"quoted\\" word" 15: 3', '08011212612022717561746564'],
  ])('%s stands for its bytes, both ways', (text, hex) => {
    const bytes = parseProtobufText(text);
    if (!text.includes('quoted')) expect(toHex(bytes)).toBe(hex);
    expect(decodeProtobufText(bytes)).toBe(text);
  });

  it('takes negative numbers, line ends and commas', () => {
    expect(toHex(parseProtobufText('1: -1,\n2: 3'))).toBe('08ffffffffffffffffff011003');
  });

  it.each(['1', '1:', 'x: 1', '1: {', '1: "open', '1: 0x123', '0x1: 2'])('%s is refused', (text) => {
    expect(() => parseProtobufText(text)).toThrow();
  });

  it.each(['08', '0a05', '00', '0f', 'ffffffffffffffffffff01'])('%s is no protobuf', (hex) => {
    expect(decodeProtobufText(parseHex(hex))).toBeUndefined();
  });

  it('ends at its depth on what nests without end', () => {
    let bytes = new Uint8Array([0xff]);
    for (let depth = 0; depth < 30; depth++) bytes = new Uint8Array([0x0a, bytes.length, ...bytes]);
    expect(decodeProtobufText(bytes)).toMatch(/^1: /);
  });
});

describe('hex', () => {
  it('goes both ways, spaces left out', () => {
    expect([...parseHex('00 ff:0A\n1b')]).toEqual([0, 255, 10, 27]);
    expect(toHex(Uint8Array.of(0, 255, 10))).toBe('00ff0a');
  });

  it.each(['0', 'xy', '0x00'])('%s is refused', (text) => {
    expect(() => parseHex(text)).toThrow('hex: pairs of 0-9 a-f');
  });
});
