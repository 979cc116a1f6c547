import type { Distribution } from '../observe/counters.ts';
import type { TransportCells } from '../observe/metrics.ts';
import { batchBytes, encodeBatch, LENGTH_PREFIX_BYTES, splitBatches } from '../protocol/batch.ts';
import { readRoute } from '../protocol/header.ts';
import type { Connection } from '../transport.ts';
import type { Lane } from './lane.ts';
import { itemAt, type PushPlace } from './push-place.ts';
import { isCounted, type Journal, type ReplayLimits, ReplayLog } from './replay-log.ts';
import type { Flushable, TickFlusher } from './tick-flusher.ts';
import { type ConflationKey, type Waiting, WaitingFrames, type WaitingPlaces } from './waiting-frames.ts';

/** A batch frame is closed at this size, so that a late critical frame waits for no more than this. */
const BATCH_BYTES_MAX = 16 * 1024;
/** Over this multiple of a limit a client is disconnected at once, whatever grace is left: memory stays bounded. */
const HARD_LIMIT_FACTOR = 4;
/** While so many frames wait for the journal, no further one is picked. */
const HELD_FRAMES_MAX = 512;

/** What all send queues of a gateway share. */
export interface SendQueueShared {
  readonly framesMax: number;
  readonly bytesMax: number;
  /** How long a client may be over a limit, in milliseconds. */
  readonly slowGraceMs: number;
  readonly replay: ReplayLimits;
  readonly flusher: TickFlusher;
  /** Of the frame in hand. */
  readonly pushes: PushPlace;
  /** How long sent frames had waited in the lanes, in seconds; those that go straight through are not in it. */
  readonly wait: Distribution;
  /** Whole seconds on a monotonic clock. */
  nowSec(): number;
  /** Counts a frame that was taken and is not going to be sent. */
  onDropped(reason: DropReason, frames: number): void;
  /** Counts a `latest` frame that was too large for a datagram and went by the reliable path. */
  onPromoted(): void;
}

export type DropReason = 'conflated' | 'latest_overflow' | 'disconnected';

/**
 * Frames on their way to one client, over the connections that its session has one after the other. A frame goes
 * straight to the connection while that takes frames; else it waits in the ring of its lane, and the writer loop picks
 * by lane only once the connection has room, so that a late critical frame still overtakes. An idle queue holds no
 * rings. Without a connection everything waits.
 *
 * Reliable frames are never dropped while the session lives: over the limit for longer than the grace time ends the
 * link (`onSlow`). A `latest` frame replaces the waiting one of its key, or is dropped and counted over the limit.
 *
 * The replay log is filled where a frame is put on the connection, because the lanes reorder before that. Counted are
 * all frames but those of route system and those with the flag `latest`.
 */
export class SendQueue implements Flushable {
  readonly log: ReplayLog;
  readonly #shared: SendQueueShared;
  readonly #onSlow: (pendingFrames: number, pendingBytes: number) => void;
  #connection: Connection | undefined;
  #cells: TransportCells | undefined;
  /** Absent while nothing waits. */
  #waiting: WaitingFrames | undefined;
  #journal: Journal | undefined;
  #resting = false;
  #scheduled = false;
  #closed = false;
  #slowTimer: NodeJS.Timeout | undefined;
  /** Set once the client said that it understands batch frames. */
  batching = false;

  constructor(shared: SendQueueShared, onSlow: (pendingFrames: number, pendingBytes: number) => void) {
    this.#shared = shared;
    this.#onSlow = onSlow;
    this.log = new ReplayLog(shared.replay);
  }

  get pendingFrames(): number {
    return this.#waiting?.count ?? 0;
  }

  get pendingBytes(): number {
    return this.#waiting?.bytes ?? 0;
  }

  /** Where what waits, and is not in the log yet, stands among the pushes; undefined: nothing waits. */
  get waiting(): WaitingPlaces | undefined {
    return this.#waiting;
  }

  /** True while more waits than the limits allow. */
  get overfull(): boolean {
    return this.#overLimit(0);
  }

  /** Frames go to `connection` from now on; what waits stays until `resumeFrom` or the next frame. */
  attach(connection: Connection, cells: TransportCells): void {
    this.#connection = connection;
    this.#cells = cells;
    this.#resting = false;
    this.batching = false;
  }

  /** The connection is gone, or another one's turn comes: what waits goes on waiting. */
  detach(): void {
    this.#connection = undefined;
    this.#resting = false;
    this.batching = false;
    this.#endGrace();
  }

  /**
   * After `attach`: sends the frames from count `received` on again, then what waits. Only where `log.missing` knows
   * them. Returns how many were sent again.
   */
  resumeFrom(received: number): number {
    const { log } = this;
    const frames: Uint8Array[] = [];
    for (let count = received; count !== log.released; count = (count + 1) >>> 0) {
      const frame = log.at(count);
      if (frame !== undefined) frames.push(frame);
    }
    this.#sendAll(frames);
    if (!this.#resting) this.#write();
    return frames.length;
  }

  /** Puts a frame on the connection before all that waits; neither counted nor kept. For Welcome. */
  sendFirst(frame: Uint8Array): void {
    if (this.#connection !== undefined) this.#transmit(this.#connection, frame);
  }

  /** From now on reliable frames go to `journal` first, and out by `release`. Undefined: at once again, the held ones now. */
  setJournal(journal: Journal | undefined): void {
    this.#journal = journal;
    if (journal === undefined) this.release(this.log.next);
    else if (this.#connection === undefined) this.commit();
  }

  /** The journal has the frames below `count`: they go out. */
  release(count: number): void {
    const frames: Uint8Array[] = [];
    for (let frame = this.log.release(count); frame !== undefined; frame = this.log.release(count)) {
      frames.push(frame);
    }
    if (this.#connection === undefined) return;
    this.#sendAll(frames);
    this.#write();
  }

  /**
   * Gives all that waits its place in the log and the journal, while there is no connection: another gateway may have
   * to send it. `latest` frames are dropped, the state that they tell of being old by then.
   */
  commit(): void {
    for (let waiting = this.#waiting?.pick(); waiting !== undefined; waiting = this.#waiting?.pick()) {
      if (waiting.key !== undefined || !isCounted(waiting.frame)) this.#shared.onDropped('disconnected', 1);
      else this.#record(waiting.frame, waiting.place);
    }
    this.#waiting = undefined;
  }

  /** Takes out the reliable frames that wait and came by the channel that every gateway hears: they are in the log. */
  dropPushes(): void {
    this.#waiting?.removeReliable(({ place }) => itemAt(place) !== undefined);
  }

  /** Gives memory back that an idle client does not need any more. */
  expireLog(): void {
    this.log.expire(this.#shared.nowSec());
  }

  /** Queues a reliable frame. The bytes are given away and may be shared with other queues. */
  push(frame: Uint8Array, lane: Lane): void {
    if (this.#closed) return this.#shared.onDropped('disconnected', 1);
    if (this.#direct()) return this.#send(frame, this.#shared.pushes.place);
    if (this.#connection === undefined && this.#journal !== undefined) return this.#recordDetached(frame);
    this.#enqueue(frame, lane, undefined);
    if (this.#overLimit(0)) this.#onOverLimit(frame.length);
  }

  /** Queues a frame of which only the newest per `key` matters; by datagram, where there are such and it fits. */
  pushLatest(frame: Uint8Array, lane: Lane, key: ConflationKey): void {
    if (this.#closed) return this.#shared.onDropped('disconnected', 1);
    if (this.#direct()) return this.#sendLatest(frame);
    if (this.#waiting?.replace(frame, key, this.#shared.flusher.nowMs))
      return this.#shared.onDropped('conflated', 1);
    if (this.#overLimit(1) && !this.#resting) this.#write();
    if (this.#overLimit(1)) return this.#shared.onDropped('latest_overflow', 1);
    this.#enqueue(frame, lane, key);
  }

  /** All but `sendFirst` waits until `onDrain`, or a frame that goes first. */
  rest(): void {
    this.#resting = true;
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

  /** The session ends: hands over what the journal holds up, and what the connection takes now; the rest is dropped. */
  finish(): void {
    if (this.#closed) return;
    this.setJournal(undefined);
    this.close();
  }

  /** The session is over: what waits is dropped and counted. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#endGrace();
    if (this.pendingFrames > 0) this.#shared.onDropped('disconnected', this.pendingFrames);
    this.#waiting = undefined;
    this.log.clear();
    this.log.keeping = false;
    this.#journal = undefined;
    this.#connection = undefined;
  }

  #direct(): boolean {
    return (
      this.pendingFrames === 0 &&
      !this.#resting &&
      !this.batching &&
      this.#connection !== undefined &&
      !this.#holdsMany()
    );
  }

  #holdsMany(): boolean {
    return this.#journal !== undefined && (this.log.next - this.log.released) >>> 0 >= HELD_FRAMES_MAX;
  }

  #enqueue(frame: Uint8Array, lane: Lane, key: ConflationKey | undefined): void {
    this.#waiting ??= new WaitingFrames();
    const { flusher, pushes } = this.#shared;
    this.#waiting.push({ frame, key, sinceMs: flusher.nowMs, place: pushes.place }, lane);
    if (this.#resting || this.#scheduled || this.#connection === undefined) return;
    this.#scheduled = true;
    this.#shared.flusher.schedule(this);
  }

  #write(): void {
    while (this.#connection !== undefined && !this.#resting && this.pendingFrames > 0) {
      if (this.#holdsMany()) return;
      if (this.batching && this.#journal === undefined) this.#writeBatch(this.#connection);
      else this.#writeOne();
    }
    if (this.pendingFrames === 0) this.#waiting = undefined;
    if (this.#slowTimer !== undefined && !this.#overLimit(0)) this.#endGrace();
  }

  #writeOne(): void {
    const waiting = this.#pick();
    if (waiting === undefined) return;
    if (waiting.key === undefined) this.#send(waiting.frame, waiting.place);
    else this.#sendLatest(waiting.frame);
  }

  /**
   * One batch frame of what waits, by lane; a single frame goes as it is, so does one that fits a datagram, and a
   * large one leaves alone behind the others: within a batch it would be copied, and might pass the peer's limit.
   */
  #writeBatch(connection: Connection): void {
    const frames: Uint8Array[] = [];
    let large: Waiting | undefined;
    let bytes = batchBytes(frames);
    while (bytes < BATCH_BYTES_MAX && large === undefined) {
      const waiting = this.#pick();
      if (waiting === undefined) break;
      if (waiting.key !== undefined && this.#wentByDatagram(connection, waiting.frame)) continue;
      if (waiting.frame.length >= BATCH_BYTES_MAX) large = waiting;
      else frames.push(waiting.frame);
      bytes += LENGTH_PREFIX_BYTES + waiting.frame.length;
    }
    for (const frame of frames) if (isCounted(frame)) this.log.append(frame, this.#shared.nowSec());
    this.#sendBatch(connection, frames);
    if (large !== undefined) this.#send(large.frame, large.place);
  }

  /** Takes a frame that is to be sent. */
  #pick(): Waiting | undefined {
    const waiting = this.#waiting?.pick();
    if (waiting === undefined) return undefined;
    const { wait, flusher } = this.#shared;
    wait.observe((flusher.nowMs - waiting.sinceMs) / 1000);
    return waiting;
  }

  /** Counts, keeps and sends a frame; a journal has it first. */
  #send(frame: Uint8Array, place: number): void {
    if (this.#connection === undefined) return;
    if (isCounted(frame)) {
      if (this.#journal !== undefined) return this.#record(frame, place);
      this.log.append(frame, this.#shared.nowSec());
    }
    this.#transmit(this.#connection, frame);
  }

  #sendLatest(frame: Uint8Array): void {
    if (this.#connection !== undefined && !this.#wentByDatagram(this.#connection, frame)) {
      this.#send(frame, this.#shared.pushes.place);
    }
  }

  /** Tries the unreliable path; false: the reliable one has to do, which counts as promoted where there are two. */
  #wentByDatagram(connection: Connection, frame: Uint8Array): boolean {
    if (!connection.info.datagrams) return false;
    if (connection.sendDatagram(frame)) {
      this.#count(frame);
      if (this.#cells !== undefined) this.#cells.datagramsSent.value++;
      return true;
    }
    this.#shared.onPromoted();
    return false;
  }

  #record(frame: Uint8Array, place: number): void {
    this.log.hold(frame, this.#shared.nowSec());
    this.#journal?.append(frame, place);
  }

  #recordDetached(frame: Uint8Array): void {
    if (isCounted(frame)) this.#record(frame, this.#shared.pushes.place);
    else this.#shared.onDropped('disconnected', 1);
  }

  #sendAll(frames: readonly Uint8Array[]): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    if (!this.batching) {
      for (const frame of frames) this.#transmit(connection, frame);
      return;
    }
    for (const batch of splitBatches(frames, BATCH_BYTES_MAX)) this.#sendBatch(connection, batch);
  }

  #sendBatch(connection: Connection, frames: readonly Uint8Array[]): void {
    if (frames.length === 0) return;
    for (const frame of frames) this.#count(frame);
    this.#resting = !connection.send(frames.length === 1 ? frames[0] : encodeBatch(frames));
  }

  #transmit(connection: Connection, frame: Uint8Array): void {
    this.#count(frame);
    this.#resting = !connection.send(frame);
  }

  #count(frame: Uint8Array): void {
    if (this.#cells === undefined) return;
    this.#cells.framesSent[readRoute(frame) & 3].value++;
    this.#cells.bytesSent.value += frame.length;
  }

  #overLimit(moreFrames: number): boolean {
    const { framesMax, bytesMax } = this.#shared;
    const bytes = this.pendingBytes + (this.#connection?.bufferedBytes ?? 0);
    return this.pendingFrames + moreFrames > framesMax || bytes > bytesMax;
  }

  /**
   * Judges the client by what is left once the connection was offered everything: frames that wait for the end of the
   * tick say nothing about it. The newest frame gets its grace time whatever its size.
   */
  #onOverLimit(newestBytes: number): void {
    if (!this.#resting) this.#write();
    if (!this.#overLimit(0)) return;
    const { framesMax, bytesMax, slowGraceMs } = this.#shared;
    if (
      this.pendingFrames > framesMax * HARD_LIMIT_FACTOR ||
      this.pendingBytes - newestBytes > bytesMax * HARD_LIMIT_FACTOR ||
      slowGraceMs === 0 ||
      this.#connection === undefined
    ) {
      return this.#endSlow();
    }
    this.#slowTimer ??= setTimeout(() => this.#endSlow(), slowGraceMs).unref();
  }

  /** The link may take seconds to close: what comes until then is dropped and counted, so memory stays bounded. */
  #endSlow(): void {
    const frames = this.pendingFrames;
    const bytes = this.pendingBytes;
    this.close();
    this.#onSlow(frames, bytes);
  }

  #endGrace(): void {
    clearTimeout(this.#slowTimer);
    this.#slowTimer = undefined;
  }
}
