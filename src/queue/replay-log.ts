import { FLAG, ROUTE, readFlags, readRoute } from '../protocol/header.ts';

/** Where a session's reliable frames are written before they go out; `SendQueue.release` follows. */
export interface Journal {
  /** The log's next frame, and its place among the pushes (PushPlace). The bytes stay as they are. */
  append(frame: Uint8Array, place: number): void;
}

/** What the replay logs of a gateway share. */
export interface ReplayLimits {
  readonly framesMax: number;
  readonly bytesMax: number;
  /** Frames that were put on a connection longer ago are not kept. */
  readonly ageMaxSec: number;
}

const SLOTS_MIN = 8;

/**
 * The reliable frames that were put on a session's connections last, in order, for a client that comes back
 * (DESIGN.md section 4). Frames are counted modulo 2^32; the log holds the newest of them, by reference, within bounds
 * of frames, bytes and seconds. A slot of the ring is all that a frame costs; an empty log holds no ring.
 *
 * Frames from `released` on are still waiting to be sent (a durable session writes them to the store first), so no
 * bound takes them out.
 */
export class ReplayLog {
  readonly #limits: ReplayLimits;
  #frames: (Uint8Array | undefined)[] | undefined;
  #seconds: number[] = NO_SECONDS;
  #head = 0;
  #length = 0;
  #bytes = 0;
  #next = 0;
  #released = 0;
  /** False: frames are counted and not kept, as there is no token by which the client could ask for them. */
  keeping = false;

  constructor(limits: ReplayLimits) {
    this.#limits = limits;
  }

  /** Count of the frames so far, modulo 2^32. */
  get next(): number {
    return this.#next;
  }

  /** Count of the frames that were given to a connection, or could have been. */
  get released(): number {
    return this.#released;
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Counts a frame that goes out now. `nowSec`: whole seconds on a monotonic clock. */
  append(frame: Uint8Array, nowSec: number): void {
    const held = this.#next !== this.#released;
    this.#next = (this.#next + 1) >>> 0;
    if (!held) this.#released = this.#next;
    if (!this.keeping) return;
    this.#push(frame, nowSec);
    this.expire(nowSec);
  }

  /** Counts a frame that waits for `release`. */
  hold(frame: Uint8Array, nowSec: number): void {
    this.#next = (this.#next + 1) >>> 0;
    this.#push(frame, nowSec);
    this.expire(nowSec);
  }

  /** The next frame that waits, which counts as given to a connection from now on; undefined where none before `count` is. */
  release(count: number): Uint8Array | undefined {
    const due = (count - this.#released) >>> 0;
    if (due === 0 || due > this.#held) return undefined;
    const frame = this.at(this.#released);
    this.#released = (this.#released + 1) >>> 0;
    return frame;
  }

  /**
   * How many of the frames given to a connection a client lacks that has `received`; undefined where they are not all
   * here, or it claims to have more than there were.
   */
  missing(received: number): number | undefined {
    const missing = (this.#released - received) >>> 0;
    return missing <= this.#length - this.#held ? missing : undefined;
  }

  /** The frame of that count; undefined where it is not kept. */
  at(count: number): Uint8Array | undefined {
    const back = (this.#next - count) >>> 0;
    if (back === 0 || back > this.#length || this.#frames === undefined) return undefined;
    return this.#frames[(this.#head + this.#length - back) & (this.#frames.length - 1)];
  }

  /** The client has `received` frames: they need not be kept. A count outside the log changes nothing. */
  trim(received: number): void {
    const missing = this.missing(received);
    if (missing === undefined) return;
    while (this.#length - this.#held > missing) this.#evict();
  }

  /** Takes out what the bounds do not allow. */
  expire(nowSec: number): void {
    const { framesMax, bytesMax, ageMaxSec } = this.#limits;
    while (this.#evictable()) {
      const old = nowSec - this.#seconds[this.#head] > ageMaxSec;
      if (!old && this.#length <= framesMax && this.#bytes <= bytesMax) return;
      this.#evict();
    }
  }

  /** All that is kept, in order. */
  frames(): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (let back = this.#length; back > 0; back--) {
      const frame = this.at((this.#next - back) >>> 0);
      if (frame !== undefined) frames.push(frame);
    }
    return frames;
  }

  /** Begins at another log's counts, for a session that comes from another gateway. */
  restore(next: number, frames: readonly Uint8Array[], nowSec: number): void {
    this.clear();
    this.keeping = true;
    this.#next = (next - frames.length) >>> 0;
    this.#released = this.#next;
    for (const frame of frames) this.append(frame, nowSec);
  }

  clear(): void {
    this.#frames = undefined;
    this.#seconds = NO_SECONDS;
    this.#head = 0;
    this.#length = 0;
    this.#bytes = 0;
  }

  /** Frames that wait for `release`. */
  get #held(): number {
    return (this.#next - this.#released) >>> 0;
  }

  #evictable(): boolean {
    return this.#length > this.#held;
  }

  #push(frame: Uint8Array, nowSec: number): void {
    const frames = this.#room();
    const slot = (this.#head + this.#length) & (frames.length - 1);
    frames[slot] = frame;
    this.#seconds[slot] = nowSec;
    this.#length++;
    this.#bytes += frame.length;
  }

  #evict(): void {
    const frames = this.#frames;
    if (frames === undefined) return;
    this.#bytes -= frames[this.#head]?.length ?? 0;
    frames[this.#head] = undefined;
    this.#head = (this.#head + 1) & (frames.length - 1);
    this.#length--;
    if (this.#length === 0) this.clear();
  }

  #room(): (Uint8Array | undefined)[] {
    const frames = this.#frames;
    if (frames !== undefined && this.#length < frames.length) return frames;
    const slots = Math.max(SLOTS_MIN, this.#length * 2);
    const moved: (Uint8Array | undefined)[] = new Array(slots).fill(undefined);
    const seconds: number[] = new Array(slots).fill(0);
    for (let index = 0; frames !== undefined && index < this.#length; index++) {
      const from = (this.#head + index) & (frames.length - 1);
      moved[index] = frames[from];
      seconds[index] = this.#seconds[from];
    }
    this.#frames = moved;
    this.#seconds = seconds;
    this.#head = 0;
    return moved;
  }
}

const NO_SECONDS: number[] = [];

/** Whether a frame belongs to the counts of Hello, Ping and Welcome (gateway.proto). */
export function isCounted(frame: Uint8Array): boolean {
  return readRoute(frame) !== ROUTE.system && (readFlags(frame) & FLAG.latest) === 0;
}
