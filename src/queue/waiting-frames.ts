import { LANE_COUNT, type Lane } from './lane.ts';
import { Ring } from './ring.ts';

/**
 * Names what a `latest` frame tells of. A string is a backend's own; a number is the gateway's (route and msgId), so the
 * two never meet.
 */
export type ConflationKey = string | number;

/** A frame that waits. `key` is set on a `latest` frame: a newer one of the same key takes its place. */
export interface Waiting {
  frame: Uint8Array;
  readonly key: ConflationKey | undefined;
  /** When the frame came, on the monotonic clock. */
  sinceMs: number;
  /** Among the pushes (PushPlace); grows within a lane. Of a `latest` frame: of the first of its key. */
  readonly place: number;
}

/** Of the frames that wait, where they are from (PushPlace). */
export interface WaitingPlaces {
  /** The smallest; undefined: nothing waits. */
  readonly oldestPlace: number | undefined;
  /** Of the reliable frames, in no order. */
  places(): number[];
}

/** The frames that wait for one client: a ring for each lane, and the `latest` ones by key. O(1) throughout. */
export class WaitingFrames implements WaitingPlaces {
  readonly #lanes = Array.from({ length: LANE_COUNT }, () => new Ring<Waiting>());
  #latest: Map<ConflationKey, Waiting> | undefined;
  #count = 0;
  #bytes = 0;

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get oldestPlace(): number | undefined {
    let oldest: number | undefined;
    for (const ring of this.#lanes) {
      const place = ring.peek()?.place;
      if (place !== undefined && (oldest === undefined || place < oldest)) oldest = place;
    }
    return oldest;
  }

  places(): number[] {
    const places: number[] = [];
    for (const ring of this.#lanes) {
      for (const { key, place } of ring.items()) if (key === undefined) places.push(place);
    }
    return places;
  }

  /** Takes `waiting` over. */
  push(waiting: Waiting, lane: Lane): void {
    const { frame, key } = waiting;
    this.#lanes[lane].push(waiting);
    this.#count++;
    this.#bytes += frame.length;
    if (key === undefined) return;
    this.#latest ??= new Map();
    this.#latest.set(key, waiting);
  }

  /** Takes out the reliable frames for which `isGone` holds. */
  removeReliable(isGone: (waiting: Waiting) => boolean): void {
    for (const ring of this.#lanes) {
      for (let left = ring.length; left > 0; left--) {
        const waiting = ring.shift();
        if (waiting === undefined) break;
        if (waiting.key !== undefined || !isGone(waiting)) {
          ring.push(waiting);
          continue;
        }
        this.#count--;
        this.#bytes -= waiting.frame.length;
      }
    }
  }

  /** Puts `frame` in the place of the waiting one of its key; false where none waits. */
  replace(frame: Uint8Array, key: ConflationKey, nowMs: number): boolean {
    const older = this.#latest?.get(key);
    if (older === undefined) return false;
    this.#bytes += frame.length - older.frame.length;
    older.frame = frame;
    older.sinceMs = nowMs;
    return true;
  }

  /** Takes the first frame of the first lane that has one. */
  pick(): Waiting | undefined {
    for (const ring of this.#lanes) {
      const waiting = ring.shift();
      if (waiting === undefined) continue;
      if (waiting.key !== undefined) this.#latest?.delete(waiting.key);
      this.#count--;
      this.#bytes -= waiting.frame.length;
      return waiting;
    }
    return undefined;
  }
}
