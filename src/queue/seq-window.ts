const SLOTS_FIRST = 64;
/** The SDK has no more frames than this without acknowledgement; 8 KiB. */
export const SEQ_WINDOW_SLOTS_MAX = 1024;

const STATE_BITS = 2;
const STATE_MASK = 3;
const PENDING = 1;
const ACKNOWLEDGED = 2;

/** What is known of a seq: not seen within the window, on its way, or acknowledged already. */
export type SeqState = 'new' | 'pending' | 'acknowledged';

/**
 * The seqs of one session's frames that asked for an acknowledgement, for a bounded time: a frame that comes again is
 * known. A table indexed by the low bits of the seq: 64 slots of 8 bytes, doubled when two live seqs meet in one, up to
 * 1,024; from there on the newer takes the place of the older. O(1), and no object per frame.
 */
export class SeqWindow {
  readonly #windowSec: number;
  #seqs = new Uint32Array(SLOTS_FIRST);
  /** Seconds since the first frame, and the state in the low bits; 0: empty. */
  #marks = new Uint32Array(SLOTS_FIRST);
  #startSec = -1;

  /** `windowSec` of at least 1. */
  constructor(windowSec: number) {
    this.#windowSec = windowSec;
  }

  get slots(): number {
    return this.#seqs.length;
  }

  /** Looks `seq` up; a new one is on its way from now on. `nowMs` is monotonic. */
  enter(seq: number, nowMs: number): SeqState {
    const nowSec = this.#secondsOf(nowMs);
    const slot = this.#slotFor(seq, nowSec);
    if (this.#seqs[slot] === seq && this.#isLive(slot, nowSec)) {
      return (this.#marks[slot] & STATE_MASK) === PENDING ? 'pending' : 'acknowledged';
    }
    this.#seqs[slot] = seq;
    this.#marks[slot] = (nowSec << STATE_BITS) | PENDING;
    return 'new';
  }

  /** The queue has the frame. */
  acknowledge(seq: number): void {
    const slot = seq & (this.#seqs.length - 1);
    if (this.#seqs[slot] !== seq || this.#marks[slot] === 0) return;
    this.#marks[slot] = (this.#marks[slot] & ~STATE_MASK) | ACKNOWLEDGED;
  }

  /** The frame was not taken after all: when it comes again it is new. */
  forget(seq: number): void {
    const slot = seq & (this.#seqs.length - 1);
    if (this.#seqs[slot] === seq) this.#marks[slot] = 0;
  }

  #secondsOf(nowMs: number): number {
    const sec = Math.floor(nowMs / 1000);
    if (this.#startSec < 0) this.#startSec = sec;
    return Math.max(0, sec - this.#startSec);
  }

  /** A frame on its way is live however long it takes: its acknowledgement is still owed. */
  #isLive(slot: number, nowSec: number): boolean {
    const mark = this.#marks[slot];
    if ((mark & STATE_MASK) === PENDING) return true;
    return mark !== 0 && nowSec - (mark >>> STATE_BITS) < this.#windowSec;
  }

  #slotFor(seq: number, nowSec: number): number {
    for (;;) {
      const slot = seq & (this.#seqs.length - 1);
      if (this.#seqs[slot] === seq || !this.#isLive(slot, nowSec)) return slot;
      if (this.#seqs.length >= SEQ_WINDOW_SLOTS_MAX) return slot;
      this.#grow();
    }
  }

  #grow(): void {
    const seqs = this.#seqs;
    const marks = this.#marks;
    this.#seqs = new Uint32Array(seqs.length * 2);
    this.#marks = new Uint32Array(seqs.length * 2);
    for (let old = 0; old < seqs.length; old++) {
      const slot = seqs[old] & (this.#seqs.length - 1);
      this.#seqs[slot] = seqs[old];
      this.#marks[slot] = marks[old];
    }
  }
}
