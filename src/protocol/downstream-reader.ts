import { ProtoCursor, WIRE } from './proto-cursor.ts';
import { PushMessage, type UserIdList } from './push-message.ts';
import { type UserKey, userKey } from './user-id.ts';

/** Takes what a DownstreamBatch holds, in order. Views and the message are valid during the call only. */
export interface DownstreamVisitor {
  onMessage(message: PushMessage): void;
  /** An encoded GroupChange, for the generated code: rare, and not checked here. */
  onGroupChange(encoded: Uint8Array): void;
  /** An encoded DisconnectRequest. */
  onDisconnectRequest(encoded: Uint8Array): void;
}

const BATCH_ITEM = 1;
const BODY = { none: 0, message: 1, group: 2, disconnect: 3 } as const;
const LANE_MAX = 4;
/** Up to here a string of ASCII is put together faster than TextDecoder starts. */
const SHORT_TEXT_BYTES = 48;

/**
 * Reads DownstreamBatch (proto/gateway.proto) in place. One reader is reused for every batch of its owner. Unknown
 * fields are skipped, repeated int64 may be packed or not, the last of a single field wins, and a message that comes in
 * pieces is merged, as protobuf asks.
 */
export class DownstreamReader {
  readonly #message = new PushMessage();
  readonly #batch = new ProtoCursor();
  readonly #item = new ProtoCursor();
  readonly #body = new ProtoCursor();
  readonly #packed = new ProtoCursor();
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #codes: number[] = [];
  #bodyKind: number = BODY.none;
  #bodyStart = 0;
  #bodyEnd = 0;

  /**
   * Hands each item to `visitor`. Returns undefined, or what is malformed: the items before it have been handed over
   * by then, and nothing after it is read.
   */
  read(bytes: Uint8Array, visitor: DownstreamVisitor): string | undefined {
    const batch = this.#batch;
    batch.reset(bytes, 0, bytes.length);
    while (batch.nextField()) {
      if (batch.field !== BATCH_ITEM || batch.wireType !== WIRE.bytes) {
        if (!batch.skip()) break;
        continue;
      }
      if (!batch.readLength()) break;
      const end = batch.offset + batch.low;
      if (!this.#readItem(bytes, batch.offset, end)) return this.#item.fault || this.#body.fault;
      batch.offset = end;
      this.#handOver(bytes, visitor);
    }
    return batch.fault === '' ? undefined : batch.fault;
  }

  #handOver(bytes: Uint8Array, visitor: DownstreamVisitor): void {
    if (this.#bodyKind === BODY.message) visitor.onMessage(this.#message);
    if (this.#bodyKind === BODY.group) {
      visitor.onGroupChange(bytes.subarray(this.#bodyStart, this.#bodyEnd));
    }
    if (this.#bodyKind === BODY.disconnect) {
      visitor.onDisconnectRequest(bytes.subarray(this.#bodyStart, this.#bodyEnd));
    }
  }

  #readItem(bytes: Uint8Array, start: number, end: number): boolean {
    this.#bodyKind = BODY.none;
    const item = this.#item;
    item.reset(bytes, start, end);
    this.#body.fault = '';
    while (item.nextField()) {
      if (item.field > BODY.disconnect || item.wireType !== WIRE.bytes) {
        if (!item.skip()) return false;
        continue;
      }
      if (!item.readLength()) return false;
      if (item.field === BODY.message && this.#bodyKind !== BODY.message) this.#message.clear();
      this.#bodyKind = item.field;
      this.#bodyStart = item.offset;
      this.#bodyEnd = item.offset + item.low;
      item.offset = this.#bodyEnd;
      if (item.field === BODY.message && !this.#readMessage(bytes)) return false;
    }
    return item.fault === '';
  }

  #readMessage(bytes: Uint8Array): boolean {
    const body = this.#body;
    body.reset(bytes, this.#bodyStart, this.#bodyEnd);
    while (body.nextField()) {
      const taken =
        body.wireType === WIRE.bytes
          ? body.readLength() && this.#takeBytes(body.field, body.low)
          : body.wireType === WIRE.varint
            ? body.readVarint() && this.#takeNumber(body.field)
            : body.skip();
      if (!taken) return false;
    }
    return body.fault === '';
  }

  #takeBytes(field: number, length: number): boolean {
    const { bytes, offset } = this.#body;
    const end = offset + length;
    this.#body.offset = end;
    const message = this.#message;
    switch (field) {
      case 1:
        return this.#takePackedUserIds(message.targetUserIds, offset, end);
      case 2:
        message.targetSessionIds.push(this.#text(bytes, offset, end));
        break;
      case 3:
        message.group = this.#text(bytes, offset, end);
        break;
      case 5:
        message.excludeSessionIds.push(this.#text(bytes, offset, end));
        break;
      case 12:
        message.conflationKey = this.#text(bytes, offset, end);
        break;
      case 13:
        message.payload = bytes.subarray(offset, end);
        break;
    }
    return true;
  }

  #takePackedUserIds(ids: UserIdList, start: number, end: number): boolean {
    const packed = this.#packed;
    packed.reset(this.#body.bytes, start, end);
    while (packed.offset < end) {
      if (!packed.readVarint()) return this.#body.fail(packed.fault);
      ids.push(packed.low, packed.high);
    }
    return true;
  }

  #takeNumber(field: number): boolean {
    const { low, high } = this.#body;
    const message = this.#message;
    switch (field) {
      case 1:
        message.targetUserIds.push(low, high);
        break;
      case 4:
        message.everyone = low !== 0 || high !== 0;
        break;
      case 6:
        message.route = low;
        break;
      case 7:
        message.msgId = low;
        break;
      case 8:
        message.seq = low;
        break;
      case 9:
        message.response = low !== 0 || high !== 0;
        break;
      case 10:
        message.lane = low > LANE_MAX ? 0 : low;
        break;
      case 11:
        message.latest = low !== 0 || high !== 0;
        break;
    }
    return true;
  }

  /**
   * Bytes that are not UTF-8 become U+FFFD. A short string is made by one call: one put together from pieces would have
   * to be flattened before it can be looked up.
   */
  #text(bytes: Uint8Array, start: number, end: number): string {
    const length = end - start;
    if (length > SHORT_TEXT_BYTES) return this.#decoder.decode(bytes.subarray(start, end));
    const codes = this.#codes;
    codes.length = length;
    for (let index = 0; index < length; index += 1) {
      const code = bytes[start + index];
      if (code >= 0x80) return this.#decoder.decode(bytes.subarray(start, end));
      codes[index] = code;
    }
    return String.fromCharCode.apply(null, codes);
  }
}

const TARGET_USER_ID = 1;
const BATCH_TAG = (BATCH_ITEM << 3) | WIRE.bytes;

/**
 * Whether a message in the format `raw` is a DownstreamBatch of another gateway. Its items are bytes in the field where
 * a ChatResponse has a number, so no ChatResponse begins with the same byte, whatever its other fields are.
 */
export function isBatch(bytes: Uint8Array): boolean {
  return bytes[0] === BATCH_TAG;
}

/**
 * The target of a ChatResponse: format `raw`, where the message itself goes to that user's client whole. 0 where the
 * field is absent, undefined where the bytes are not protobuf.
 */
export function readChatResponse(bytes: Uint8Array): UserKey | undefined {
  const cursor = new ProtoCursor();
  cursor.reset(bytes, 0, bytes.length);
  let target: UserKey = 0;
  while (cursor.nextField()) {
    if (cursor.field === TARGET_USER_ID && cursor.wireType === WIRE.varint) {
      if (!cursor.readVarint()) return undefined;
      target = userKey(cursor.low, cursor.high);
    } else if (!cursor.skip()) return undefined;
  }
  return cursor.fault === '' ? target : undefined;
}
