import type { Bridge } from '../bridge/bridge.ts';
import type { Cell } from '../observe/counters.ts';
import type { Metrics } from '../observe/metrics.ts';
import { encodeDeadLetter } from '../protocol/envelopes.ts';
import type { UpstreamEntry } from '../protocol/upstream-writer.ts';
import type { QueuedFrame } from './ingress-lanes.ts';
import { type IngressFeed, IngressThrottle } from './ingress-throttle.ts';
import { LANE, LANE_NAMES, type Lane } from './lane.ts';
import { RetryBudget } from './retry-budget.ts';
import type { TickFlusher } from './tick-flusher.ts';
import type { UpstreamBatch, UpstreamSource } from './upstream-batch.ts';
import { UpstreamTarget, type UpstreamTargetShared } from './upstream-target.ts';

/**
 * After the link came back, a batch heard by nobody is tried again for this long: backends reconnect too, and common
 * clients wait up to 2 s between attempts. The price is paid by a topic without a backend: its acks come so much later.
 */
const SETTLING_MS = 5000;

/** Backpressure, as fractions of the bounds: from here on the connections that feed most are not read from, */
const PAUSE_AT = 0.75;
/** their frames that come all the same are refused, so that the rest is left to the others, */
const REFUSE_SHARE_AT = 0.9;
/** and below this they are read from again. */
const RESUME_AT = 0.5;

export interface DispatcherOptions {
  readonly bridge: Bridge;
  readonly flusher: TickFlusher;
  readonly metrics: Metrics;
  readonly format: 'envelope' | 'raw';
  /** With `{game_id}` in it. Dead letters go to the topic with `:dead` behind it. */
  readonly topic: string;
  /** Names this gateway in dead letters. */
  readonly gatewayId?: string;
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

/** Where a frame comes from, as far as queueing is concerned. Mutable: the caller reuses one object. */
export interface UpstreamOrigin {
  lane: Lane;
  /** The connection, held back when it feeds the queue most; undefined: never. */
  feed: IngressFeed | undefined;
}

const NO_ORIGIN: UpstreamOrigin = { lane: LANE.normal, feed: undefined };

/** What waits in the lanes, and the backpressure there is. */
export interface IngressStats {
  readonly queuedFrames: number;
  /** Pending frames or bytes as a part of their bound, whichever is more. */
  readonly usageRatio: number;
  /** Connections that are not read from now, and times that one was paused. */
  readonly pausedConnections: number;
  readonly pauses: number;
}

/** Why a frame was not accepted. */
export type Refusal = 'UNAVAILABLE' | 'BUSY';

/**
 * Takes frames for backends, gathers them by topic and hands batches to the bridge. What it accepted it keeps, in
 * order and bounded, until the bridge has it; beyond the bound it refuses, so that nothing disappears unseen.
 *
 * While a topic takes frames they go straight into its open batch. Under backpressure they wait in the lanes of the
 * topic, and the connections that feed it most are not read from until there is room again.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #shared: UpstreamTargetShared;
  readonly #targets = new Map<string, UpstreamTarget>();
  readonly #throttle = new IngressThrottle();
  readonly #enqueued: readonly Cell[];
  readonly #dequeued: readonly Cell[];
  #queuedFrames = 0;
  #pendingFrames = 0;
  #pendingBytes = 0;
  #wasDown = false;
  #settlingUntilMs = 0;
  #firstBatchNumber = 0;
  #closing = false;
  #onIdle: (() => void) | undefined;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    const now = options.now ?? (() => performance.now());
    const { ingressEnqueued, ingressDequeued } = options.metrics;
    this.#enqueued = LANE_NAMES.map((lane) => ingressEnqueued.cell(lane));
    this.#dequeued = LANE_NAMES.map((lane) => ingressDequeued.cell(lane));
    this.#shared = {
      ...options,
      ...this.#bindOutcomes(options.metrics, now),
      now,
      retries: new RetryBudget(now),
      settling: () => now() < this.#settlingUntilMs,
      onDequeued: (frame) => this.#onDequeued(frame),
      onPoisoned: (topic, batch) => this.#onPoisoned(topic, batch),
    };
  }

  get pendingFrames(): number {
    return this.#pendingFrames;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  get ingress(): IngressStats {
    return {
      queuedFrames: this.#queuedFrames,
      usageRatio: this.#usageRatio(),
      pausedConnections: this.#throttle.pausedFeeds,
      pauses: this.#throttle.pauses,
    };
  }

  /** The topic of a game, made at the first call and kept until `release`: the caller bounds how many there are. */
  target(gameId: string): UpstreamTarget {
    const known = this.#targets.get(gameId);
    if (known !== undefined) return known;
    const topic = this.#options.topic.replaceAll('{game_id}', gameId);
    const target = new UpstreamTarget(topic, gameId, this.#shared, this.#firstBatchNumber);
    this.#targets.set(gameId, target);
    return target;
  }

  /** Forgets the topic of a game that is idle; nothing is to be offered to it any more. False: it is not idle. */
  release(gameId: string): boolean {
    const target = this.#targets.get(gameId);
    if (target === undefined) return true;
    if (!target.idle) return false;
    // A topic that comes back must not use a number twice: the message queue would take its batches for old ones.
    this.#firstBatchNumber = Math.max(this.#firstBatchNumber, target.nextBatchNumber);
    target.abandon();
    this.#targets.delete(gameId);
    return true;
  }

  /**
   * Accepts a frame, or says why not; nothing is copied then. `source` hears when the message queue has it; undefined:
   * nobody asked.
   */
  offer(
    target: UpstreamTarget,
    entry: UpstreamEntry,
    source: UpstreamSource | undefined,
    origin: UpstreamOrigin = NO_ORIGIN,
  ): Refusal | undefined {
    const bytes = entry.payload.length + entry.prefix.length;
    const { framesMax, bytesMax } = this.#options;
    if (this.#closing || this.#pendingFrames >= framesMax || this.#pendingBytes + bytes > bytesMax) {
      return this.#refuse();
    }
    const { takes } = target;
    if (!takes && this.#feedsTooMuch(origin.feed)) return this.#refuse();
    this.#pendingFrames++;
    this.#pendingBytes += bytes;
    if (takes) target.append(entry, source, bytes);
    else
      this.#enqueue(target, copyOf(entry, source, origin, { costBytes: bytes, sinceMs: this.#shared.now() }));
    return undefined;
  }

  /** The connection is gone: it is not to be read from again. What it sent goes its way. */
  forget(feed: IngressFeed): void {
    this.#throttle.forget(feed);
  }

  /** The bridge came up or went away. */
  onBridgeState(up: boolean): void {
    if (!up) {
      this.#wasDown = true;
      // Who sends while the queue is away is to hear so, and not to wait for an answer that cannot be read for.
      this.#throttle.resumeAll();
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

  #usageRatio(): number {
    const { framesMax, bytesMax } = this.#options;
    return Math.max(this.#pendingFrames / framesMax, this.#pendingBytes / bytesMax);
  }

  #feedsTooMuch(feed: IngressFeed | undefined): boolean {
    if (feed === undefined || !this.#options.bridge.up) return false;
    return this.#usageRatio() >= REFUSE_SHARE_AT && this.#throttle.hasShare(feed);
  }

  #enqueue(target: UpstreamTarget, frame: QueuedFrame): void {
    target.enqueue(frame);
    this.#queuedFrames++;
    this.#enqueued[frame.lane].value++;
    const { feed } = frame;
    if (feed === undefined) return;
    this.#throttle.onQueued(feed);
    if (this.#options.bridge.up && this.#usageRatio() >= PAUSE_AT && this.#throttle.hasShare(feed)) {
      this.#throttle.pause(feed);
    }
  }

  #onDequeued(frame: QueuedFrame): void {
    this.#queuedFrames--;
    this.#dequeued[frame.lane].value++;
    this.#options.metrics.ingressWait.observe((this.#shared.now() - frame.sinceMs) / 1000);
    if (frame.feed !== undefined) this.#throttle.onTaken(frame.feed);
  }

  /** The client is told that the frame was not taken; what was refused is kept for whoever finds out why. */
  #onPoisoned(topic: string, batch: UpstreamBatch): void {
    const { bridge, metrics, gatewayId = '' } = this.#options;
    const letter = encodeDeadLetter({
      topic,
      reason: batch.refusal ?? 'refused',
      attempts: batch.attempts,
      failedAtMs: Date.now(),
      source: gatewayId,
      messages: batch.messages,
    });
    bridge.publish(`${topic}:dead`, [letter], (error) => {
      metrics.upstreamBatches.add(1, error === undefined ? 'dead_letter' : 'dead_letter_failed');
    });
    this.#shared.onGivenUp(batch);
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
    if (this.#throttle.pausedFeeds > 0 && this.#usageRatio() <= RESUME_AT) this.#throttle.resumeAll();
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
        this.#shared.retries.onSuccess();
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

/** Only under backpressure: the received view does not outlive the call. */
function copyOf(
  entry: UpstreamEntry,
  source: UpstreamSource | undefined,
  origin: UpstreamOrigin,
  account: { readonly costBytes: number; readonly sinceMs: number },
): QueuedFrame {
  const { prefix, seq, route, msgId, receivedAtMs, latest } = entry;
  const payload = new Uint8Array(entry.payload);
  return { prefix, seq, route, msgId, receivedAtMs, latest, payload, source, ...origin, ...account };
}
