import type { PushReplay } from './push-replay.ts';
import { SegmentIndex } from './segment-index.ts';

export const SEGMENT_BYTES = 65_536;

/** Messages that came one after the other, in one piece of memory, which serves again when they are forgotten. */
export class HistorySegment {
  readonly #chunk: Uint8Array;
  /** Where each message ends; as long as the most messages that there were. */
  readonly #ends: number[] = [];
  #messages = 0;
  #used = 0;
  #begin = 0;
  #sinceSec = 0;
  #untilSec = 0;
  #index: SegmentIndex | undefined;

  constructor(bytes: number) {
    this.#chunk = new Uint8Array(bytes);
  }

  /** Empties it, for what comes behind the item of that number. */
  reset(begin: number, nowSec: number): void {
    this.#messages = 0;
    this.#used = 0;
    this.#begin = begin;
    this.#sinceSec = nowSec;
    this.#untilSec = nowSec;
    this.#index = undefined;
  }

  /** Number of the last item before it. */
  get begin(): number {
    return this.#begin;
  }

  get sinceSec(): number {
    return this.#sinceSec;
  }

  /** When the newest message came. */
  get untilSec(): number {
    return this.#untilSec;
  }

  /** Of memory. */
  get bytes(): number {
    return this.#chunk.length;
  }

  get indexed(): boolean {
    return this.#index?.messages === this.#messages;
  }

  /** Copies a message; false where there is no room for it. */
  add(message: Uint8Array, nowSec: number): boolean {
    const end = this.#used + message.length;
    if (end > this.#chunk.length) return false;
    this.#chunk.set(message, this.#used);
    this.#used = end;
    this.#ends[this.#messages++] = end;
    this.#untilSec = nowSec;
    return true;
  }

  /** Finds out whom each item is for; what has been indexed before is not looked at again. */
  index(): SegmentIndex {
    this.#index ??= new SegmentIndex(this.#chunk);
    const index = this.#index;
    for (let message = index.messages; message < this.#messages; message++) {
      index.scan(message === 0 ? 0 : this.#ends[message - 1], this.#ends[message]);
    }
    return index;
  }

  dropIndex(): void {
    this.#index = undefined;
  }

  /** Hands over what may concern the session, item by item; a group that it joins counts from there on. */
  replay(after: number, until: number, replay: PushReplay): void {
    let from = Math.max(0, after - this.begin);
    while (!replay.ended) {
      const next = this.#replayFrom(from, until - this.begin, replay);
      if (next === undefined) return;
      from = next;
    }
  }

  /** Hands over the push of that number, which is for the session. */
  replayPush(item: number, replay: PushReplay): void {
    replay.takePush(this.index().bytesOf(item - this.begin - 1));
  }

  /** Returns where to go on with other groups; undefined: all is done. */
  #replayFrom(from: number, to: number, replay: PushReplay): number | undefined {
    const index = this.index();
    const { groupChanges } = replay;
    for (const item of index.itemsOf(replay.target, replay.groups, from)) {
      if (item >= to) return undefined;
      replay.take(index.bytesOf(item));
      if (replay.ended || replay.groupChanges !== groupChanges) return item + 1;
    }
    return undefined;
  }
}
