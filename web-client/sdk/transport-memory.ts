import type { Clock } from './clock.ts';

/** Where results are kept: `localStorage`, or anything like it. */
export interface TransportStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** What an attempt does with what is known of the network. */
export type RacePlan =
  | { kind: 'race'; headStartMs: number }
  /** `untilMs`: Unix time. */
  | { kind: 'websocket-only'; untilMs: number };

interface TransportRecord {
  /** Of WebTransport, in a row. */
  failures: number;
  /** Unix ms of the last result. */
  atMs: number;
}

const HEAD_START_MS = 500;
/** After one failure WebTransport gets one more chance, which costs the player little. */
const SHORT_HEAD_START_MS = 100;
const FAILURES_MAX = 2;
/** Browsers hold failures against a page for 5 minutes. */
const WEBSOCKET_ONLY_MS = 10 * 60_000;
const RECORD_MS_MAX = 6 * 3_600_000;

/** What is known of WebTransport to one origin. Forgets after 6 hours: networks change. */
export class TransportMemory {
  readonly #storage: TransportStorage;
  readonly #key: string;
  readonly #clock: Clock;

  constructor(storage: TransportStorage, origin: string, clock: Clock) {
    this.#storage = storage;
    this.#key = `dualgate:transport:${origin}`;
    this.#clock = clock;
  }

  plan(): RacePlan {
    const { failures, atMs } = this.#read();
    const untilMs = atMs + WEBSOCKET_ONLY_MS;
    if (failures >= FAILURES_MAX && this.#clock.unixMs() < untilMs)
      return { kind: 'websocket-only', untilMs };
    return { kind: 'race', headStartMs: failures === 0 ? HEAD_START_MS : SHORT_HEAD_START_MS };
  }

  /** WebTransport worked, whether it won or came late. */
  worked(): void {
    this.#write(0);
  }

  failed(): void {
    this.#write(this.#read().failures + 1);
  }

  #read(): TransportRecord {
    const none = { failures: 0, atMs: 0 };
    try {
      const record: unknown = JSON.parse(this.#storage.getItem(this.#key) ?? 'null');
      if (!isRecord(record) || this.#clock.unixMs() - record.atMs > RECORD_MS_MAX) return none;
      return record;
    } catch {
      return none;
    }
  }

  /** A storage that is full or forbidden remembers nothing. */
  #write(failures: number): void {
    const record: TransportRecord = { failures, atMs: this.#clock.unixMs() };
    try {
      this.#storage.setItem(this.#key, JSON.stringify(record));
    } catch {
      return;
    }
  }
}

function isRecord(value: unknown): value is TransportRecord {
  if (typeof value !== 'object' || value === null || !('failures' in value) || !('atMs' in value))
    return false;
  return Number.isSafeInteger(value.failures) && Number.isSafeInteger(value.atMs);
}

/** `localStorage` where the page may use it; else a memory that lives as long as what it is given to. */
export function platformStorage(): TransportStorage {
  try {
    if (typeof localStorage !== 'undefined') return localStorage;
  } catch {
    // A page without the right to storage may not even name it.
  }
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
  };
}
