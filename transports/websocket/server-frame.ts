/**
 * The bytes of a server's WebSocket frames (RFC 6455 section 5.2): one binary message each, final, unmasked.
 *
 * They are built here and not by ws, so that the frames of one tick leave as one buffer in one write, and so that a
 * frame sent to many connections is built once.
 */

const FINAL_BINARY = 0x82;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** Bytes in front of a payload of `length` bytes: 2, 4 or 10. */
export function frameHeaderBytes(length: number): number {
  if (length < LENGTH_16) return 2;
  return length < 0x1_0000 ? 4 : 10;
}

/** Writes the header of a payload of `length` bytes (below 2^32) and returns the offset behind it. */
export function writeFrameHeader(target: Buffer, offset: number, length: number): number {
  target[offset] = FINAL_BINARY;
  if (length < LENGTH_16) {
    target[offset + 1] = length;
    return offset + 2;
  }
  if (length < 0x1_0000) {
    target[offset + 1] = LENGTH_16;
    target[offset + 2] = length >>> 8;
    target[offset + 3] = length & 0xff;
    return offset + 4;
  }
  target[offset + 1] = LENGTH_64;
  target.writeUInt32BE(0, offset + 2);
  target.writeUInt32BE(length, offset + 6);
  return offset + 10;
}

/** Header and payload in a new buffer. */
export function encodeFrame(payload: Uint8Array): Buffer {
  const encoded = Buffer.allocUnsafe(frameHeaderBytes(payload.length) + payload.length);
  encoded.set(payload, writeFrameHeader(encoded, 0, payload.length));
  return encoded;
}

/** The header alone, for a payload that is written without a copy. */
export function encodeFrameHeader(length: number): Buffer {
  const header = Buffer.allocUnsafe(frameHeaderBytes(length));
  writeFrameHeader(header, 0, length);
  return header;
}

/** `first` and `more` with their headers in one new buffer of `bytes` bytes, which the caller has summed. */
export function encodeFrames(first: Uint8Array, more: readonly Uint8Array[], bytes: number): Buffer {
  const encoded = Buffer.allocUnsafe(bytes);
  let offset = appendFrame(encoded, 0, first);
  for (const payload of more) offset = appendFrame(encoded, offset, payload);
  return encoded;
}

function appendFrame(target: Buffer, offset: number, payload: Uint8Array): number {
  const start = writeFrameHeader(target, offset, payload.length);
  target.set(payload, start);
  return start + payload.length;
}
