import type { Bridge } from '../bridge/bridge.ts';
import { UpstreamBatchWriter, type UpstreamEntry } from '../protocol/upstream-writer.ts';
import { Ring } from './ring.ts';
import type { Flushable, TickFlusher } from './tick-flusher.ts';
import { PendingAcks, type UpstreamBatch, type UpstreamSource } from './upstream-batch.ts';

/** Up to this many batches without answer, a tick's frames leave at once; above, they gather. */
const EAGER_BATCHES_IN_FLIGHT = 2;
/** A batch is closed at this size, whatever its count. */
const BATCH_BYTES_MAX = 1024 * 1024;
/** A batch that the queue refuses this often while it is up is given up. */
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
  onPublished(batch: UpstreamBatch, receivers: number): void;
  onFailed(batch: UpstreamBatch, error: Error): void;
  onGivenUp(batch: UpstreamBatch): void;
}

/**
 * The frames for one topic: an open batch that grows, closed ones in order, and a bounded number at the bridge.
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
  #batchNumber = 0;
  #inFlight = 0;
  #failed: UpstreamBatch[] = [];
  #scheduled = false;
  #timer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(topic: string, gameId: string, shared: UpstreamTargetShared) {
    this.topic = topic;
    this.#shared = shared;
    this.#writer = new UpstreamBatchWriter(gameId);
  }

  /**
   * Copies the entry into the open batch. `source`: who wants to hear of it; undefined: nobody. `costBytes`: what the
   * owner counts it as; the batch hands the sum back.
   */
  append(entry: UpstreamEntry, source: UpstreamSource | undefined, costBytes: number): void {
    if (this.#openCount === 0) this.#openSinceMs = this.#shared.now();
    if (this.#shared.format === 'envelope') this.#writer.append(entry);
    else this.#appendRaw(entry.payload);
    this.#openCostBytes += costBytes;
    if (source !== undefined) {
      this.#openAcks ??= new PendingAcks();
      this.#openAcks.add(source, entry.seq, entry.route, entry.msgId);
    }
    if (this.#openCount >= this.#shared.batchSize || this.#openBytes >= BATCH_BYTES_MAX) this.#closeBatch();
    this.#schedule();
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
    const { bridge } = this.#shared;
    if (!bridge.up || this.#retryTimer !== undefined || this.#failed.length > 0) return;
    const inFlightMax = this.#inFlightMax();
    while (this.#inFlight < inFlightMax) {
      if (this.#closed.length === 0) this.#closeBatch();
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

  get idle(): boolean {
    return (
      this.#inFlight === 0 && this.#closed.length === 0 && this.#openCount === 0 && this.#failed.length === 0
    );
  }

  /** Ends the timers and gives up what is left; a batch at the bridge once its answer is a failure. For good. */
  abandon(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#retryTimer);
    this.#closeBatch();
    for (const batch of this.#failed) this.#shared.onGivenUp(batch);
    this.#failed = [];
    for (let batch = this.#closed.shift(); batch !== undefined; batch = this.#closed.shift()) {
      this.#shared.onGivenUp(batch);
    }
  }

  get #openCount(): number {
    return this.#shared.format === 'envelope' ? this.#writer.count : this.#raw.length;
  }

  get #openBytes(): number {
    return this.#shared.format === 'envelope' ? this.#writer.bytes : this.#rawBytes;
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
      this.#inFlight >= EAGER_BATCHES_IN_FLIGHT &&
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
    });
    this.#openAcks = undefined;
    this.#openCostBytes = 0;
  }

  #publish(batch: UpstreamBatch): void {
    this.#inFlight++;
    this.#shared.bridge.publish(this.topic, batch.messages, (error, receivers) => {
      this.#inFlight--;
      if (error !== undefined) this.#onError(batch, error);
      else if (receivers === 0 && !this.#ended && this.#shared.settling()) this.#failed.push(batch);
      else this.#shared.onPublished(batch, receivers);
      this.#afterAnswer();
    });
  }

  #onError(batch: UpstreamBatch, error: Error): void {
    this.#shared.onFailed(batch, error);
    if (this.#shared.bridge.up) batch.attempts++;
    if (batch.attempts < ATTEMPTS_MAX && !this.#ended) this.#failed.push(batch);
    else this.#shared.onGivenUp(batch);
  }

  #afterAnswer(): void {
    if (this.#ended) return;
    if (this.#failed.length === 0) {
      if (this.#inFlight < EAGER_BATCHES_IN_FLIGHT || this.#closed.length > 0) this.pump();
      return;
    }
    if (this.#inFlight > 0) return;
    this.#requeueFailed();
    const { retryDelayMs } = this.#shared;
    this.#retryTimer ??= setTimeout(() => this.onUp(), retryDelayMs * (0.5 + Math.random())).unref();
  }

  #requeueFailed(): void {
    const failed = this.#failed.sort((a, b) => b.number - a.number);
    this.#failed = [];
    for (const batch of failed) this.#closed.unshift(batch);
  }
}
