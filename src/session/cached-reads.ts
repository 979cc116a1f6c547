import { LRUCache } from 'lru-cache';

export interface CachedReadsOptions<V> {
  /** Copies kept; the one used longest ago goes first. */
  readonly max: number;
  /** A copy older than this is read again. */
  readonly ageMaxMs: number;
  read(key: string): Promise<V>;
  /** A read was answered from a copy, or joined one under way (`hit`), or went to the store (`miss`). */
  onRead(outcome: 'hit' | 'miss'): void;
}

interface Copy<V> {
  readonly value: V;
}

/**
 * Copies of what a store holds. Reads of one key at a time are one read. A copy that is dropped while its read is under
 * way is not kept: the answer may be older than the change.
 */
export class CachedReads<V> {
  readonly #options: CachedReadsOptions<V>;
  readonly #copies: LRUCache<string, Copy<V>>;
  readonly #reading = new Map<string, Promise<V>>();
  #pending = 0;

  constructor(options: CachedReadsOptions<V>) {
    this.#options = options;
    this.#copies = new LRUCache({ max: options.max, ttl: options.ageMaxMs });
  }

  /** Reads under way. */
  get pending(): number {
    return this.#pending;
  }

  /** Rejects as the store does. */
  get(key: string): Promise<V> {
    const copy = this.#copies.get(key);
    const known = copy === undefined ? this.#reading.get(key) : Promise.resolve(copy.value);
    this.#options.onRead(known === undefined ? 'miss' : 'hit');
    return known ?? this.#read(key);
  }

  drop(key: string): void {
    this.#copies.delete(key);
    this.#reading.delete(key);
  }

  #read(key: string): Promise<V> {
    this.#pending++;
    const reading = this.#options.read(key).then((value) => {
      if (this.#reading.get(key) === reading) this.#copies.set(key, { value });
      return value;
    });
    this.#reading.set(key, reading);
    return reading.finally(() => {
      this.#pending--;
      if (this.#reading.get(key) === reading) this.#reading.delete(key);
    });
  }
}
