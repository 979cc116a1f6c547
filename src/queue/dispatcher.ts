import type { Bridge } from '../bridge/bridge.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { UpstreamEntry } from '../protocol/upstream-writer.ts';
import type { TickFlusher } from './tick-flusher.ts';
import type { UpstreamBatch, UpstreamSource } from './upstream-batch.ts';
import { UpstreamTarget, type UpstreamTargetShared } from './upstream-target.ts';

/**
 * After the link came back, a batch heard by nobody is tried again for this long: backends reconnect too, and common
 * clients wait up to 2 s between attempts. The price is paid by a topic without a backend: its acks come so much later.
 */
const SETTLING_MS = 5000;

export interface DispatcherOptions {
  readonly bridge: Bridge;
  readonly flusher: TickFlusher;
  readonly metrics: Metrics;
  readonly format: 'envelope' | 'raw';
  /** With `{game_id}` in it. */
  readonly topic: string;
  /** Bounds on what is accepted and not yet taken by the message queue. */
  readonly framesMax: number;
  readonly bytesMax: number;
  readonly batchSize: number;
  readonly batchTimeoutMs: number;
  readonly batchesInFlight: number;
  readonly retryDelayMs: number;
  /** Monotonic milliseconds; `performance.now` by default. */
  now?(): number;
}

/** Why a frame was not accepted. */
export type Refusal = 'UNAVAILABLE' | 'BUSY';

/**
 * Takes frames for backends, gathers them by topic and hands batches to the bridge. What it accepted it keeps, in
 * order and bounded, until the bridge has it; beyond the bound it refuses, so that nothing disappears unseen.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #shared: UpstreamTargetShared;
  readonly #targets = new Map<string, UpstreamTarget>();
  #pendingFrames = 0;
  #pendingBytes = 0;
  #wasDown = false;
  #settlingUntilMs = 0;
  #closing = false;
  #onIdle: (() => void) | undefined;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    const now = options.now ?? (() => performance.now());
    const outcomes = this.#bindOutcomes(options.metrics, now);
    this.#shared = { ...options, ...outcomes, now, settling: () => now() < this.#settlingUntilMs };
  }

  get pendingFrames(): number {
    return this.#pendingFrames;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** The topic of a game, made at the first call and kept: the caller bounds how many games there are. */
  target(gameId: string): UpstreamTarget {
    const known = this.#targets.get(gameId);
    if (known !== undefined) return known;
    const topic = this.#options.topic.replaceAll('{game_id}', gameId);
    const target = new UpstreamTarget(topic, gameId, this.#shared);
    this.#targets.set(gameId, target);
    return target;
  }

  /**
   * Accepts a frame, or says why not; nothing is copied then. `source` hears when the message queue has it; undefined:
   * nobody asked.
   */
  offer(
    target: UpstreamTarget,
    entry: UpstreamEntry,
    source: UpstreamSource | undefined,
  ): Refusal | undefined {
    const bytes = entry.payload.length + entry.prefix.length;
    const { framesMax, bytesMax } = this.#options;
    if (this.#closing || this.#pendingFrames >= framesMax || this.#pendingBytes + bytes > bytesMax) {
      return this.#refuse();
    }
    this.#pendingFrames++;
    this.#pendingBytes += bytes;
    target.append(entry, source, bytes);
    return undefined;
  }

  /** The bridge came up or went away. */
  onBridgeState(up: boolean): void {
    if (!up) {
      this.#wasDown = true;
      return;
    }
    if (this.#wasDown) this.#settlingUntilMs = this.#shared.now() + SETTLING_MS;
    for (const target of this.#targets.values()) target.onUp();
  }

  /**
   * Accepts nothing more, and waits up to `deadlineMs` for the bridge to take what is pending; then gives up and counts
   * the rest. A batch without answer by then is counted when its answer comes.
   */
  async close(deadlineMs: number): Promise<void> {
    this.#closing = true;
    if (!this.#idle()) await this.#idleOr(deadlineMs);
    for (const target of this.#targets.values()) target.abandon();
  }

  #refuse(): Refusal {
    const { bridge, metrics } = this.#options;
    const busy = bridge.up && !this.#closing;
    metrics.upstreamFrames.add(1, busy ? 'refused_busy' : 'refused_unavailable');
    return busy ? 'BUSY' : 'UNAVAILABLE';
  }

  #idle(): boolean {
    return [...this.#targets.values()].every((target) => target.idle);
  }

  async #idleOr(deadlineMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      timer = setTimeout(resolve, deadlineMs);
      for (const target of this.#targets.values()) target.pump();
    });
    clearTimeout(timer);
    this.#onIdle = undefined;
  }

  #settle(batch: UpstreamBatch): void {
    this.#pendingFrames -= batch.frames;
    this.#pendingBytes -= batch.costBytes;
    if (this.#pendingFrames === 0) this.#onIdle?.();
  }

  #bindOutcomes(metrics: Metrics, now: () => number) {
    const published = metrics.upstreamFrames.cell('published');
    const batches = metrics.upstreamBatches.cell('published');
    const unheard = metrics.upstreamBatches.cell('no_receiver');
    const failed = metrics.upstreamBatches.cell('failed');
    const givenUp = metrics.upstreamFrames.cell('given_up');
    return {
      onPublished: (batch: UpstreamBatch, receivers: number): void => {
        published.value += batch.frames;
        batches.value++;
        if (receivers === 0) unheard.value++;
        metrics.frameLatency.observe((now() - batch.oldestMs) / 1000, batch.frames);
        batch.acks?.acknowledge();
        this.#settle(batch);
      },
      onFailed: (): void => {
        failed.value++;
      },
      onGivenUp: (batch: UpstreamBatch): void => {
        givenUp.value += batch.frames;
        batch.acks?.reject();
        this.#settle(batch);
      },
    };
  }
}
