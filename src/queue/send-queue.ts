import type { TransportCells } from '../observe/metrics.ts';
import { batchBytes, encodeBatch, LENGTH_PREFIX_BYTES } from '../protocol/batch.ts';
import { readRoute } from '../protocol/header.ts';
import type { Connection } from '../transport.ts';
import { LANE_COUNT, type Lane } from './lane.ts';
import { Ring } from './ring.ts';
import type { Flushable, TickFlusher } from './tick-flusher.ts';

/** A batch frame is closed at this size, so that a late critical frame waits for no more than this. */
const BATCH_BYTES_MAX = 16 * 1024;
/** Over this multiple of a limit a client is disconnected at once, whatever grace is left: memory stays bounded. */
const HARD_LIMIT_FACTOR = 4;

/** What all send queues of a gateway share. */
export interface SendQueueShared {
  readonly framesMax: number;
  readonly bytesMax: number;
  /** How long a client may be over a limit, in milliseconds. */
  readonly slowGraceMs: number;
  readonly flusher: TickFlusher;
  /** Counts a frame that was taken and is not going to be sent. */
  onDropped(reason: DropReason, frames: number): void;
  /** Counts a `latest` frame that was too large for a datagram and went by the reliable path. */
  onPromoted(): void;
}

export type DropReason = 'conflated' | 'latest_overflow' | 'disconnected';

/** A frame that waits. `key` is set on a `latest` frame: a newer one of the same key takes its place. */
interface Waiting {
  frame: Uint8Array;
  readonly key: string | undefined;
}

/**
 * Frames on their way to one client. A frame goes straight to the connection while that takes frames; else it waits in
 * the ring of its lane, and the writer loop picks by lane only once the connection has room, so that a late critical
 * frame still overtakes. An idle queue holds no rings.
 *
 * Reliable frames are never dropped while the client is there: over the limit for longer than the grace time ends the
 * link (`onSlow`). A `latest` frame replaces the waiting one of its key, or is dropped and counted over the limit.
 */
export class SendQueue implements Flushable {
  readonly #shared: SendQueueShared;
  readonly #connection: Connection;
  readonly #cells: TransportCells;
  readonly #onSlow: (pendingFrames: number, pendingBytes: number) => void;
  #lanes: Ring<Waiting>[] | undefined;
  #latest: Map<string, Waiting> | undefined;
  #pendingFrames = 0;
  #pendingBytes = 0;
  #resting = false;
  #scheduled = false;
  #closed = false;
  #slowTimer: NodeJS.Timeout | undefined;
  /** Set once the client said that it understands batch frames. */
  batching = false;

  constructor(
    shared: SendQueueShared,
    connection: Connection,
    cells: TransportCells,
    onSlow: (pendingFrames: number, pendingBytes: number) => void,
  ) {
    this.#shared = shared;
    this.#connection = connection;
    this.#cells = cells;
    this.#onSlow = onSlow;
  }

  get pendingFrames(): number {
    return this.#pendingFrames;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Queues a reliable frame. The bytes are given away and may be shared with other queues. */
  push(frame: Uint8Array, lane: Lane): void {
    if (this.#closed) return this.#shared.onDropped('disconnected', 1);
    if (this.#direct()) return this.#send(frame);
    this.#enqueue({ frame, key: undefined }, lane);
    this.#checkLimits();
  }

  /**
   * Queues a frame of which only the newest per `key` matters. By datagram where the connection has them and the frame
   * fits.
   */
  pushLatest(frame: Uint8Array, lane: Lane, key: string): void {
    if (this.#closed) return this.#shared.onDropped('disconnected', 1);
    if (this.#direct()) return this.#sendLatest(frame);
    const older = this.#latest?.get(key);
    if (older !== undefined) {
      this.#pendingBytes += frame.length - older.frame.length;
      older.frame = frame;
      return this.#shared.onDropped('conflated', 1);
    }
    if (this.#overLimit(1)) return this.#shared.onDropped('latest_overflow', 1);
    const waiting = { frame, key };
    this.#latest ??= new Map();
    this.#latest.set(key, waiting);
    this.#enqueue(waiting, lane);
  }

  /** The connection has room again. */
  onDrain(): void {
    this.#resting = false;
    this.#write();
  }

  flush(): void {
    this.#scheduled = false;
    this.#write();
  }

  /** The link is about to be closed: hands over what the connection takes now; the rest is dropped and counted. */
  finish(): void {
    if (this.#closed) return;
    this.#write();
    this.close();
  }

  /** The client is gone: what waits is dropped and counted. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#endGrace();
    if (this.#pendingFrames > 0) this.#shared.onDropped('disconnected', this.#pendingFrames);
    this.#release();
  }

  #direct(): boolean {
    return this.#pendingFrames === 0 && !this.#resting && !this.batching;
  }

  #enqueue(waiting: Waiting, lane: Lane): void {
    this.#lanes ??= Array.from({ length: LANE_COUNT }, () => new Ring<Waiting>());
    this.#lanes[lane].push(waiting);
    this.#pendingFrames++;
    this.#pendingBytes += waiting.frame.length;
    if (this.#resting || this.#scheduled) return;
    this.#scheduled = true;
    this.#shared.flusher.schedule(this);
  }

  #write(): void {
    while (!this.#resting && this.#pendingFrames > 0) {
      if (this.batching) this.#writeBatch();
      else this.#writeOne();
    }
    if (this.#pendingFrames === 0) this.#release();
    if (this.#slowTimer !== undefined && !this.#overLimit(0)) this.#endGrace();
  }

  #writeOne(): void {
    const waiting = this.#pick();
    if (waiting === undefined) return;
    if (waiting.key === undefined) this.#send(waiting.frame);
    else this.#sendLatest(waiting.frame);
  }

  /** One batch frame of what waits, by lane; a single frame goes as it is, and so does one that fits a datagram. */
  #writeBatch(): void {
    const frames: Uint8Array[] = [];
    let bytes = batchBytes(frames);
    while (bytes < BATCH_BYTES_MAX) {
      const waiting = this.#pick();
      if (waiting === undefined) break;
      if (waiting.key !== undefined && this.#wentByDatagram(waiting.frame)) continue;
      frames.push(waiting.frame);
      bytes += LENGTH_PREFIX_BYTES + waiting.frame.length;
    }
    if (frames.length === 0) return;
    for (const frame of frames) this.#count(frame);
    this.#resting = !this.#connection.send(frames.length === 1 ? frames[0] : encodeBatch(frames));
  }

  #pick(): Waiting | undefined {
    if (this.#lanes === undefined) return undefined;
    for (const ring of this.#lanes) {
      const waiting = ring.shift();
      if (waiting === undefined) continue;
      if (waiting.key !== undefined) this.#latest?.delete(waiting.key);
      this.#pendingFrames--;
      this.#pendingBytes -= waiting.frame.length;
      return waiting;
    }
    return undefined;
  }

  #send(frame: Uint8Array): void {
    this.#count(frame);
    this.#resting = !this.#connection.send(frame);
  }

  #sendLatest(frame: Uint8Array): void {
    if (!this.#wentByDatagram(frame)) this.#send(frame);
  }

  /** Tries the unreliable path; false: the reliable one has to do, which counts as promoted where there are two. */
  #wentByDatagram(frame: Uint8Array): boolean {
    if (!this.#connection.info.datagrams) return false;
    if (this.#connection.sendDatagram(frame)) {
      this.#count(frame);
      this.#cells.datagramsSent.value++;
      return true;
    }
    this.#shared.onPromoted();
    return false;
  }

  #count(frame: Uint8Array): void {
    this.#cells.framesSent[readRoute(frame) & 3].value++;
    this.#cells.bytesSent.value += frame.length;
  }

  #overLimit(moreFrames: number): boolean {
    const { framesMax, bytesMax } = this.#shared;
    return (
      this.#pendingFrames + moreFrames > framesMax ||
      this.#pendingBytes + this.#connection.bufferedBytes > bytesMax
    );
  }

  #checkLimits(): void {
    if (!this.#overLimit(0)) return;
    const { framesMax, bytesMax, slowGraceMs } = this.#shared;
    if (
      this.#pendingFrames > framesMax * HARD_LIMIT_FACTOR ||
      this.#pendingBytes > bytesMax * HARD_LIMIT_FACTOR ||
      slowGraceMs === 0
    ) {
      return this.#endSlow();
    }
    this.#slowTimer ??= setTimeout(() => this.#endSlow(), slowGraceMs).unref();
  }

  /** The link may take seconds to close: what comes until then is dropped and counted, so memory stays bounded. */
  #endSlow(): void {
    const frames = this.#pendingFrames;
    const bytes = this.#pendingBytes;
    this.close();
    this.#onSlow(frames, bytes);
  }

  #endGrace(): void {
    clearTimeout(this.#slowTimer);
    this.#slowTimer = undefined;
  }

  #release(): void {
    this.#lanes = undefined;
    this.#latest = undefined;
    this.#pendingFrames = 0;
    this.#pendingBytes = 0;
  }
}
