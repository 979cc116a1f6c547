/** Keys that a filter remembers by default; beyond, the one heard of longest ago is forgotten. */
const KEYS_MAX = 4096;

/** True where `seq` comes after `last` on the circle of 2^32 (RFC 1982): by less than half of it. */
export function isNewerSeq(seq: number, last: number): boolean {
  return seq !== last && (seq - last) >>> 0 < 0x8000_0000;
}

/**
 * For receivers of `latest` frames, which may overtake each other as datagrams: lets a frame pass only when it is newer
 * than what passed for its key. The key is what the frame is about (an entity), so the game knows it, not the wire; where
 * a backend gives no conflation key it is the msgId. Bounded.
 */
export class NewestPerKey {
  readonly #keysMax: number;
  readonly #lastSeqs = new Map<string | number, number>();

  constructor(keysMax = KEYS_MAX) {
    this.#keysMax = keysMax;
  }

  /** True: newer than all before; false: late, to be dropped. `seq` is the header's. */
  accepts(key: string | number, seq: number): boolean {
    const last = this.#lastSeqs.get(key);
    if (last !== undefined && !isNewerSeq(seq, last)) return false;
    this.#lastSeqs.delete(key);
    this.#lastSeqs.set(key, seq);
    if (this.#lastSeqs.size > this.#keysMax) {
      for (const oldest of this.#lastSeqs.keys()) {
        this.#lastSeqs.delete(oldest);
        break;
      }
    }
    return true;
  }
}

/** Seqs of `latest` pushes that a backend gives none. */
export class LatestSeq {
  readonly #now: () => number;
  #last = 0;

  /** `now`: Unix milliseconds. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * Newer than all before, never 0. It follows the clock, so a session that goes on at another gateway is not given
   * older ones there, as far as the clocks agree.
   */
  next(): number {
    const clock = this.#now() % 0x1_0000_0000;
    const next = isNewerSeq(clock, this.#last) || this.#last === 0 ? clock : (this.#last + 1) >>> 0;
    this.#last = next === 0 ? 1 : next;
    return this.#last;
  }
}
