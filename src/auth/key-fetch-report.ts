import type { Family } from '../observe/counters.ts';
import type { Log } from '../observe/log.ts';
import type { KeyFetchOutcome } from './key-fetch.ts';

/** While a key set is out of reach a line is written no more often. */
const LINE_EVERY_MS = 60_000;

/** Counts the fetches of a key set, and says when they begin to fail, that they still do, and when they are good again. */
export class KeyFetchReport {
  readonly #fetches: Family;
  readonly #log: Log;
  readonly #nowMs: () => number;
  #failures = 0;
  #lineAtMs = 0;

  /** `fetches`: by outcome. `nowMs` is monotonic. */
  constructor(fetches: Family, log: Log, nowMs: () => number = () => performance.now()) {
    this.#fetches = fetches;
    this.#log = log;
    this.#nowMs = nowMs;
  }

  fetched(outcome: KeyFetchOutcome, detail: string): void {
    this.#fetches.add(1, outcome);
    if (outcome === 'ok') return this.#onGood();
    this.#failures++;
    const nowMs = this.#nowMs();
    if (this.#failures > 1 && nowMs - this.#lineAtMs < LINE_EVERY_MS) return;
    this.#lineAtMs = nowMs;
    this.#log.warn({ outcome, detail, failures: this.#failures }, 'the key set for tokens cannot be fetched');
  }

  #onGood(): void {
    if (this.#failures === 0) return;
    this.#log.info({ failures: this.#failures }, 'the key set for tokens is there again');
    this.#failures = 0;
  }
}
