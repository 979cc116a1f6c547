import { encodeFrame } from './server-frame.ts';

/** A connection with frames to write. */
export interface BatchedWriter {
  /** Writes what is pending. Called once per `schedule`; nothing may be pending any more. */
  flushScheduled(): void;
}

/**
 * One per listener: writes the frames of all its connections once per turn of the event loop, after the sockets
 * that were readable in this turn have been read.
 */
export class WriteBatcher {
  #waiting: BatchedWriter[] = [];
  #spare: BatchedWriter[] = [];
  #sharedFrame: Uint8Array | undefined;
  #sharedBytes: Buffer | undefined;
  readonly #run = () => this.#flush();

  /** The caller sees to it that a writer waits once only. */
  schedule(writer: BatchedWriter): void {
    if (this.#waiting.push(writer) === 1) setImmediate(this.#run);
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

  #flush(): void {
    const writers = this.#waiting;
    this.#waiting = this.#spare;
    for (const writer of writers) writer.flushScheduled();
    writers.length = 0;
    this.#spare = writers;
    this.#sharedFrame = undefined;
    this.#sharedBytes = undefined;
  }
}
