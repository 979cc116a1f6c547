/** One thing on its way. */
export type PipeItem =
  | { readonly kind: 'frame'; readonly frame: Uint8Array; readonly datagram: boolean }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string };

/** So many items are handed over at a time, so that a flooded pipe does not hold up the others. */
const ITEMS_PER_TURN = 64;
/** A paused reader keeps so many datagrams; further ones are lost, as in a full socket buffer. */
const DATAGRAMS_HELD_MAX = 256;

/**
 * One direction of a memory link: a queue that hands over in a later microtask, never inside the call that filled it,
 * so that code which passes here also passes on a socket. Microtasks and not timers: they run under fake timers.
 */
export class MemoryPipe {
  readonly #deliver: (item: PipeItem) => void;
  readonly #onEmpty: () => void;
  #items: PipeItem[] = [];
  #bytes = 0;
  #datagrams = 0;
  #paused = false;
  #scheduled = false;
  #ended = false;

  /** `onEmpty` runs each time the last item has been handed over. */
  constructor(deliver: (item: PipeItem) => void, onEmpty: () => void) {
    this.#deliver = deliver;
    this.#onEmpty = onEmpty;
  }

  /** Payload bytes not handed over yet. */
  get bytes(): number {
    return this.#bytes;
  }

  push(item: PipeItem): void {
    if (this.#ended) return;
    if (item.kind === 'frame' && item.datagram) {
      if (this.#datagrams === DATAGRAMS_HELD_MAX && this.#paused) return;
      this.#datagrams++;
    }
    this.#items.push(item);
    this.#bytes += bytesOf(item);
    this.#schedule();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#schedule();
  }

  /** Drops what has not been handed over, and takes nothing more. */
  end(): void {
    this.#ended = true;
    this.#items = [];
    this.#bytes = 0;
  }

  #schedule(): void {
    if (this.#scheduled || this.#paused || this.#items.length === 0) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#run());
  }

  #run(): void {
    this.#scheduled = false;
    const turn = this.#items.splice(0, ITEMS_PER_TURN);
    let taken = 0;
    while (taken < turn.length && !this.#paused && !this.#ended) this.#hand(turn[taken++]);
    if (this.#ended) return;
    if (taken < turn.length) this.#items = turn.slice(taken).concat(this.#items);
    if (this.#items.length === 0) this.#onEmpty();
    this.#schedule();
  }

  #hand(item: PipeItem): void {
    this.#bytes -= bytesOf(item);
    if (item.kind === 'frame' && item.datagram) this.#datagrams--;
    this.#deliver(item);
  }
}

function bytesOf(item: PipeItem): number {
  return item.kind === 'frame' ? item.frame.length : 0;
}
