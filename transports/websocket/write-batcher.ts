import { type Flushable, FlushList } from '../flush-list.ts';
import { encodeFrame } from './server-frame.ts';

/** One per listener: writes the frames of all its connections once per turn, and builds a shared frame once. */
export class WriteBatcher {
  readonly #list = new FlushList(() => this.#forgetShared());
  #sharedFrame: Uint8Array | undefined;
  #sharedBytes: Buffer | undefined;

  /** The caller sees to it that a connection waits once only. */
  schedule(connection: Flushable): void {
    this.#list.add(connection);
  }

  /**
   * `frame` as it goes onto the wire. The last one is kept for the rest of the turn: a frame that fans out to many
   * connections is built once and shared by their sockets, which only read it.
   */
  encode(frame: Uint8Array): Buffer {
    if (frame === this.#sharedFrame && this.#sharedBytes !== undefined) return this.#sharedBytes;
    const bytes = encodeFrame(frame);
    this.#sharedFrame = frame;
    this.#sharedBytes = bytes;
    return bytes;
  }

  #forgetShared(): void {
    this.#sharedFrame = undefined;
    this.#sharedBytes = undefined;
  }
}
