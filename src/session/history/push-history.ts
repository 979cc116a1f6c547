import { setImmediate as nextTurn } from 'node:timers/promises';
import { DISCONNECT } from '../../protocol/disconnect.ts';
import { DownstreamReader, type DownstreamVisitor } from '../../protocol/downstream-reader.ts';
import { decodeDisconnectRequest } from '../../protocol/envelopes.ts';
import type { PushPlace } from '../../queue/push-place.ts';
import { HistorySegment, SEGMENT_BYTES } from './history-segment.ts';
import { PushReplay, type ReplayTarget } from './push-replay.ts';

export interface PushHistoryOptions {
  /** Memory for messages. The indices of a replay come on top, for 10 s after the last one. */
  readonly bytesMax: number;
  /** Older messages are forgotten. */
  readonly ageMaxSec: number;
  /** Whole seconds on a monotonic clock. */
  nowSec(): number;
}

/** A place in the stream of pushes that all gateways name alike: so many items behind the mark of that name. */
export interface PushPosition {
  readonly mark: string;
  readonly items: number;
}

/** Of items, by their numbers. */
export interface ReplayRange {
  /** Ahead of all: pushes that are for the session, ascending. */
  readonly first: readonly number[];
  /** What comes behind this one, */
  readonly after: number;
  /** up to this one. */
  readonly until: number;
}

interface Mark {
  readonly name: string;
  readonly item: number;
}

const SEGMENT_SEC = 5;
/** Gateways name their marks by a UUID; what a backend sends may be anything. */
const MARK_CHARS_MAX = 200;
const INDEX_IDLE_SEC = 10;

/**
 * The recent messages of the channel of pushes that every gateway hears, for the sessions of a gateway that died
 * (docs/sessions.md, Several gateways). Bounded in bytes and seconds: it forgets whole segments, the oldest first.
 *
 * Items are counted by whoever reads the messages, one `item` for each, from 1 on since this gateway started. Other
 * gateways count from elsewhere, so a position names the last mark before it: barriers on the channel are marks.
 */
export class PushHistory implements PushPlace, DownstreamVisitor {
  readonly #options: PushHistoryOptions;
  readonly #segments: HistorySegment[] = [];
  /** The last of them. */
  #newest: HistorySegment | undefined;
  /** One that was forgotten, for the next to come. */
  #spare: HistorySegment | undefined;
  /** When something was looked for to forget. */
  #nowSec = 0;
  #marks: Mark[] = [];
  readonly #itemOf = new Map<string, number>();
  readonly #reader = new DownstreamReader();
  #bytes = 0;
  #items = 0;
  #reading = false;
  #behind = false;
  #forgetful = false;
  #markedAtMs = Number.NEGATIVE_INFINITY;
  #indexedAtSec: number | undefined;

  constructor(options: PushHistoryOptions) {
    this.#options = options;
  }

  get place(): number {
    return this.#reading ? 2 * this.#items : 2 * this.#items + 1;
  }

  /** Items so far: the number of the last. */
  get items(): number {
    return this.#items;
  }

  /** Bytes of memory taken for messages. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Everything after the item of this number is here. */
  get begin(): number {
    return this.#segments[0]?.begin ?? this.#items;
  }

  /** Messages were forgotten or missed, or there were some before this gateway listened. */
  get forgetful(): boolean {
    return this.#forgetful;
  }

  /** What came before this gateway listened is still being read. */
  get behind(): boolean {
    return this.#behind;
  }

  /** When the last mark came, on the monotonic clock. */
  get markedAtMs(): number {
    return this.#markedAtMs;
  }

  /** A message of the channel, about to be read: `item` for each that is in it, then `end`. It is copied. */
  start(message: Uint8Array): void {
    // Whoever read the last one threw, and nobody knows what of it was counted.
    if (this.#reading) this.drop();
    this.#reading = true;
    this.#behind = false;
    this.#keep(message);
  }

  item(): void {
    this.#items++;
  }

  /** The item in hand is a barrier of that name. */
  mark(name: string): void {
    if (!this.#reading || name === '' || name.length > MARK_CHARS_MAX) return;
    this.#marks.push({ name, item: this.#items });
    this.#itemOf.set(name, this.#items);
    this.#markedAtMs = performance.now();
  }

  end(): void {
    this.#reading = false;
  }

  /** A message from before this gateway listened. */
  past(message: Uint8Array): void {
    this.#forgetful = true;
    this.start(message);
    this.#behind = true;
    this.#reader.read(message, this);
    this.end();
  }

  onMessage(): void {
    this.item();
  }

  onGroupChange(): void {
    this.item();
  }

  onDisconnectRequest(encoded: Uint8Array): void {
    this.item();
    const request = decodeDisconnectRequest(encoded);
    if (request?.code === DISCONNECT.resumed.code) this.mark(request.reason ?? '');
  }

  /** Messages may have been missed: what is here tells nothing of what comes. */
  drop(): void {
    this.#forgetful = true;
    // Stands for what was missed, so that nothing from before seems to reach up to what comes.
    this.#items++;
    this.#segments.length = 0;
    this.#newest = undefined;
    this.#bytes = 0;
    this.#marks = [];
    this.#itemOf.clear();
  }

  /** The place behind the item of that number; undefined where no mark before it is known. */
  positionOf(item: number): PushPosition | undefined {
    for (let index = this.#marks.length - 1; index >= 0; index--) {
      const mark = this.#marks[index];
      if (mark.item <= item) return { mark: mark.name, items: item - mark.item };
    }
    return undefined;
  }

  /** The number of the item that a position stands behind; undefined where what follows is not all here. */
  locate({ mark, items }: PushPosition): number | undefined {
    const marked = this.#itemOf.get(mark);
    if (marked === undefined) return undefined;
    const item = marked + items;
    return item >= this.begin && item <= this.#items ? item : undefined;
  }

  /** Makes `replay` quick for what comes behind that item, a segment at a time, so that no turn is long. */
  async prepare(after: number): Promise<void> {
    for (const segment of this.#segmentsAfter(after)) {
      // Meanwhile it may have been forgotten, and hold what came later.
      if (segment.indexed || !this.#segments.includes(segment)) continue;
      this.#indexedAtSec = this.#options.nowSec();
      segment.index();
      await nextTurn();
    }
  }

  /** What a stretch of the pushes holds for a session. */
  replay({ first, after, until }: ReplayRange, target: ReplayTarget): PushReplay {
    const replay = new PushReplay(target);
    this.#indexedAtSec = this.#options.nowSec();
    for (const item of first) this.#segmentOf(item)?.replayPush(item, replay);
    for (const segment of this.#segmentsAfter(after)) segment.replay(after, until, replay);
    return replay;
  }

  #segmentOf(item: number): HistorySegment | undefined {
    return this.#segments.findLast(({ begin }) => begin < item);
  }

  /** Those with items behind that one. */
  #segmentsAfter(after: number): HistorySegment[] {
    return this.#segments.filter((_, index) => (this.#segments[index + 1]?.begin ?? this.#items) > after);
  }

  #keep(message: Uint8Array): void {
    const nowSec = this.#options.nowSec();
    if (nowSec !== this.#nowSec) this.#forget(nowSec);
    const newest = this.#newest;
    const isOpen = newest !== undefined && nowSec - newest.sinceSec < SEGMENT_SEC;
    if (!isOpen || !newest.add(message, nowSec)) this.#grow(message, nowSec);
  }

  /** A message alone that is more than may be kept is missed. */
  #grow(message: Uint8Array, nowSec: number): void {
    const { bytesMax } = this.#options;
    const bytes = Math.max(SEGMENT_BYTES, message.length);
    if (bytes > bytesMax) return this.drop();
    while (this.#bytes + bytes > bytesMax) this.#forgetOldest();
    const segment = this.#segmentOfBytes(bytes);
    segment.reset(this.#items, nowSec);
    segment.add(message, nowSec);
    this.#segments.push(segment);
    this.#newest = segment;
    this.#bytes += bytes;
  }

  /** Memory that was used is warm; fresh memory costs the system some work for each page. */
  #segmentOfBytes(bytes: number): HistorySegment {
    const spare = this.#spare;
    this.#spare = undefined;
    return spare?.bytes === bytes ? spare : new HistorySegment(bytes);
  }

  #forget(nowSec: number): void {
    this.#nowSec = nowSec;
    const { ageMaxSec } = this.#options;
    while (this.#segments.length > 0 && nowSec - this.#segments[0].untilSec > ageMaxSec) this.#forgetOldest();
    if (this.#indexedAtSec === undefined || nowSec - this.#indexedAtSec <= INDEX_IDLE_SEC) return;
    for (const segment of this.#segments) segment.dropIndex();
    this.#indexedAtSec = undefined;
  }

  #forgetOldest(): void {
    this.#forgetful = true;
    const oldest = this.#segments.shift();
    this.#bytes -= oldest?.bytes ?? 0;
    if (oldest === this.#newest) this.#newest = undefined;
    if (oldest?.bytes === SEGMENT_BYTES) this.#spare = oldest;
    const { begin } = this;
    let gone = 0;
    // The last one stays: places behind it are named by it, however rare marks are.
    while (gone + 1 < this.#marks.length && this.#marks[gone + 1].item <= begin) {
      this.#itemOf.delete(this.#marks[gone++].name);
    }
    this.#marks.splice(0, gone);
  }
}
