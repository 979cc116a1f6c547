import { LENGTH_PREFIX_BYTES } from './batch.ts';
import { readUint32, writeUint32 } from './header.ts';

/**
 * Cuts a byte stream into length-prefixed frames, however the stream is split.
 *
 * The length is checked against `frameBytesMax` as soon as its four bytes are there, before memory for the frame is
 * taken. A frame that lies whole in a chunk is handed over as a view of that chunk; a split one is gathered in a
 * buffer of exactly its size. Views are valid during the call only.
 */
export class StreamFramer {
  /** Bytes, header included. May be raised or lowered between chunks; applies to the next length prefix. */
  frameBytesMax: number;
  readonly #onFrame: (frame: Uint8Array) => void;
  readonly #prefix = new Uint8Array(LENGTH_PREFIX_BYTES);
  #prefixFilled = 0;
  #partial: Uint8Array | undefined;
  #partialFilled = 0;

  constructor(frameBytesMax: number, onFrame: (frame: Uint8Array) => void) {
    this.frameBytesMax = frameBytesMax;
    this.#onFrame = onFrame;
  }

  /**
   * Takes the next bytes. Returns undefined, or the length that broke the limit: the stream cannot be read further
   * then, and the caller ends the link.
   */
  push(chunk: Uint8Array): number | undefined {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#partial !== undefined) {
        offset = this.#fillPartial(this.#partial, chunk, offset);
        continue;
      }
      if (this.#prefixFilled > 0 || chunk.length - offset < LENGTH_PREFIX_BYTES) {
        this.#prefix[this.#prefixFilled++] = chunk[offset++];
        if (this.#prefixFilled < LENGTH_PREFIX_BYTES) continue;
        this.#prefixFilled = 0;
        const length = readUint32(this.#prefix, 0);
        if (length > this.frameBytesMax) return length;
        offset = this.#take(length, chunk, offset);
        continue;
      }
      const length = readUint32(chunk, offset);
      if (length > this.frameBytesMax) return length;
      offset = this.#take(length, chunk, offset + LENGTH_PREFIX_BYTES);
    }
    return undefined;
  }

  /** Bytes held for a frame that is not whole yet. */
  get pendingBytes(): number {
    return this.#prefixFilled + this.#partialFilled;
  }

  #take(length: number, chunk: Uint8Array, offset: number): number {
    if (chunk.length - offset >= length) {
      this.#onFrame(chunk.subarray(offset, offset + length));
      return offset + length;
    }
    this.#partial = new Uint8Array(length);
    this.#partialFilled = 0;
    return offset;
  }

  #fillPartial(partial: Uint8Array, chunk: Uint8Array, offset: number): number {
    const taken = Math.min(partial.length - this.#partialFilled, chunk.length - offset);
    partial.set(chunk.subarray(offset, offset + taken), this.#partialFilled);
    this.#partialFilled += taken;
    if (this.#partialFilled < partial.length) return offset + taken;
    this.#partial = undefined;
    this.#partialFilled = 0;
    this.#onFrame(partial);
    return offset + taken;
  }
}

/** Returns one chunk of all `frames`, each behind its length, for a single stream write. */
export function encodeStreamChunk(frames: readonly Uint8Array[]): Uint8Array {
  let bytes = 0;
  for (const frame of frames) bytes += LENGTH_PREFIX_BYTES + frame.length;
  const chunk = new Uint8Array(bytes);
  let offset = 0;
  for (const frame of frames) {
    writeUint32(chunk, offset, frame.length);
    chunk.set(frame, offset + LENGTH_PREFIX_BYTES);
    offset += LENGTH_PREFIX_BYTES + frame.length;
  }
  return chunk;
}
