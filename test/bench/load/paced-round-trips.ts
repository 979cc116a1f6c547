import { readSeq } from '../../../src/protocol/header.ts';
import type { Sample, Subject } from '../bench.ts';
import type { ServerProcess } from '../server-process.ts';
import { quantile } from '../statistics.ts';
import { RawClient } from './raw-client.ts';
import { until } from './usage.ts';

export interface PacedOptions {
  readonly connections: number;
  /** Over all connections. */
  readonly framesPerSec: number;
}

const STEP_MS = 1;

/**
 * Frames at a fixed rate whatever the answers do (open loop), spread over connections. A time is taken from the moment
 * that the frame was due, so that a server that stalls is not spared the frames that waited.
 */
export class PacedRoundTrips implements Subject {
  readonly #server: ServerProcess;
  readonly #options: PacedOptions;
  readonly #clients: readonly RawClient[];
  readonly #templates: readonly Buffer[];
  #dueMs = new Float64Array(0);
  #timesUs: number[] = [];
  #answered = 0;

  private constructor(
    server: ServerProcess,
    frame: Uint8Array,
    clients: readonly RawClient[],
    options: PacedOptions,
  ) {
    this.#server = server;
    this.#options = options;
    this.#clients = clients;
    this.#templates = clients.map((client) => client.template(frame));
    for (const client of clients) client.onMessage = (bytes, start) => this.#onAnswer(readSeq(bytes, start));
  }

  /** Takes the server over: it is closed with the load. */
  static async start(
    server: ServerProcess,
    frame: Uint8Array,
    options: PacedOptions,
  ): Promise<PacedRoundTrips> {
    const clients: RawClient[] = [];
    while (clients.length < options.connections) clients.push(await RawClient.open(server.port, '/ws'));
    return new PacedRoundTrips(server, frame, clients, options);
  }

  async measure(ms: number): Promise<Sample> {
    const { framesPerSec } = this.#options;
    const total = Math.floor((framesPerSec * ms) / 1000);
    this.#dueMs = new Float64Array(total);
    this.#timesUs = [];
    this.#answered = 0;
    const startedAtMs = performance.now();
    for (let sent = 0; sent < total; ) {
      const due = Math.min(total, Math.floor(((performance.now() - startedAtMs) * framesPerSec) / 1000));
      for (; sent < due; sent++) this.#send(sent, startedAtMs + (sent * 1000) / framesPerSec);
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    }
    await until(() => this.#answered === total, 'the last answers');
    const sorted = this.#timesUs.sort((a, b) => a - b);
    return { p50Us: quantile(sorted, 0.5), p99Us: quantile(sorted, 0.99), frames: total };
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.#server.close();
  }

  #send(index: number, dueMs: number): void {
    this.#dueMs[index] = dueMs;
    const turn = index % this.#clients.length;
    this.#clients[turn].writeCopies(this.#templates[turn], 1, index);
  }

  #onAnswer(seq: number): void {
    this.#answered++;
    this.#timesUs.push((performance.now() - this.#dueMs[seq]) * 1000);
  }
}
