import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js';

/** Microseconds; a longer latency is recorded as this. */
const LATENCY_US_MAX = 3_600_000_000;

export type CountsByReason = Record<string, number>;

/** What a progress line shows. */
export interface LoadCounts {
  connected: number;
  sent: number;
  answered: number;
  errorCount: number;
}

/** A result as it travels between processes. */
export interface LoadSnapshot {
  connected: number;
  connectFailures: CountsByReason;
  dropped: CountsByReason;
  sent: number;
  answered: number;
  received: number;
  errors: CountsByReason;
  firstSentAtMs: number;
  lastAnswerAtMs: number;
  histogram: string;
}

/** What a run counts. Written on the hot path, so the counters are plain fields. */
export class LoadResult {
  connected = 0;
  sent = 0;
  /** Messages that came back, or were acknowledged with `--ack`. */
  answered = 0;
  /** Application frames of any kind, answers included. */
  received = 0;
  errorCount = 0;
  /** Unix time, with fractions; 0: none yet. */
  firstSentAtMs = 0;
  lastAnswerAtMs = 0;
  readonly connectFailures: CountsByReason = {};
  /** Connections that ended before the run did. */
  readonly dropped: CountsByReason = {};
  /** By error code. */
  readonly errors: CountsByReason = {};
  readonly #latency = newHistogram();

  recordLatency(us: number): void {
    this.#latency.recordValue(us < LATENCY_US_MAX ? us : LATENCY_US_MAX);
  }

  /** Latency at a percentile (0 to 100), microseconds. The histogram rounds up within its three digits. */
  latencyUs(percentile: number): number {
    if (this.#latency.totalCount === 0) return 0;
    return Math.min(this.#latency.getValueAtPercentile(percentile), this.#latency.maxValue);
  }

  get latencyUsMax(): number {
    return this.#latency.totalCount === 0 ? 0 : this.#latency.maxValue;
  }

  get latencyUsMean(): number {
    return this.#latency.totalCount === 0 ? 0 : this.#latency.mean;
  }

  /** Sent, and neither answered nor refused. */
  get lost(): number {
    return Math.max(0, this.sent - this.answered - this.errorCount);
  }

  get durationMs(): number {
    return Math.max(0, this.lastAnswerAtMs - this.firstSentAtMs);
  }

  /** Answers per second between the first message and the last answer. */
  get answersPerSec(): number {
    return this.durationMs === 0 ? 0 : (this.answered * 1_000) / this.durationMs;
  }

  /** No loss, no error, no connection that failed or fell. */
  get clean(): boolean {
    const failures = total(this.connectFailures) + total(this.dropped);
    return this.lost === 0 && this.errorCount === 0 && failures === 0;
  }

  snapshot(): LoadSnapshot {
    const { connected, connectFailures, dropped, sent, answered, received, errors } = this;
    const { firstSentAtMs, lastAnswerAtMs } = this;
    const histogram = encodeIntoCompressedBase64(this.#latency);
    const counts = { connected, connectFailures, dropped, sent, answered, received, errors };
    return { ...counts, firstSentAtMs, lastAnswerAtMs, histogram };
  }

  /** Adds what another process counted. */
  merge(other: LoadSnapshot): void {
    this.connected += other.connected;
    this.sent += other.sent;
    this.answered += other.answered;
    this.received += other.received;
    this.errorCount += total(other.errors);
    addAll(this.connectFailures, other.connectFailures);
    addAll(this.dropped, other.dropped);
    addAll(this.errors, other.errors);
    if (other.firstSentAtMs > 0 && (this.firstSentAtMs === 0 || other.firstSentAtMs < this.firstSentAtMs)) {
      this.firstSentAtMs = other.firstSentAtMs;
    }
    this.lastAnswerAtMs = Math.max(this.lastAnswerAtMs, other.lastAnswerAtMs);
    this.#latency.add(decodeFromCompressedBase64(other.histogram));
  }
}

export function count(counts: CountsByReason, reason: string): void {
  counts[reason] = (counts[reason] ?? 0) + 1;
}

export function total(counts: CountsByReason): number {
  return Object.values(counts).reduce((sum, value) => sum + value, 0);
}

function addAll(counts: CountsByReason, other: CountsByReason): void {
  for (const [reason, value] of Object.entries(other)) counts[reason] = (counts[reason] ?? 0) + value;
}

function newHistogram(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: LATENCY_US_MAX,
    numberOfSignificantValueDigits: 3,
  });
}
