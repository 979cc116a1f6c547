/** A connection with frames to write. */
export interface Flushable {
  /** Writes what is pending. */
  flush(): void;
  /** `flush` threw: the link cannot go on. */
  onFlushFault(error: unknown): void;
}

/**
 * Writes the frames of all the connections of a listener once per turn of the event loop, after the input of this turn
 * has been read: each write to a socket or stream is a system call, and to a QUIC stream at least one UDP packet.
 *
 * What a `flush` throws ends its own link and no other's, and is thrown again by itself: it is a bug, to be logged and
 * counted where uncaught errors are.
 */
export class FlushList {
  #waiting: Flushable[] = [];
  #spare: Flushable[] = [];
  readonly #onFlushed: () => void;
  readonly #run = () => this.#flushAll();

  /** `onFlushed` follows the last flush of a turn. */
  constructor(onFlushed: () => void = () => {}) {
    this.#onFlushed = onFlushed;
  }

  /** The caller sees to it that it waits once only. */
  add(item: Flushable): void {
    if (this.#waiting.push(item) === 1) setImmediate(this.#run);
  }

  #flushAll(): void {
    const items = this.#waiting;
    this.#waiting = this.#spare;
    for (const item of items) this.#flushOne(item);
    items.length = 0;
    this.#spare = items;
    this.#onFlushed();
  }

  #flushOne(item: Flushable): void {
    try {
      item.flush();
    } catch (error) {
      item.onFlushFault(error);
      process.nextTick(() => {
        throw error;
      });
    }
  }
}
