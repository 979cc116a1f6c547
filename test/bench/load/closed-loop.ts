import { FLAG, readFlags } from '../../../src/protocol/header.ts';
import type { Sample, Subject } from '../bench.ts';
import type { ServerProcess } from '../server-process.ts';
import { RawClient } from './raw-client.ts';
import { measureRate, until } from './usage.ts';

export interface ClosedLoopOptions {
  readonly connections: number;
  /** Unanswered frames of each connection. */
  readonly inFlight: number;
  /** True: a write for each frame, instead of one for all that may go. */
  readonly apart?: boolean | undefined;
  /** The frame of connection `index`; its seq is overwritten. */
  frame(index: number): Uint8Array;
}

/** Each connection keeps its window full: every answer lets the next frame go. */
export class ClosedLoop implements Subject {
  readonly #server: ServerProcess;
  readonly #players: readonly Player[];
  readonly #inFlight: number;

  private constructor(server: ServerProcess, players: readonly Player[], inFlight: number) {
    this.#server = server;
    this.#players = players;
    this.#inFlight = inFlight;
  }

  /** Takes the server over: it is closed with the load. */
  static async start(server: ServerProcess, options: ClosedLoopOptions): Promise<ClosedLoop> {
    const players: Player[] = [];
    for (let index = 0; index < options.connections; index++) {
      players.push(
        new Player(await RawClient.open(server.port, '/ws'), options.frame(index), options.apart === true),
      );
    }
    return new ClosedLoop(server, players, options.inFlight);
  }

  async measure(ms: number): Promise<Sample> {
    for (const player of this.#players) player.run(this.#inFlight);
    const sample = await measureRate(this.#server, ms, () => this.#answered());
    for (const player of this.#players) player.stop();
    await until(() => this.#players.every((player) => player.settled), 'the last answers');
    return sample;
  }

  async close(): Promise<void> {
    for (const player of this.#players) player.close();
    await this.#server.close();
  }

  #answered(): number {
    let sum = 0;
    for (const player of this.#players) sum += player.answered;
    return sum;
  }
}

class Player {
  readonly #client: RawClient;
  readonly #template: Buffer;
  readonly #apart: boolean;
  #seq = 0;
  #running = false;
  #due = 0;
  answered = 0;

  constructor(client: RawClient, frame: Uint8Array, apart: boolean) {
    this.#client = client;
    this.#template = client.template(frame);
    this.#apart = apart;
    client.onMessage = (bytes, start) => this.#onMessage(bytes, start);
    client.onChunk = () => this.#onChunk();
    client.onLost = (why) => {
      throw new Error(`the server under test dropped a client: ${why}`);
    };
  }

  get settled(): boolean {
    return this.answered === this.#seq;
  }

  run(inFlight: number): void {
    this.#running = true;
    this.#due = inFlight;
    this.#onChunk();
  }

  stop(): void {
    this.#running = false;
  }

  close(): void {
    this.#client.close();
  }

  #onMessage(bytes: Buffer, start: number): void {
    if (readFlags(bytes, start) & FLAG.error) throw new Error('the server under test answered with an error');
    this.answered++;
    this.#due++;
  }

  #onChunk(): void {
    const due = this.#due;
    this.#due = 0;
    if (!this.#running || due === 0) return;
    this.#client.writeCopies(this.#template, due, this.#seq, this.#apart);
    this.#seq += due;
  }
}
