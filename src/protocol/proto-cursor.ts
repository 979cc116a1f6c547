/** Wire types (protobuf encoding guide, "Message structure"); groups (3, 4) are refused. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const VARINT_BYTES_MAX = 10;
const EMPTY = new Uint8Array(0);

/**
 * Reads protobuf fields in place, bound to a window of bytes that it never leaves. One cursor is reused for many
 * messages. A method that returns false has met malformed bytes: `fault` says what, and the cursor is of no use until
 * the next `reset`. Nothing throws and nothing is allocated.
 */
export class ProtoCursor {
  bytes: Uint8Array = EMPTY;
  offset = 0;
  end = 0;
  /** Field number and wire type of the last `nextField`. */
  field = 0;
  wireType = 0;
  /** Words of the last varint, unsigned. After `readLength`, `low` is the length. */
  low = 0;
  high = 0;
  fault = '';

  /** Points the cursor at `bytes[start, end)`. */
  reset(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.offset = start;
    this.end = end;
    this.fault = '';
  }

  /** Steps to the next field. False at the end, and where the tag is malformed (`fault` is set then). */
  nextField(): boolean {
    if (this.offset >= this.end) return false;
    if (!this.readVarint()) return false;
    this.field = this.low >>> 3;
    this.wireType = this.low & 7;
    if (this.field === 0 || this.high !== 0) return this.fail('invalid field number');
    return true;
  }

  /** Reads a varint of up to 64 bits into `low` and `high`; bits above are dropped, as protobuf parsers do. */
  readVarint(): boolean {
    const { bytes, end } = this;
    let offset = this.offset;
    if (offset < end && bytes[offset] < 0x80) {
      this.low = bytes[offset];
      this.high = 0;
      this.offset = offset + 1;
      return true;
    }
    let low = 0;
    let high = 0;
    const stop = Math.min(end, offset + VARINT_BYTES_MAX);
    for (let shift = 0; offset < stop; shift += 7) {
      const byte = bytes[offset++];
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) {
        this.low = low >>> 0;
        this.high = high >>> 0;
        this.offset = offset;
        return true;
      }
    }
    return this.fail('varint cut short or too long');
  }

  /** Reads the length of a length-delimited field into `low`; the contents lie whole inside the window. */
  readLength(): boolean {
    if (!this.readVarint()) return false;
    if (this.high !== 0 || this.low > this.end - this.offset) return this.fail('length passes the end');
    return true;
  }

  /** Steps over the value of the current field. */
  skip(): boolean {
    switch (this.wireType) {
      case WIRE.varint:
        return this.readVarint();
      case WIRE.fixed64:
        return this.#advance(8);
      case WIRE.bytes:
        return this.readLength() && this.#advance(this.low);
      case WIRE.fixed32:
        return this.#advance(4);
      default:
        return this.fail('unsupported wire type');
    }
  }

  /** Records what is malformed. Always false, for `return cursor.fail(...)`. */
  fail(fault: string): false {
    this.fault = fault;
    return false;
  }

  #advance(count: number): boolean {
    if (count > this.end - this.offset) return this.fail('value passes the end');
    this.offset += count;
    return true;
  }
}
