import type { Sample, Subject } from '../bench.ts';
import type { ServerProcess } from '../server-process.ts';
import { RawClient } from './raw-client.ts';
import { RawPublisher } from './raw-publisher.ts';
import { measureRate, until } from './usage.ts';

export interface FanOutOptions {
  readonly redisAddr: string;
  readonly channel: string;
  readonly connections: number;
  /** One push to everyone, as the server takes it from Redis. */
  readonly message: Uint8Array;
  /** Path of the upgrade. */
  readonly path: string;
  /** Text that each client sends first. */
  readonly greeting?: string;
}

/** Pushes on their way at a time: enough that the server always has the next one. */
const PUSHES_IN_FLIGHT = 4;
const CONNECTS_AT_ONCE = 100;
const QUIET_MS = 500;
const TEXT = 0x81;

/** Publishes pushes to everyone, and lets the next one go as the clients have received one. */
export class FanOutLoop implements Subject {
  readonly #server: ServerProcess;
  readonly #options: FanOutOptions;
  readonly #publisher: RawPublisher;
  readonly #command: Buffer;
  readonly #clients: RawClient[] = [];
  #published = 0;
  #delivered = 0;
  #running = false;

  private constructor(server: ServerProcess, options: FanOutOptions, publisher: RawPublisher) {
    this.#server = server;
    this.#options = options;
    this.#publisher = publisher;
    this.#command = RawPublisher.command(options.channel, options.message);
  }

  /** Takes the server over: it is closed with the load. */
  static async start(server: ServerProcess, options: FanOutOptions): Promise<FanOutLoop> {
    const loop = new FanOutLoop(server, options, await RawPublisher.connect(options.redisAddr));
    await loop.#connect();
    await loop.#warmUp();
    return loop;
  }

  async measure(ms: number): Promise<Sample> {
    this.#running = true;
    this.#publish();
    const sample = await measureRate(this.#server, ms, () => this.#delivered);
    this.#running = false;
    await until(() => this.#delivered === this.#published * this.#clients.length, 'the last pushes');
    return sample;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    this.#publisher.close();
    await this.#server.close();
  }

  async #connect(): Promise<void> {
    const { connections } = this.#options;
    while (this.#clients.length < connections) {
      const count = Math.min(CONNECTS_AT_ONCE, connections - this.#clients.length);
      this.#clients.push(...(await Promise.all(Array.from({ length: count }, () => this.#open()))));
    }
  }

  async #open(): Promise<RawClient> {
    const { path, greeting } = this.#options;
    const client = await RawClient.open(this.#server.port, path);
    client.onMessage = () => {
      this.#delivered++;
    };
    client.onChunk = () => this.#publish();
    if (greeting !== undefined) {
      const text = client.template(Buffer.from(greeting));
      text[0] = TEXT;
      client.write(text);
    }
    return client;
  }

  /** Until a push reaches everyone: a server may need a moment to know its clients. */
  async #warmUp(): Promise<void> {
    for (let reached = 0; reached < this.#clients.length; ) {
      const before = this.#delivered;
      this.#publisher.write([this.#command]);
      await this.#quiet();
      reached = this.#delivered - before;
    }
    this.#delivered = 0;
  }

  /** Nothing is on its way any more. */
  async #quiet(): Promise<void> {
    for (let last = -1; last !== this.#delivered; ) {
      last = this.#delivered;
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    }
  }

  #publish(): void {
    if (!this.#running) return;
    const done = Math.floor(this.#delivered / this.#clients.length);
    while (this.#published - done < PUSHES_IN_FLIGHT) {
      this.#published++;
      this.#publisher.write([this.#command]);
    }
  }
}
