/** Something with frames to write. */
export interface Flushable {
  flush(): void;
}

/**
 * Writes the frames of all the connections of a listener once per turn of the event loop, after the packets of this
 * turn have been read: each write to a QUIC stream is at least one UDP packet.
 */
export class FlushList {
  #waiting: Flushable[] = [];
  #spare: Flushable[] = [];
  readonly #run = () => this.#flushAll();

  /** The caller sees to it that it waits once only. */
  add(item: Flushable): void {
    if (this.#waiting.push(item) === 1) setImmediate(this.#run);
  }

  #flushAll(): void {
    const items = this.#waiting;
    this.#waiting = this.#spare;
    for (const item of items) item.flush();
    items.length = 0;
    this.#spare = items;
  }
}
