import { LENGTH_PREFIX_BYTES } from '../../src/protocol/batch.ts';
import { encodeStreamChunk, StreamFramer } from '../../src/protocol/framer.ts';
import type { FlushList } from '../flush-list.ts';
import type { LibraryRead, LibraryReader, LibraryStream, LibraryWriter } from './library.ts';
import { nativeReading, onAcknowledged } from './native.ts';

/** What a control stream tells its owner. Called from promise callbacks, never from within `send`. */
export interface ControlStreamEvents {
  /** One whole frame; the view is valid during the call only. */
  onFrame(frame: Uint8Array): void;
  /** A length prefix above the limit: nothing more is read. */
  onFrameTooLarge(bytes: number): void;
  /** More than `unreadBytesMax` came while paused: nothing more is read. */
  onFlooded(): void;
  /** `send` returned false and there is room again. */
  onDrain(): void;
  /** The peer has finished or reset the stream, or stopped reading it. Once. */
  onEnd(): void;
  /** An event handler threw: a fault of ours. */
  onFault(error: unknown): void;
}

export interface ControlStreamOptions {
  /** The object behind `stream`, from `backingStream`. */
  readonly backing: object;
  readonly flushList: FlushList;
  readonly frameBytesMax: number;
  /** `send` returns false above this, in bytes. */
  readonly highWaterBytes: number;
  /** Bytes put aside while paused, where the library cannot be told to stop. */
  readonly unreadBytesMax: number;
}

/** So many bytes do not wait for the end of the tick. */
const PENDING_BYTES_MAX = 64 * 1024;

/**
 * The bidirectional stream that carries a connection's reliable frames, each behind its length as u32.
 *
 * All frames of a tick leave as one chunk, with one write in flight: the library resolves a write when quiche has
 * buffered it, and quiche takes a chunk while less than 8 KiB wait on the stream, so the bytes counted here are the
 * ones that the peer makes wait.
 */
export class ControlStream {
  readonly #events: ControlStreamEvents;
  readonly #options: ControlStreamOptions;
  readonly #framer: StreamFramer;
  readonly #reader: LibraryReader<Uint8Array>;
  readonly #writer: LibraryWriter;
  readonly #nativeReading: ReturnType<typeof nativeReading>;
  #frames: Uint8Array[] = [];
  #spareFrames: Uint8Array[] = [];
  #pendingBytes = 0;
  #inFlightBytes = 0;
  #scheduled = false;
  #wantsDrain = false;
  #reading = false;
  #paused = false;
  #unread: Uint8Array[] = [];
  #unreadBytes = 0;
  #ended = false;
  #deaf = false;
  #heard = false;
  #onFlushed: (() => void) | undefined;
  readonly #onRead = (result: LibraryRead<Uint8Array>) => this.#took(result);
  readonly #onWritten = () => this.#written();
  readonly #onBroken = () => this.#end();

  constructor(stream: LibraryStream, events: ControlStreamEvents, options: ControlStreamOptions) {
    this.#events = events;
    this.#options = options;
    this.#framer = new StreamFramer(options.frameBytesMax, (frame) => {
      if (!this.#deaf) this.#events.onFrame(frame);
    });
    this.#nativeReading = nativeReading(options.backing);
    this.#reader = stream.readable.getReader();
    this.#writer = stream.writable.getWriter();
    this.#reader.closed.catch(this.#onBroken);
    this.#writer.closed.catch(this.#onBroken);
  }

  /** Begins to read. Apart from the constructor, so that the owner has its handlers by the first frame. */
  start(): void {
    if (!this.#paused && !this.#deaf) this.#read();
  }

  get bufferedBytes(): number {
    return this.#pendingBytes + this.#inFlightBytes;
  }

  /** Whether bytes came since the last call, whole frames or not. */
  takeHeard(): boolean {
    const heard = this.#heard;
    this.#heard = false;
    return heard;
  }

  setFrameBytesMax(bytes: number): void {
    this.#framer.frameBytesMax = bytes;
  }

  /** Takes one frame. False: the owner should rest until `onDrain`. */
  send(frame: Uint8Array): boolean {
    if (this.#ended) return false;
    this.#frames.push(frame);
    this.#pendingBytes += LENGTH_PREFIX_BYTES + frame.length;
    if (this.#inFlightBytes === 0) {
      if (this.#pendingBytes >= PENDING_BYTES_MAX) this.flush();
      else if (!this.#scheduled) this.#schedule();
    }
    if (this.bufferedBytes <= this.#options.highWaterBytes) return true;
    this.#wantsDrain = true;
    return false;
  }

  /** For the flush list. */
  flush(): void {
    this.#scheduled = false;
    if (this.#ended || this.#inFlightBytes > 0 || this.#frames.length === 0) return;
    const frames = this.#frames;
    this.#frames = this.#spareFrames;
    this.#inFlightBytes = this.#pendingBytes;
    this.#pendingBytes = 0;
    const chunk = encodeStreamChunk(frames);
    frames.length = 0;
    this.#spareFrames = frames;
    this.#writer.write(chunk).then(this.#onWritten, this.#onBroken);
  }

  /** Stops reading: the peer's flow control window is not reopened, so it stops too. */
  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#nativeReading?.stopReading();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (this.#deaf || this.#ended) return;
    const unread = this.#unread;
    this.#unread = [];
    this.#unreadBytes = 0;
    for (const chunk of unread) {
      if (this.#paused) this.#putAside(chunk);
      else this.#deliver(chunk);
    }
    if (this.#paused) return;
    this.#read();
    // No read releases the brake for certain: only the first one asks the library for more.
    this.#nativeReading?.startReading();
  }

  /** Hears nothing more from the peer. What `send` has taken still goes. */
  mute(): void {
    this.#deaf = true;
    this.#unread = [];
    this.#nativeReading?.stopReading();
  }

  /**
   * Finishes the sending side behind what `send` has taken. Calls `done` once: when the peer has acknowledged all of
   * it, or where the library cannot tell, when it is buffered; or when the stream is broken. A peer that does not
   * read makes it wait for ever: the owner has a deadline.
   */
  finish(done: () => void): void {
    const once = () => {
      this.#onFlushed = undefined;
      done();
    };
    if (this.#ended) {
      once();
      return;
    }
    this.#onFlushed = once;
    this.flush();
    if (this.bufferedBytes === 0) this.#closeWriter();
  }

  onFlushFault(error: unknown): void {
    this.#events.onFault(error);
  }

  #closeWriter(): void {
    const acknowledged = () => this.#onFlushed?.();
    const tells = onAcknowledged(this.#options.backing, acknowledged);
    this.#writer.close().then(tells ? () => {} : acknowledged, this.#onBroken);
  }

  #schedule(): void {
    this.#scheduled = true;
    this.#options.flushList.add(this);
  }

  #written(): void {
    this.#inFlightBytes = 0;
    // The library resolves the writes of a stream that is gone too.
    if (this.#writer.desiredSize === null) this.#end();
    if (this.#ended) return;
    if (this.#pendingBytes > 0) this.flush();
    else if (this.#onFlushed !== undefined) this.#closeWriter();
    if (!this.#wantsDrain || this.bufferedBytes > this.#options.highWaterBytes) return;
    this.#wantsDrain = false;
    this.#guard(() => this.#events.onDrain());
  }

  #read(): void {
    if (this.#reading || this.#ended) return;
    this.#reading = true;
    this.#reader.read().then(this.#onRead, this.#onBroken);
  }

  #took({ done, value }: LibraryRead<Uint8Array>): void {
    this.#reading = false;
    this.#heard = true;
    if (done) {
      this.#end();
      return;
    }
    if (this.#paused) this.#putAside(value);
    else this.#deliver(value);
    // Without a brake we go on, to count or to discard. A read that began before the pause may have released it.
    if (this.#nativeReading !== undefined && (this.#paused || this.#deaf)) this.#nativeReading.stopReading();
    else this.#read();
  }

  #deliver(chunk: Uint8Array): void {
    if (this.#deaf) return;
    try {
      const tooLarge = this.#framer.push(chunk);
      if (tooLarge !== undefined && !this.#deaf) this.#events.onFrameTooLarge(tooLarge);
    } catch (error) {
      this.#events.onFault(error);
    }
  }

  #putAside(chunk: Uint8Array): void {
    if (this.#deaf) return;
    this.#unread.push(chunk);
    this.#unreadBytes += chunk.length;
    if (this.#unreadBytes > this.#options.unreadBytesMax) this.#events.onFlooded();
  }

  #guard(event: () => void): void {
    try {
      event();
    } catch (error) {
      this.#events.onFault(error);
    }
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#frames = [];
    this.#pendingBytes = 0;
    this.#inFlightBytes = 0;
    this.#unread = [];
    this.#onFlushed?.();
    this.#guard(() => this.#events.onEnd());
  }
}
