import { ProtoCursor, WIRE } from './proto-cursor.ts';

const USER_ID = 1;
const GAME_ID = 2;

/**
 * Takes `user_id` (field 1, int64) and `game_id` (field 2, string) out of a game's payload by field number, without
 * decoding the rest (DESIGN.md section 2). One reader is reused for every payload of its owner; `read` overwrites the
 * fields and allocates nothing.
 */
export class PayloadFields {
  hasUserId = false;
  /** Words of the int64, unsigned, two's complement; 0 where absent. */
  userIdLow = 0;
  userIdHigh = 0;
  hasGameId = false;
  /** The string's UTF-8 bytes are `bytes[gameIdStart, gameIdEnd)` of what was read; not checked to be UTF-8. */
  gameIdStart = 0;
  gameIdEnd = 0;
  readonly #cursor = new ProtoCursor();

  /**
   * Reads from `start` until both fields are found, or to the end. A field of another wire type than its own counts
   * as absent. Returns false for bytes that are not protobuf up to there; the fields then hold what came before.
   *
   * Bytes behind the second field are not looked at: a sender may repeat a field there, and a backend's parser takes
   * the last. Where the fields decide what a client may do, `readAll` is the one to use.
   */
  read(bytes: Uint8Array, start = 0): boolean {
    return this.#read(bytes, start, true);
  }

  /** As `read`, but to the end of the payload, and the last of repeated fields wins, as in protobuf parsers. */
  readAll(bytes: Uint8Array, start = 0): boolean {
    return this.#read(bytes, start, false);
  }

  #read(bytes: Uint8Array, start: number, stopEarly: boolean): boolean {
    this.#clear();
    const cursor = this.#cursor;
    cursor.reset(bytes, start, bytes.length);
    while (cursor.nextField()) {
      if (!this.#take(cursor)) return false;
      if (stopEarly && this.hasUserId && this.hasGameId) return true;
    }
    return cursor.fault === '';
  }

  #take(cursor: ProtoCursor): boolean {
    if (cursor.field === USER_ID && cursor.wireType === WIRE.varint) {
      if (!cursor.readVarint()) return false;
      this.hasUserId = true;
      this.userIdLow = cursor.low;
      this.userIdHigh = cursor.high;
      return true;
    }
    if (cursor.field !== GAME_ID || cursor.wireType !== WIRE.bytes) return cursor.skip();
    if (!cursor.readLength()) return false;
    this.hasGameId = true;
    this.gameIdStart = cursor.offset;
    this.gameIdEnd = cursor.offset + cursor.low;
    cursor.offset = this.gameIdEnd;
    return true;
  }

  #clear(): void {
    this.hasUserId = false;
    this.userIdLow = 0;
    this.userIdHigh = 0;
    this.hasGameId = false;
    this.gameIdStart = 0;
    this.gameIdEnd = 0;
  }
}
