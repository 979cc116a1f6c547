import { setTimeout as delay } from 'node:timers/promises';
import { FLAG, readFlags, readSeq, writeUint32 } from '../../../src/protocol/header.ts';
import type { Sample, Subject } from '../bench.ts';
import type { ServerProcess } from '../server-process.ts';
import { quantile } from '../statistics.ts';
import { measureRate } from './usage.ts';

/** One client, whatever its transport. */
export interface HeldClient {
  /** Called with each frame of the server, `bytes[start, …)`. */
  listen(onFrame: (bytes: Uint8Array, start: number) => void): void;
  /** Sends a frame like all frames of this client, with this seq. */
  send(seq: number): void;
}

export interface HeldOptions {
  readonly framesPerSec: number;
  readonly heldMs: number;
  /** Ends the clients. */
  close(): Promise<void>;
}

/** Moments of sending kept for each client, a power of two: more than any answer takes. */
const SENT_KEPT = 256;
const TICK_MS = 1;
const ANSWERS_DEADLINE_MS = 3_000;
/** The first part warms up and does not count. */
const WARM_UP = 0.15;

/**
 * Many clients that each send so many frames a second, evenly spread, whether the answers come or not. Round trips are
 * from the moment of sending; `lateP99Us` is how late against its plan the generator itself sent.
 */
export class HeldLoad implements Subject {
  readonly #server: ServerProcess;
  readonly #clients: readonly HeldClient[];
  readonly #options: HeldOptions;
  readonly #sentAtMs: Float64Array;
  #timesMs: number[] = [];
  #latenessMs: number[] = [];
  #sent = 0;
  #answered = 0;
  /** Answered with an error: the generator, held up itself, may catch up with more than the server's queue holds. */
  #refused = 0;

  constructor(server: ServerProcess, clients: readonly HeldClient[], options: HeldOptions) {
    this.#server = server;
    this.#clients = clients;
    this.#options = options;
    this.#sentAtMs = new Float64Array(clients.length * SENT_KEPT);
    for (const [index, client] of clients.entries()) {
      client.listen((bytes, start) => this.#onFrame(index, bytes, start));
    }
  }

  /** Takes as long as `heldMs`, whatever is asked for. */
  async measure(): Promise<Sample> {
    const { heldMs } = this.#options;
    const stop = this.#begin();
    await delay(heldMs * WARM_UP);
    this.#timesMs = [];
    this.#latenessMs = [];
    const rate = await measureRate(this.#server, heldMs * (1 - WARM_UP), () => this.#answered);
    stop();
    await this.#lastAnswers();
    const sorted = Float64Array.from(this.#timesMs).sort();
    const lateness = Float64Array.from(this.#latenessMs).sort();
    return {
      ...rate,
      p50Us: quantile(sorted, 0.5) * 1000,
      p99Us: quantile(sorted, 0.99) * 1000,
      maxUs: quantile(sorted, 1) * 1000,
      refused: this.#refused,
      lost: this.#sent - this.#answered,
      lateP99Us: quantile(lateness, 0.99) * 1000,
    };
  }

  /** Datagrams may be lost. */
  async #lastAnswers(): Promise<void> {
    const deadlineMs = performance.now() + ANSWERS_DEADLINE_MS;
    while (this.#answered < this.#sent && performance.now() < deadlineMs) await delay(TICK_MS);
  }

  async close(): Promise<void> {
    await this.#options.close();
    await this.#server.close();
  }

  /** Returns what ends it. */
  #begin(): () => void {
    const intervalMs = 1000 / (this.#options.framesPerSec * this.#clients.length);
    const startedAtMs = performance.now();
    const timer = setInterval(() => {
      const nowMs = performance.now();
      for (;;) {
        const dueAtMs = startedAtMs + this.#sent * intervalMs;
        if (dueAtMs > nowMs) return;
        this.#latenessMs.push(performance.now() - dueAtMs);
        this.#sendNext();
      }
    }, TICK_MS);
    return () => clearInterval(timer);
  }

  #sendNext(): void {
    const index = this.#sent % this.#clients.length;
    const seq = Math.floor(this.#sent / this.#clients.length);
    this.#sent++;
    this.#sentAtMs[index * SENT_KEPT + (seq % SENT_KEPT)] = performance.now();
    this.#clients[index].send(seq);
  }

  #onFrame(index: number, bytes: Uint8Array, start: number): void {
    this.#answered++;
    if (readFlags(bytes, start) & FLAG.error) {
      this.#refused++;
      return;
    }
    const seq = readSeq(bytes, start);
    this.#timesMs.push(performance.now() - this.#sentAtMs[index * SENT_KEPT + (seq % SENT_KEPT)]);
  }
}

/** A copy of `template` with this seq. */
export function stamped(template: Uint8Array, seq: number): Uint8Array {
  const frame = new Uint8Array(template);
  writeUint32(frame, 0, seq);
  return frame;
}
