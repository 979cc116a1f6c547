import type { OpenLink } from '../web-client/sdk/link.ts';
import { LoadConnection, type LoadConnectionOwner } from './load-connection.ts';
import type { LoadOptions } from './load-options.ts';
import { type LoadCounts, LoadResult } from './load-result.ts';

const TICK_MS = 5;
/** Handshakes under way at one time: a gateway's accept queue is not what is measured. */
const OPENING_MAX = 256;
/** After an interrupt, for answers that are under way. */
const DRAIN_MS = 1_000;

/**
 * One load run in one process. A single tick opens connections along the ramp and sends what is due: all connections
 * have the same interval, so a ring in order of due times replaces a timer for each.
 */
export class LoadRun implements LoadConnectionOwner {
  readonly options: LoadOptions;
  readonly result = new LoadResult();
  readonly #openers: readonly OpenLink[];
  readonly #connections: LoadConnection[] = [];
  readonly #ring: LoadConnection[] = [];
  readonly #dueAtMs: Float64Array;
  #head = 0;
  #pacing = 0;
  #failed = 0;
  #done = 0;
  #startedAtMs = 0;
  #progress = 0;
  #progressAtMs = 0;
  #holdUntilMs: number | undefined;
  #deadlineMs = Number.POSITIVE_INFINITY;
  #ticker: NodeJS.Timeout | undefined;
  #finish: ((result: LoadResult) => void) | undefined;

  /** Connections take the openers in turn. */
  constructor(options: LoadOptions, openers: readonly OpenLink[]) {
    this.options = options;
    this.#openers = openers;
    this.#dueAtMs = new Float64Array(options.connections);
  }

  /** Once. Resolves when every message is settled or given up; the links close in their own time. Never rejects. */
  run(): Promise<LoadResult> {
    this.#startedAtMs = performance.now();
    this.#progressAtMs = this.#startedAtMs;
    return new Promise((resolve) => {
      this.#finish = resolve;
      this.#ticker = setInterval(() => this.#tick(), TICK_MS);
      this.#tick();
    });
  }

  /** Opens and sends nothing more, waits a second for answers, then ends. A second call ends at once. */
  interrupt(): void {
    if (this.#interrupted) {
      this.#end();
      return;
    }
    this.#deadlineMs = performance.now() + DRAIN_MS;
    this.#pacing = 0;
    for (const connection of this.#connections) connection.stop();
  }

  /** For a progress line. */
  get counts(): LoadCounts {
    return this.result;
  }

  onConnected(connection: LoadConnection): void {
    if (this.options.intervalMs === 0) {
      connection.allDue();
      return;
    }
    if (!connection.sentAll) connection.due();
    if (!connection.sentAll) this.#pace(connection, performance.now() + this.options.intervalMs);
  }

  onDone(connection: LoadConnection): void {
    this.#done++;
    if (!connection.connected) this.#failed++;
  }

  get #interrupted(): boolean {
    return this.#deadlineMs !== Number.POSITIVE_INFINITY;
  }

  get #opening(): number {
    return this.#connections.length - this.result.connected - this.#failed;
  }

  #tick(): void {
    const nowMs = performance.now();
    if (!this.#interrupted) this.#openDue(nowMs);
    this.#sendDue(nowMs);
    if (this.#isOver(nowMs)) this.#end();
  }

  #openDue(nowMs: number): void {
    const { connections, rampUpMs } = this.options;
    const elapsedMs = nowMs - this.#startedAtMs;
    const target = elapsedMs >= rampUpMs ? connections : Math.ceil((connections * elapsedMs) / rampUpMs);
    while (this.#connections.length < target && this.#opening < OPENING_MAX) {
      const index = this.#connections.length;
      this.#connections.push(new LoadConnection(this, index, this.#openers[index % this.#openers.length]));
    }
  }

  #sendDue(nowMs: number): void {
    while (this.#pacing > 0 && this.#dueAtMs[this.#head] <= nowMs) {
      const connection = this.#ring[this.#head];
      const dueAtMs = this.#dueAtMs[this.#head];
      this.#head = (this.#head + 1) % this.#dueAtMs.length;
      this.#pacing--;
      connection.due();
      if (!connection.sentAll) this.#pace(connection, dueAtMs + this.options.intervalMs);
    }
  }

  /** A connection is in the ring once at most, so the ring never overflows. */
  #pace(connection: LoadConnection, dueAtMs: number): void {
    const slot = (this.#head + this.#pacing) % this.#dueAtMs.length;
    this.#ring[slot] = connection;
    this.#dueAtMs[slot] = dueAtMs;
    this.#pacing++;
  }

  #isOver(nowMs: number): boolean {
    if (nowMs >= this.#deadlineMs) return true;
    const opened = this.#interrupted || this.#connections.length === this.options.connections;
    if (!opened || this.#opening > 0 || this.#pacing > 0) return false;
    if (this.#done === this.#connections.length) {
      this.#holdUntilMs ??= nowMs + (this.#interrupted ? 0 : this.options.holdMs);
      return nowMs >= this.#holdUntilMs || this.#interrupted;
    }
    return this.#isStalled(nowMs);
  }

  /** All is sent, and nothing came for as long as an answer may take. */
  #isStalled(nowMs: number): boolean {
    const progress = this.result.sent + this.result.received + this.result.errorCount;
    if (progress !== this.#progress) {
      this.#progress = progress;
      this.#progressAtMs = nowMs;
    }
    return nowMs - this.#progressAtMs > this.options.timeoutMs;
  }

  #end(): void {
    clearInterval(this.#ticker);
    for (const connection of this.#connections) connection.close();
    this.#finish?.(this.result);
    this.#finish = undefined;
  }
}
