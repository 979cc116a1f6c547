import { FLAG, readFlags } from '../../../src/protocol/header.ts';
import type { Sample, Subject } from '../bench.ts';
import type { ServerProcess } from '../server-process.ts';
import { quantile } from '../statistics.ts';
import { RawClient } from './raw-client.ts';

/** Between two frames: the server has gone idle by then. */
const PAUSE_MS = 1;
const ANSWER_DEADLINE_MS = 5_000;

/** One frame at a time on one connection: what a server adds when there is nothing to do. */
export class RoundTrips implements Subject {
  readonly #server: ServerProcess;
  readonly #client: RawClient;
  readonly #template: Buffer;
  #seq = 0;
  #onAnswer: () => void = () => {};

  private constructor(server: ServerProcess, client: RawClient, frame: Uint8Array) {
    this.#server = server;
    this.#client = client;
    this.#template = client.template(frame);
    client.onMessage = (bytes, start) => {
      if (readFlags(bytes, start) & FLAG.error)
        throw new Error('the server under test answered with an error');
      this.#onAnswer();
    };
  }

  /** Takes the server over: it is closed with the load. */
  static async start(server: ServerProcess, frame: Uint8Array): Promise<RoundTrips> {
    return new RoundTrips(server, await RawClient.open(server.port, '/ws'), frame);
  }

  async measure(ms: number): Promise<Sample> {
    const timesUs: number[] = [];
    const endMs = performance.now() + ms;
    while (performance.now() < endMs || timesUs.length === 0) {
      timesUs.push(await this.#roundTripUs());
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    const sorted = timesUs.sort((a, b) => a - b);
    return { p50Us: quantile(sorted, 0.5), p99Us: quantile(sorted, 0.99), frames: sorted.length };
  }

  async close(): Promise<void> {
    this.#client.close();
    await this.#server.close();
  }

  #roundTripUs(): Promise<number> {
    return new Promise((resolve, reject) => {
      const sentAtMs = performance.now();
      const deadline = setTimeout(() => reject(new Error('no answer in time')), ANSWER_DEADLINE_MS);
      this.#onAnswer = () => {
        clearTimeout(deadline);
        resolve((performance.now() - sentAtMs) * 1000);
      };
      this.#client.writeCopies(this.#template, 1, this.#seq++);
    });
  }
}
