import type { Bridge } from '../bridge/bridge.ts';
import { UpstreamBatchWriter, type UpstreamEntry } from '../protocol/upstream-writer.ts';
import { IngressLanes, type QueuedFrame } from './ingress-lanes.ts';
import type { RetryBudget } from './retry-budget.ts';
import { Ring } from './ring.ts';
import type { Flushable, TickFlusher } from './tick-flusher.ts';
import { PendingAcks, type UpstreamBatch, type UpstreamSource } from './upstream-batch.ts';

/** Up to this many batches without answer, a tick's frames leave at once; above, they gather. */
const EAGER_BATCHES_IN_FLIGHT = 2;
/** A batch is closed at this size, whatever its count. */
const BATCH_BYTES_MAX = 1024 * 1024;
/** A batch that the queue refuses this often while it is up, as the oldest of its topic, goes to the dead letters. */
const ATTEMPTS_MAX = 10;

/** What the topics of a dispatcher share. */
export interface UpstreamTargetShared {
  readonly bridge: Bridge;
  readonly flusher: TickFlusher;
  readonly format: 'envelope' | 'raw';
  readonly batchSize: number;
  readonly batchTimeoutMs: number;
  readonly batchesInFlight: number;
  readonly retryDelayMs: number;
  /** Monotonic milliseconds. */
  now(): number;
  /** True while backends may still be on their way back after the link was lost: heard by nobody means try again. */
  settling(): boolean;
  readonly retries: RetryBudget;
  /** A frame leaves the lanes. */
  onDequeued(frame: QueuedFrame): void;
  onPublished(batch: UpstreamBatch, receivers: number): void;
  onFailed(batch: UpstreamBatch, error: Error): void;
  onGivenUp(batch: UpstreamBatch): void;
  /** As `onGivenUp`, for a batch that the message queue refuses: it is not to be lost. */
  onPoisoned(topic: string, batch: UpstreamBatch): void;
}

/**
 * The frames for one topic: an open batch that grows, closed ones in order, and a bounded number at the bridge. What
 * those cannot hold waits in lanes, where priority still counts.
 *
 * When idle, the frames of a tick leave at its end. While batches are without answer the open one gathers, up to
 * `batchSize` frames or `batchTimeoutMs`. A failure stops the topic until nothing is in flight, then everything that
 * failed is tried again in its order.
 */
export class UpstreamTarget implements Flushable {
  readonly topic: string;
  readonly #shared: UpstreamTargetShared;
  readonly #writer: UpstreamBatchWriter;
  readonly #closed = new Ring<UpstreamBatch>();
  #raw: Uint8Array[] = [];
  #rawBytes = 0;
  #openAcks: PendingAcks | undefined;
  #openCostBytes = 0;
  #openSinceMs = 0;
  #batchNumber: number;
  /** At the bridge, without answer. */
  readonly #published: UpstreamBatch[] = [];
  readonly #lanes = new IngressLanes();
  #failed: UpstreamBatch[] = [];
  #scheduled = false;
  #timer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #ended = false;

  /** `firstNumber`: of its first batch; above those that an earlier target of the topic has used. */
  constructor(topic: string, gameId: string, shared: UpstreamTargetShared, firstNumber: number) {
    this.#batchNumber = firstNumber;
    this.topic = topic;
    this.#shared = shared;
    this.#writer = new UpstreamBatchWriter(gameId);
  }

  /**
   * Copies the entry into the open batch. `source`: who wants to hear of it; undefined: nobody. `costBytes`: what the
   * owner counts it as; the batch hands the sum back.
   */
  append(entry: UpstreamEntry, source: UpstreamSource | undefined, costBytes: number): void {
    this.#add(entry, source, costBytes, this.#shared.now());
    this.#schedule();
  }

  /** True where `append` is in order: nothing waits in the lanes, and the batches have room. */
  get takes(): boolean {
    if (this.#lanes.length > 0) return false;
    const { length } = this.#closed;
    return length === 0 || (this.#ready && this.#published.length + length < this.#inFlightMax());
  }

  /** Puts a frame into its lane, until there is room. */
  enqueue(frame: QueuedFrame): void {
    this.#lanes.push(frame);
  }

  flush(): void {
    this.#scheduled = false;
    if (this.#ended) return;
    if (this.#gathering()) {
      this.#timer ??= setTimeout(() => this.#onTimer(), this.#shared.batchTimeoutMs).unref();
      return;
    }
    this.pump();
  }

  /** Gives the bridge what it takes now. Called at the tick's end, when a batch was answered, and when it comes up. */
  pump(): void {
    if (!this.#ready) return;
    const inFlightMax = this.#inFlightMax();
    while (this.#published.length < inFlightMax) {
      if (this.#closed.length === 0) this.#refill();
      const batch = this.#closed.shift();
      if (batch === undefined) return;
      this.#publish(batch);
    }
  }

  /** The bridge is back: no need to wait for the retry delay. */
  onUp(): void {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    this.pump();
  }

  /** Of the batch that is closed next. */
  get nextBatchNumber(): number {
    return this.#batchNumber;
  }

  get idle(): boolean {
    return (
      this.#published.length === 0 &&
      this.#closed.length === 0 &&
      this.#openCount === 0 &&
      this.#failed.length === 0 &&
      this.#lanes.length === 0
    );
  }

  /** Ends the timers and gives up what is left; a batch at the bridge once its answer is a failure. For good. */
  abandon(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#retryTimer);
    for (const batch of this.#failed) this.#shared.onGivenUp(batch);
    this.#failed = [];
    do {
      for (let batch = this.#closed.shift(); batch !== undefined; batch = this.#closed.shift()) {
        this.#shared.onGivenUp(batch);
      }
      this.#refill();
    } while (this.#closed.length > 0);
  }

  /** True where a batch may go to the bridge, as far as their number allows. */
  get #ready(): boolean {
    return this.#shared.bridge.up && this.#retryTimer === undefined && this.#failed.length === 0;
  }

  get #openCount(): number {
    return this.#shared.format === 'envelope' ? this.#writer.count : this.#raw.length;
  }

  get #openBytes(): number {
    return this.#shared.format === 'envelope' ? this.#writer.bytes : this.#rawBytes;
  }

  #add(entry: UpstreamEntry, source: UpstreamSource | undefined, costBytes: number, sinceMs: number): void {
    const position = this.#openCount;
    if (position === 0) this.#openSinceMs = sinceMs;
    if (this.#shared.format === 'envelope') this.#writer.append(entry);
    else this.#appendRaw(entry.payload);
    this.#openCostBytes += costBytes;
    if (source !== undefined) {
      this.#openAcks ??= new PendingAcks();
      this.#openAcks.add(source, entry, position);
    }
    if (this.#openCount >= this.#shared.batchSize || this.#openBytes >= BATCH_BYTES_MAX) this.#closeBatch();
  }

  /** Makes one closed batch of the open one and of what waits in the lanes, if there is anything. */
  #refill(): void {
    while (this.#closed.length === 0) {
      const frame = this.#lanes.shift();
      if (frame === undefined) return this.#closeBatch();
      this.#shared.onDequeued(frame);
      this.#add(frame, frame.source, frame.costBytes, frame.sinceMs);
    }
  }

  #appendRaw(payload: Uint8Array): void {
    // Not slice(): a socket's view is a Buffer, and its slice shares the memory.
    this.#raw.push(new Uint8Array(payload));
    this.#rawBytes += payload.length;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#shared.flusher.schedule(this);
  }

  /** One at a time while settling: a backend that comes back in between must not hear the second before the first. */
  #inFlightMax(): number {
    return this.#shared.settling() ? 1 : this.#shared.batchesInFlight;
  }

  #gathering(): boolean {
    return (
      this.#published.length >= EAGER_BATCHES_IN_FLIGHT &&
      this.#closed.length === 0 &&
      this.#shared.batchTimeoutMs > 0
    );
  }

  #onTimer(): void {
    this.#timer = undefined;
    this.pump();
  }

  #closeBatch(): void {
    const frames = this.#openCount;
    if (frames === 0) return;
    const messages = this.#shared.format === 'envelope' ? [this.#writer.finish()] : this.#raw;
    this.#raw = [];
    this.#rawBytes = 0;
    this.#closed.push({
      number: this.#batchNumber++,
      messages,
      frames,
      costBytes: this.#openCostBytes,
      oldestMs: this.#openSinceMs,
      acks: this.#openAcks,
      attempts: 0,
      refusal: undefined,
    });
    this.#openAcks = undefined;
    this.#openCostBytes = 0;
  }

  #publish(batch: UpstreamBatch): void {
    this.#published.push(batch);
    const { number, acks } = batch;
    // Answers may come in any order, so the oldest is not always the first.
    const oldest = this.#published.reduce((least, other) => Math.min(least, other.number), number);
    batch.refusal = undefined;
    const done = (error: Error | undefined, receivers: number): void => {
      this.#published.splice(this.#published.indexOf(batch), 1);
      if (error !== undefined) this.#onError(batch, error);
      else if (receivers === 0 && !this.#ended && this.#shared.settling()) this.#failed.push(batch);
      else this.#shared.onPublished(batch, receivers);
      this.#afterAnswer();
    };
    this.#shared.bridge.publish(this.topic, batch.messages, done, { number, oldest, acks });
  }

  #onError(batch: UpstreamBatch, error: Error): void {
    this.#shared.onFailed(batch, error);
    batch.refusal = this.#shared.bridge.up ? error.message : undefined;
    if (this.#ended) this.#shared.onGivenUp(batch);
    else this.#failed.push(batch);
  }

  #afterAnswer(): void {
    if (this.#ended) return;
    if (this.#failed.length === 0) {
      const waiting = this.#closed.length > 0 || this.#lanes.length > 0;
      if (waiting || this.#published.length < EAGER_BATCHES_IN_FLIGHT) this.pump();
      return;
    }
    if (this.#published.length > 0) return;
    this.#requeueFailed();
    this.#judgeOldest();
    this.#retryLater();
  }

  /** What failed behind a batch that is refused may have failed for its sake only, so the oldest alone is judged. */
  #judgeOldest(): void {
    const oldest = this.#closed.peek();
    if (oldest?.refusal === undefined) return;
    oldest.attempts++;
    if (oldest.attempts < ATTEMPTS_MAX) return;
    this.#closed.shift();
    this.#shared.onPoisoned(this.topic, oldest);
  }

  #retryLater(): void {
    const { retryDelayMs, retries } = this.#shared;
    const again = (): void => {
      this.#retryTimer = undefined;
      if (retries.take()) this.onUp();
      else this.#retryLater();
    };
    this.#retryTimer ??= setTimeout(again, retryDelayMs * (0.5 + Math.random())).unref();
  }

  #requeueFailed(): void {
    const failed = this.#failed.sort((a, b) => b.number - a.number);
    this.#failed = [];
    for (const batch of failed) this.#closed.unshift(batch);
  }
}
