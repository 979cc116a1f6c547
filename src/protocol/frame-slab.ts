import { encodeFrame, HEADER_BYTES, type Header, writeHeader } from './header.ts';

/**
 * Larger ones gain little, and smaller ones bound what a frame that waits for a slow client keeps alive: its slab at
 * most, whoever the neighbours were for.
 */
const SLAB_BYTES = 4096;
/** A larger frame gets memory of its own, so that at most a quarter of a slab is left unused at its end. */
const SLAB_FRAME_BYTES_MAX = SLAB_BYTES / 4;

/**
 * Encodes frames one after another into slabs of 4 KiB. A typed array of more than 64 bytes has its memory outside the
 * heap, at several times the cost of a view; a frame of up to 1 KiB is a view here. No byte is written twice.
 */
export class FrameSlab {
  #slab = new Uint8Array(0);
  #offset = 0;

  /** As `encodeFrame`: the header followed by a copy of `payload`. The frame is the caller's. */
  encode(header: Header, payload: Uint8Array): Uint8Array {
    const bytes = HEADER_BYTES + payload.length;
    if (bytes > SLAB_FRAME_BYTES_MAX) return encodeFrame(header, payload);
    if (this.#slab.length - this.#offset < bytes) {
      this.#slab = new Uint8Array(SLAB_BYTES);
      this.#offset = 0;
    }
    const frame = this.#slab.subarray(this.#offset, this.#offset + bytes);
    this.#offset += bytes;
    writeHeader(frame, 0, header);
    frame.set(payload, HEADER_BYTES);
    return frame;
  }
}
