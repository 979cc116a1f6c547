import type { UpstreamEntry } from '../protocol/upstream-writer.ts';
import type { IngressFeed } from './ingress-throttle.ts';
import { LANE_COUNT, type Lane } from './lane.ts';
import { Ring } from './ring.ts';
import type { UpstreamSource } from './upstream-batch.ts';

/** Frames that a lane gives in one round while the others wait: 8 critical, 4 high, 2 normal, 1 low. */
export const LANE_WEIGHTS: readonly number[] = [8, 4, 2, 1];

/** A frame that waits for its topic. Owns its payload: a copy, since a received view does not outlive its call. */
export interface QueuedFrame extends UpstreamEntry {
  readonly lane: Lane;
  readonly source: UpstreamSource | undefined;
  readonly feed: IngressFeed | undefined;
  /** What it counts as against the bound on bytes. */
  readonly costBytes: number;
  /** When it came, on the monotonic clock. */
  readonly sinceMs: number;
}

/**
 * The frames of one topic that wait because it takes none: four lanes, first in first out each, picked by weighted
 * round robin so that the lowest still moves under a flood of the highest. O(1); an empty one holds no rings.
 */
export class IngressLanes {
  readonly #credits = [...LANE_WEIGHTS];
  #rings: Ring<QueuedFrame>[] | undefined;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(frame: QueuedFrame): void {
    this.#rings ??= Array.from({ length: LANE_COUNT }, () => new Ring<QueuedFrame>());
    this.#rings[frame.lane].push(frame);
    this.#length++;
  }

  /** The frame whose turn it is; undefined where none waits. */
  shift(): QueuedFrame | undefined {
    const rings = this.#rings;
    if (rings === undefined) return undefined;
    const frame = this.#pick(rings) ?? this.#pickAnew(rings);
    this.#length--;
    if (this.#length === 0) this.#rings = undefined;
    return frame;
  }

  #pickAnew(rings: readonly Ring<QueuedFrame>[]): QueuedFrame | undefined {
    for (let lane = 0; lane < LANE_COUNT; lane++) this.#credits[lane] = LANE_WEIGHTS[lane];
    return this.#pick(rings);
  }

  #pick(rings: readonly Ring<QueuedFrame>[]): QueuedFrame | undefined {
    for (let lane = 0; lane < LANE_COUNT; lane++) {
      if (this.#credits[lane] === 0 || rings[lane].length === 0) continue;
      this.#credits[lane]--;
      return rings[lane].shift();
    }
    return undefined;
  }
}
