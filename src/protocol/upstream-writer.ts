/** Tags of the fields of Upstream and UpstreamBatch (proto/gateway.proto): field number << 3 | wire type. */
const TAG = {
  message: 0x0a,
  gatewayId: 0x0a,
  sessionId: 0x12,
  userId: 0x18,
  transport: 0x22,
  seq: 0x28,
  route: 0x30,
  msgId: 0x38,
  receivedAtMs: 0x40,
  gameId: 0x4a,
  payload: 0x52,
  latest: 0x58,
} as const;

const SLAB_BYTES = 65_536;
const HIGH_UNIT = 0x1_0000_0000;
/** The largest tag and length in front of a message. */
const MESSAGE_HEAD_BYTES_MAX = 6;
/** Up to here a loop copies faster than `TypedArray.set`, which has to cross into the engine. */
const LOOP_COPY_BYTES_MAX = 16;

/** What stays the same for every frame of a session until its user changes. */
export interface UpstreamIdentity {
  readonly gatewayId: string;
  /** Snowflake, decimal. */
  readonly sessionId: string;
  /** Words of the int64 user id, two's complement; both 0: not bound. */
  readonly userIdLow: number;
  readonly userIdHigh: number;
  readonly transport: string;
}

/** One frame on its way to a backend. Mutable: the caller fills and reuses one object. */
export interface UpstreamEntry {
  /** From `encodeUpstreamPrefix`. */
  prefix: Uint8Array;
  /** The client's, u32. */
  seq: number;
  route: number;
  msgId: number;
  /** Unix ms, a safe integer. */
  receivedAtMs: number;
  latest: boolean;
  /** Copied; may be a view that is valid during the call only. */
  payload: Uint8Array;
}

/** Encodes fields 1 to 4 of Upstream once per session binding; default values are left out, as in proto3. */
export function encodeUpstreamPrefix(identity: UpstreamIdentity): Uint8Array {
  const encoder = new TextEncoder();
  const gatewayId = encoder.encode(identity.gatewayId);
  const sessionId = encoder.encode(identity.sessionId);
  const transport = encoder.encode(identity.transport);
  const low = identity.userIdLow >>> 0;
  const high = identity.userIdHigh >>> 0;
  const prefix = new Uint8Array(
    fieldBytes(gatewayId.length) + fieldBytes(sessionId.length) + fieldBytes(transport.length) + 11,
  );
  let offset = writeBytesField(prefix, 0, TAG.gatewayId, gatewayId);
  offset = writeBytesField(prefix, offset, TAG.sessionId, sessionId);
  if (low !== 0 || high !== 0) {
    prefix[offset] = TAG.userId;
    offset = writeVarint64(prefix, offset + 1, low, high);
  }
  offset = writeBytesField(prefix, offset, TAG.transport, transport);
  return prefix.slice(0, offset);
}

/**
 * Builds the UpstreamBatch of one topic, frame by frame, with no allocation per frame.
 *
 * Batches are cut one after another from slabs of 64 KiB: a small batch costs no buffer of its own, and a finished one
 * keeps its slab alive. A batch that outgrows its slab moves to a larger one. There is no limit here: the owner looks
 * at `count` and `bytes`.
 */
export class UpstreamBatchWriter {
  readonly #gameIdField: Uint8Array;
  #slab = new Uint8Array(0);
  #start = 0;
  #offset = 0;
  #count = 0;

  /** `gameId` goes into every message; empty: the field is absent. */
  constructor(gameId: string) {
    const bytes = new TextEncoder().encode(gameId);
    const field = new Uint8Array(fieldBytes(bytes.length));
    this.#gameIdField = field.slice(0, writeBytesField(field, 0, TAG.gameId, bytes));
  }

  /** Messages in the batch so far. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of the batch so far. */
  get bytes(): number {
    return this.#offset - this.#start;
  }

  /** Appends one message; everything of `entry` is copied. */
  append(entry: UpstreamEntry): void {
    const { prefix, payload, receivedAtMs } = entry;
    const seq = entry.seq >>> 0;
    const timeLow = receivedAtMs >>> 0;
    const timeHigh = Math.floor(receivedAtMs / HIGH_UNIT) >>> 0;
    const gameId = this.#gameIdField;
    const length =
      prefix.length +
      gameId.length +
      4 +
      varint32Bytes(seq) +
      varint32Bytes(entry.route) +
      varint32Bytes(entry.msgId) +
      varint64Bytes(timeLow, timeHigh) +
      (payload.length === 0 ? 0 : fieldBytes(payload.length)) +
      (entry.latest ? 2 : 0);
    this.#reserve(MESSAGE_HEAD_BYTES_MAX + length);

    const slab = this.#slab;
    let offset = this.#offset;
    slab[offset] = TAG.message;
    offset = writeVarint32(slab, offset + 1, length);
    offset = copy(slab, offset, prefix);
    slab[offset] = TAG.seq;
    offset = writeVarint32(slab, offset + 1, seq);
    slab[offset] = TAG.route;
    offset = writeVarint32(slab, offset + 1, entry.route);
    slab[offset] = TAG.msgId;
    offset = writeVarint32(slab, offset + 1, entry.msgId);
    slab[offset] = TAG.receivedAtMs;
    offset = writeVarint64(slab, offset + 1, timeLow, timeHigh);
    offset = copy(slab, offset, gameId);
    offset = writeBytesField(slab, offset, TAG.payload, payload);
    if (entry.latest) {
      slab[offset] = TAG.latest;
      slab[offset + 1] = 1;
      offset += 2;
    }
    this.#offset = offset;
    this.#count += 1;
  }

  /** Gives the batch away and starts an empty one. The bytes are a view of memory that is not written again. */
  finish(): Uint8Array {
    const batch = this.#slab.subarray(this.#start, this.#offset);
    this.#start = this.#offset;
    this.#count = 0;
    return batch;
  }

  #reserve(bytes: number): void {
    if (this.#slab.length - this.#offset >= bytes) return;
    const used = this.#offset - this.#start;
    const slab = new Uint8Array(Math.max(SLAB_BYTES, 2 * used + bytes));
    slab.set(this.#slab.subarray(this.#start, this.#offset));
    this.#slab = slab;
    this.#start = 0;
    this.#offset = used;
  }
}

/** Bytes of a length-delimited field with a one-byte tag. */
function fieldBytes(length: number): number {
  return 1 + varint32Bytes(length) + length;
}

function varint32Bytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}

function varint64Bytes(low: number, high: number): number {
  if (high === 0) return varint32Bytes(low);
  if (high < 0x8) return 5;
  if (high < 0x400) return 6;
  if (high < 0x2_0000) return 7;
  if (high < 0x100_0000) return 8;
  return high < 0x8000_0000 ? 9 : 10;
}

function writeVarint32(target: Uint8Array, start: number, value: number): number {
  let offset = start;
  let rest = value;
  while (rest >= 0x80) {
    target[offset++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[offset] = rest;
  return offset + 1;
}

function writeVarint64(target: Uint8Array, start: number, low: number, high: number): number {
  if (high === 0) return writeVarint32(target, start, low);
  for (let index = 0; index < 4; index += 1) target[start + index] = ((low >>> (7 * index)) & 0x7f) | 0x80;
  const middle = (low >>> 28) | ((high & 0x7) << 4);
  if (high < 0x8) {
    target[start + 4] = middle;
    return start + 5;
  }
  target[start + 4] = middle | 0x80;
  return writeVarint32(target, start + 5, high >>> 3);
}

/** Leaves an empty field out. */
function writeBytesField(target: Uint8Array, start: number, tag: number, bytes: Uint8Array): number {
  if (bytes.length === 0) return start;
  target[start] = tag;
  return copy(target, writeVarint32(target, start + 1, bytes.length), bytes);
}

function copy(target: Uint8Array, start: number, bytes: Uint8Array): number {
  const { length } = bytes;
  if (length > LOOP_COPY_BYTES_MAX) target.set(bytes, start);
  else for (let index = 0; index < length; index += 1) target[start + index] = bytes[index];
  return start + length;
}
