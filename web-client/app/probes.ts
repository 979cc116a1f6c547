/** A probe without an echo for this long is lost. */
const LOST_AFTER_MS = 2_000;
/** Round trips that the percentiles and the histogram look back on. */
const SAMPLES_MAX = 1_000;
/** Seconds of the rate chart. */
export const RATE_SECONDS = 60;

/** Upper edges of the histogram's buckets, ms: half octaves from 0.25 ms to about 1.4 s. */
export const LATENCY_EDGES_MS: readonly number[] = Array.from(
  { length: 26 },
  (_, index) => 0.25 * 2 ** (index / 2),
);

/** Round trips, losses and rates of one link's probes. Times are `performance.now()`. */
export class Probes {
  readonly #waiting = new Map<number, number>();
  readonly #samples: number[] = [];
  readonly #received = new Map<number, number>();
  #next = 0;
  #sent = 0;
  #echoed = 0;
  #lost = 0;

  /** The number of the next probe, which counts as sent at `nowMs`. */
  begin(nowMs: number): number {
    this.#next++;
    this.#sent++;
    this.#waiting.set(this.#next, nowMs);
    return this.#next;
  }

  /** It did not get out of the page. */
  cancel(number: number): void {
    if (this.#waiting.delete(number)) this.#sent--;
  }

  /** Its echo is here. A late one counts as lost all the same. */
  end(number: number, nowMs: number): void {
    const sentAtMs = this.#waiting.get(number);
    if (sentAtMs === undefined) return;
    this.#waiting.delete(number);
    this.#echoed++;
    this.#samples.push(nowMs - sentAtMs);
    if (this.#samples.length > SAMPLES_MAX) this.#samples.shift();
  }

  /** Any message came in. */
  countMessage(nowMs: number): void {
    const second = Math.floor(nowMs / 1_000);
    this.#received.set(second, (this.#received.get(second) ?? 0) + 1);
  }

  /** Gives up probes that are overdue and forgets seconds that no chart shows. */
  sweep(nowMs: number): void {
    for (const [number, sentAtMs] of this.#waiting) {
      if (nowMs - sentAtMs <= LOST_AFTER_MS) break;
      this.#waiting.delete(number);
      this.#lost++;
    }
    const oldest = Math.floor(nowMs / 1_000) - RATE_SECONDS - 1;
    for (const second of this.#received.keys()) if (second < oldest) this.#received.delete(second);
  }

  get sent(): number {
    return this.#sent;
  }

  get lost(): number {
    return this.#lost;
  }

  /** Of the probes whose fate is known; undefined before there is one. */
  get lossPercent(): number | undefined {
    const known = this.#echoed + this.#lost;
    return known === 0 ? undefined : (100 * this.#lost) / known;
  }

  /** Milliseconds; undefined before the first echo. */
  percentile(percent: number): number | undefined {
    if (this.#samples.length === 0) return undefined;
    const sorted = this.#samples.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor((percent / 100) * sorted.length))];
  }

  /** Samples per bucket of LATENCY_EDGES_MS; the last one takes what is beyond. */
  histogram(): number[] {
    const counts = LATENCY_EDGES_MS.map(() => 0);
    for (const sample of this.#samples) {
      const index = LATENCY_EDGES_MS.findIndex((edge) => sample <= edge);
      counts[index === -1 ? counts.length - 1 : index]++;
    }
    return counts;
  }

  /** Messages that came in that second. */
  messagesIn(second: number): number {
    return this.#received.get(second) ?? 0;
  }

  reset(): void {
    this.#waiting.clear();
    this.#samples.length = 0;
    this.#received.clear();
    this.#sent = 0;
    this.#echoed = 0;
    this.#lost = 0;
  }
}
