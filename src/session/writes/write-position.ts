import { itemAt, itemBefore } from '../../queue/push-place.ts';
import { encodePosition } from '../history/log-position.ts';
import type { PushHistory } from '../history/push-history.ts';

/** A write that is under way. */
interface Cut {
  /** All up to this item was in the store, or listed there as waiting, before it. */
  readonly before: number;
  /** The same with it. */
  readonly item: number;
}

/** How far the writes of one session have come in the stream of pushes. Writes are settled in their order. */
export class WritePosition {
  readonly #history: PushHistory;
  readonly #run: string;
  readonly #cuts: Cut[] = [];
  /** All up to this item is in the store or listed there as waiting; what has come since is in no write yet. */
  #pending = Number.POSITIVE_INFINITY;
  /** The same of what the store did not take. */
  #lost = Number.POSITIVE_INFINITY;
  #stored = 0;

  constructor(history: PushHistory, run: string) {
    this.#history = history;
    this.#run = run;
  }

  /** A frame of that place has got its place in the log. */
  note(place: number): void {
    const before = Math.max(itemBefore(place), this.#stored);
    if (before < this.#pending) this.#pending = before;
  }

  /** Something else about the session has changed, now. */
  touch(): void {
    this.note(this.#history.place);
  }

  /** For a write of all that has been noted. `waiting`: places of the reliable frames in the send queue. */
  cut(waiting: readonly number[]): string {
    const item = this.#history.items;
    this.#cuts.push({ before: this.#pending, item });
    this.#pending = Number.POSITIVE_INFINITY;
    const items = waiting.map(itemAt).filter((waits) => waits !== undefined);
    const distances = items.map((waits) => item - waits).sort((a, b) => a - b);
    return encodePosition({ run: this.#run, item, at: this.#history.positionOf(item), waiting: distances });
  }

  /** The oldest write under way is done. `whole`: it held the whole log, so nothing is lost any more. */
  settle(whole: boolean): void {
    this.#stored = this.#cuts.shift()?.item ?? this.#stored;
    if (whole) this.#lost = Number.POSITIVE_INFINITY;
  }

  /** The oldest write under way has failed. */
  fail(): void {
    const cut = this.#cuts.shift();
    this.#lost = Math.min(this.#lost, cut?.before ?? this.#stored, this.#stored);
  }

  /** The store lacks something that only a write of the whole log brings. */
  get lost(): boolean {
    return this.#lost < Number.POSITIVE_INFINITY;
  }

  /** The store has all up to this item, or lists it as waiting. `oldest`: the smallest place of what waits, if any. */
  reached(oldest: number | undefined): number {
    let item = Math.min(this.#pending, this.#lost);
    for (const { before } of this.#cuts) if (before < item) item = before;
    return oldest === undefined ? item : Math.min(item, Math.max(this.#stored, itemBefore(oldest)));
  }
}
