/**
 * Protobuf without its schema, as text: `1: 42`, `2: "demo"`, `3: { 1: 7 }`, `4: 0x3f800000` (fixed32),
 * `5: 0x0000000000000000` (fixed64), `6: h"00ff"` (bytes). Text is what protoc calls --decode_raw, but for bytes.
 */

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
const DEPTH_MAX = 8;

interface Cursor {
  bytes: Uint8Array;
  offset: number;
}

/** Undefined where the bytes are no protobuf. */
export function decodeProtobufText(bytes: Uint8Array, depth = 0): string | undefined {
  const cursor: Cursor = { bytes, offset: 0 };
  const fields: string[] = [];
  while (cursor.offset < bytes.length) {
    const field = readField(cursor, depth);
    if (field === undefined) return undefined;
    fields.push(field);
  }
  return fields.join(' ');
}

function readField(cursor: Cursor, depth: number): string | undefined {
  const tag = readVarint(cursor);
  if (tag === undefined) return undefined;
  const number = tag >> 3n;
  if (number === 0n || number > 536_870_911n) return undefined;
  const value = readValue(cursor, Number(tag & 7n), depth);
  return value === undefined ? undefined : `${number}: ${value}`;
}

function readValue(cursor: Cursor, wire: number, depth: number): string | undefined {
  switch (wire) {
    case WIRE.varint:
      return readVarint(cursor)?.toString();
    case WIRE.fixed64:
      return readFixed(cursor, 8);
    case WIRE.fixed32:
      return readFixed(cursor, 4);
    case WIRE.bytes: {
      const length = readVarint(cursor);
      const bytes = length === undefined ? undefined : take(cursor, Number(length));
      return bytes === undefined ? undefined : bytesText(bytes, depth);
    }
    default:
      return undefined;
  }
}

function bytesText(bytes: Uint8Array, depth: number): string {
  const text = printableText(bytes);
  if (text !== undefined) return JSON.stringify(text);
  const inner = depth < DEPTH_MAX ? decodeProtobufText(bytes, depth + 1) : undefined;
  return inner === undefined ? `h"${toHex(bytes)}"` : `{ ${inner} }`;
}

function printableText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return /^[^\p{Cc}\p{Cn}]*$/u.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

function readVarint(cursor: Cursor): bigint | undefined {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    if (cursor.offset >= cursor.bytes.length) return undefined;
    const byte = cursor.bytes[cursor.offset++];
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt.asUintN(64, value);
  }
  return undefined;
}

function readFixed(cursor: Cursor, length: number): string | undefined {
  const bytes = take(cursor, length);
  return bytes === undefined ? undefined : `0x${toHex(bytes.slice().reverse())}`;
}

function take(cursor: Cursor, length: number): Uint8Array | undefined {
  if (length > cursor.bytes.length - cursor.offset) return undefined;
  cursor.offset += length;
  return cursor.bytes.subarray(cursor.offset - length, cursor.offset);
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Spaces, colons and line ends are for the reader. Throws an Error that says what is wrong. */
export function parseHex(text: string): Uint8Array {
  const digits = text.replaceAll(/[\s:]/g, '');
  if (!/^(?:[0-9a-f]{2})*$/i.test(digits)) throw new Error('hex: pairs of 0-9 a-f');
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The reverse of `decodeProtobufText`. Throws an Error that says where the text is wrong. */
export function parseProtobufText(text: string): Uint8Array {
  const source = { text: text.trim(), offset: 0 };
  const bytes = parseFields(source, false);
  return Uint8Array.from(bytes);
}

interface Source {
  text: string;
  offset: number;
}

function parseFields(source: Source, nested: boolean): number[] {
  const bytes: number[] = [];
  for (;;) {
    skipSpace(source);
    if (source.offset >= source.text.length && !nested) return bytes;
    if (nested && source.text[source.offset] === '}') {
      source.offset++;
      return bytes;
    }
    const number = match(source, /(\d+)\s*:?\s*/y, 'a field number');
    bytes.push(...parseValue(source, BigInt(number)));
  }
}

function parseValue(source: Source, number: bigint): number[] {
  const start = source.text[source.offset];
  if (start === '{') {
    source.offset++;
    const inner = parseFields(source, true);
    return [...tag(number, WIRE.bytes), ...varint(BigInt(inner.length)), ...inner];
  }
  if (start === '"') return lengthDelimited(number, new TextEncoder().encode(parseString(source)));
  if (start === 'h')
    return lengthDelimited(number, parseHex(match(source, /h"([0-9a-fA-F\s]*)"/y, 'h"hex"')));
  if (source.text.startsWith('0x', source.offset)) return parseFixed(source, number);
  const value = BigInt(match(source, /(-?\d+)/y, 'a value'));
  return [...tag(number, WIRE.varint), ...varint(BigInt.asUintN(64, value))];
}

function parseString(source: Source): string {
  const value: unknown = JSON.parse(match(source, /("(?:[^"\\]|\\.)*")/y, 'a closing quote'));
  return String(value);
}

function parseFixed(source: Source, number: bigint): number[] {
  const digits = match(source, /0x([0-9a-fA-F]+)/y, 'hex digits');
  if (digits.length !== 8 && digits.length !== 16) throw new Error(`0x${digits}: 8 or 16 digits`);
  const wire = digits.length === 8 ? WIRE.fixed32 : WIRE.fixed64;
  return [...tag(number, wire), ...parseHex(digits).reverse()];
}

function lengthDelimited(number: bigint, bytes: Uint8Array): number[] {
  return [...tag(number, WIRE.bytes), ...varint(BigInt(bytes.length)), ...bytes];
}

function tag(number: bigint, wire: number): number[] {
  return varint((number << 3n) | BigInt(wire));
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}

function skipSpace(source: Source): void {
  while (/[\s,;]/.test(source.text[source.offset] ?? '')) source.offset++;
}

function match(source: Source, pattern: RegExp, expected: string): string {
  pattern.lastIndex = source.offset;
  const found = pattern.exec(source.text);
  if (found === null) {
    const rest = source.text.slice(source.offset, source.offset + 12);
    throw new Error(`protobuf text: ${expected} expected at "${rest}"`);
  }
  source.offset = pattern.lastIndex;
  return found[1];
}
