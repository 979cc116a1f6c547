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
}

/** The frames that wait for one client: a ring for each lane, and the `latest` ones by key. O(1) throughout. */
export class WaitingFrames {
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

  push(frame: Uint8Array, lane: Lane, key: ConflationKey | undefined, nowMs: number): void {
    const waiting = { frame, key, sinceMs: nowMs };
    this.#lanes[lane].push(waiting);
    this.#count++;
    this.#bytes += frame.length;
    if (key === undefined) return;
    this.#latest ??= new Map();
    this.#latest.set(key, waiting);
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
