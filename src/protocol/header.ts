/**
 * The 8-byte frame header, big-endian: `seq u32 | route u8 | flags u8 | msgId u16` (DESIGN.md section 2).
 *
 * Readers take the frame and an offset and return numbers: nothing is allocated on the receive path. They do not
 * check bounds; callers check `HEADER_BYTES` once per frame.
 */
export const HEADER_BYTES = 8;

export const ROUTE = { chat: 1, game: 2, system: 3 } as const;
/** By route number; 0 stands for every number that is no route. */
export const ROUTE_NAMES: readonly string[] = ['unknown', 'chat', 'game', 'system'];

export const FLAG = {
  response: 0x01,
  error: 0x02,
  latest: 0x04,
  ackRequested: 0x08,
  ack: 0x10,
  batch: 0x20,
} as const;
/** Bits that version 1 does not define; a frame that sets one is answered with `RESERVED_FLAG`. */
export const FLAGS_RESERVED = 0xc0;

export const SEQ_MODULUS = 0x1_0000_0000;
export const MSG_ID_MAX = 0xffff;

export function readSeq(bytes: Uint8Array, offset = 0): number {
  return (
    ((bytes[offset] << 24) | (bytes[offset + 1] << 16) | (bytes[offset + 2] << 8) | bytes[offset + 3]) >>> 0
  );
}

export function readRoute(bytes: Uint8Array, offset = 0): number {
  return bytes[offset + 4];
}

export function readFlags(bytes: Uint8Array, offset = 0): number {
  return bytes[offset + 5];
}

export function readMsgId(bytes: Uint8Array, offset = 0): number {
  return (bytes[offset + 6] << 8) | bytes[offset + 7];
}

export interface Header {
  seq: number;
  route: number;
  flags: number;
  msgId: number;
}

/** Decodes a header into an object. For clients, tests and logs; the gateway's receive path reads single fields. */
export function readHeader(bytes: Uint8Array, offset = 0): Header {
  return {
    seq: readSeq(bytes, offset),
    route: readRoute(bytes, offset),
    flags: readFlags(bytes, offset),
    msgId: readMsgId(bytes, offset),
  };
}

export function writeUint32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 24;
  bytes[offset + 1] = value >>> 16;
  bytes[offset + 2] = value >>> 8;
  bytes[offset + 3] = value;
}

export function readUint32(bytes: Uint8Array, offset: number): number {
  return readSeq(bytes, offset);
}

export function writeHeader(bytes: Uint8Array, offset: number, header: Header): void {
  writeUint32(bytes, offset, header.seq);
  bytes[offset + 4] = header.route;
  bytes[offset + 5] = header.flags;
  bytes[offset + 6] = header.msgId >>> 8;
  bytes[offset + 7] = header.msgId;
}

/** Returns a new frame: the header followed by a copy of `payload` (none: an empty payload). */
export function encodeFrame(header: Header, payload?: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + (payload?.length ?? 0));
  writeHeader(frame, 0, header);
  if (payload !== undefined) frame.set(payload, HEADER_BYTES);
  return frame;
}

/** The payload as a view of the frame's memory: valid as long as the frame is. */
export function payloadOf(frame: Uint8Array): Uint8Array {
  return frame.subarray(HEADER_BYTES);
}
