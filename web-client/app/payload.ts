/** Payloads of the demo: protobuf by hand, because these few fields are all there is. */

export const GAME = 'demo';

/** Message ids of game `demo`. The demo backend relays 1100-1199 to everyone and echoes the others. */
export const MSG = { chat: 2001, game: 1001, probe: 1099, position: 1101, burst: 1102 } as const;

export interface DemoMessage {
  /** 1, int64. */
  user: number;
  /** 3. */
  text?: string;
  /** 4, varint: counts up per sender. */
  number?: number;
  /** 5, double: `performance.now()` of the sending page. */
  sentAtMs?: number;
  /** 6 and 7, varint: 0 to 9999 across the arena. */
  x?: number;
  y?: number;
  /** 8, varint: names the page that sent it. */
  page?: number;
}

const TAG = {
  user: 0x08,
  game: 0x12,
  text: 0x1a,
  number: 0x20,
  sentAtMs: 0x29,
  x: 0x30,
  y: 0x38,
  page: 0x40,
  padding: 0x7a,
} as const;
const TEXT = new TextEncoder();

/** Padded (field 15) to `bytes` where that is more. */
export function encodeDemo(message: DemoMessage, bytes = 0): Uint8Array {
  const out: number[] = [TAG.user, ...varint(message.user), TAG.game, ...lengthed(TEXT.encode(GAME))];
  if (message.text !== undefined) out.push(TAG.text, ...lengthed(TEXT.encode(message.text)));
  if (message.number !== undefined) out.push(TAG.number, ...varint(message.number));
  if (message.sentAtMs !== undefined) out.push(TAG.sentAtMs, ...double(message.sentAtMs));
  if (message.x !== undefined) out.push(TAG.x, ...varint(message.x));
  if (message.y !== undefined) out.push(TAG.y, ...varint(message.y));
  if (message.page !== undefined) out.push(TAG.page, ...varint(message.page));
  const room = bytes - out.length - 1;
  if (room > 1) out.push(TAG.padding, ...lengthed(new Uint8Array(room > 128 ? room - 2 : room - 1)));
  return Uint8Array.from(out);
}

/** Takes what `encodeDemo` writes, and stops at what it does not know. */
export function decodeDemo(payload: Uint8Array): DemoMessage {
  const message: DemoMessage = { user: 0 };
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  let offset = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let factor = 1; offset < payload.length; factor *= 128) {
      const byte = payload[offset++];
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
    }
    return value;
  };
  const readBytes = (): Uint8Array => {
    const length = readVarint();
    offset += length;
    return payload.subarray(offset - length, offset);
  };
  while (offset < payload.length) {
    const tag = payload[offset++];
    if (tag === TAG.user) message.user = readVarint();
    else if (tag === TAG.text) message.text = new TextDecoder().decode(readBytes());
    else if (tag === TAG.game || tag === TAG.padding) readBytes();
    else if (tag === TAG.number) message.number = readVarint();
    else if (tag === TAG.x) message.x = readVarint();
    else if (tag === TAG.y) message.y = readVarint();
    else if (tag === TAG.page) message.page = readVarint();
    else if (tag === TAG.sentAtMs && offset + 8 <= payload.length) {
      message.sentAtMs = view.getFloat64(offset, true);
      offset += 8;
    } else break;
  }
  return message;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return [...bytes, rest];
}

function lengthed(bytes: Uint8Array): number[] {
  return [...varint(bytes.length), ...bytes];
}

function double(value: number): number[] {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return [...bytes];
}
