import { FLAG, readFlags, readSeq } from '../../../src/protocol/header.ts';
import type { Sample, Subject } from '../bench.ts';
import type { ServerProcess } from '../server-process.ts';
import { quantile } from '../statistics.ts';
import type { WebTransportContext } from '../webtransport-context.ts';
import { measureRate, until } from './usage.ts';
import { WebTransportSession } from './webtransport-session.ts';

export interface WebTransportLoopOptions {
  readonly sessions: number;
  /** Unanswered frames of each session; at most SENT_KEPT. */
  readonly inFlight: number;
  readonly datagrams: boolean;
  /** The frame of session `index`; its seq is overwritten. */
  frame(index: number): Uint8Array;
}

/** Moments of sending that a player keeps, a power of two. */
const SENT_KEPT = 64;
/** Datagrams unanswered for so long are lost: UDP sockets drop what does not fit into their buffers. */
const LOST_AFTER_MS = 100;
const LOST_CHECK_MS = 25;

/** Each session keeps its window full: every answer lets the next frame go. */
export class WebTransportLoop implements Subject {
  readonly #server: ServerProcess;
  readonly #players: readonly Player[];
  readonly #inFlight: number;

  private constructor(server: ServerProcess, players: readonly Player[], inFlight: number) {
    this.#server = server;
    this.#players = players;
    this.#inFlight = inFlight;
  }

  /** Takes the server over: it is closed with the load. */
  static async start(
    server: ServerProcess,
    context: WebTransportContext,
    options: WebTransportLoopOptions,
  ): Promise<WebTransportLoop> {
    const sessions = await WebTransportSession.openMany(context, server.port, options.sessions);
    const players = sessions.map(
      (session, index) => new Player(session, options.frame(index), options.datagrams),
    );
    return new WebTransportLoop(server, players, options.inFlight);
  }

  async measure(ms: number): Promise<Sample> {
    const timesMs: number[] = [];
    for (const player of this.#players) player.run(this.#inFlight, timesMs);
    const lossCheck = setInterval(() => {
      for (const player of this.#players) player.makeUpForLost();
    }, LOST_CHECK_MS);
    const lost = this.#sum((player) => player.lost);
    const sample = await measureRate(this.#server, ms, () => this.#sum((player) => player.answered));
    for (const player of this.#players) player.stop();
    await until(() => this.#players.every((player) => player.settled), 'the last answers');
    clearInterval(lossCheck);
    const sorted = Float64Array.from(timesMs).sort();
    return {
      ...sample,
      p50Us: quantile(sorted, 0.5) * 1000,
      p99Us: quantile(sorted, 0.99) * 1000,
      lost: this.#sum((player) => player.lost) - lost,
    };
  }

  async close(): Promise<void> {
    await WebTransportSession.closeAll(this.#players.map(({ session }) => session));
    await this.#server.close();
  }

  #sum(value: (player: Player) => number): number {
    let sum = 0;
    for (const player of this.#players) sum += value(player);
    return sum;
  }
}

class Player {
  readonly session: WebTransportSession;
  readonly #template: Uint8Array;
  readonly #datagrams: boolean;
  readonly #sentAtMs = new Float64Array(SENT_KEPT);
  #timesMs: number[] = [];
  #seq = 0;
  #outstanding = 0;
  /** Answers to earlier frames come too late to count. */
  #firstSeq = 0;
  #heardAtMs = 0;
  #running = false;
  answered = 0;
  lost = 0;

  constructor(session: WebTransportSession, template: Uint8Array, datagrams: boolean) {
    this.session = session;
    this.#template = template;
    this.#datagrams = datagrams;
    session.onFrame = (frame) => this.#onFrame(frame);
  }

  get settled(): boolean {
    return this.#outstanding === 0;
  }

  run(inFlight: number, timesMs: number[]): void {
    this.#timesMs = timesMs;
    this.#running = true;
    this.#heardAtMs = performance.now();
    for (let count = 0; count < inFlight; count++) this.#send();
  }

  stop(): void {
    this.#running = false;
  }

  makeUpForLost(): void {
    const nowMs = performance.now();
    if (!this.#datagrams || this.#outstanding === 0 || nowMs - this.#heardAtMs < LOST_AFTER_MS) return;
    const lost = this.#outstanding;
    this.lost += lost;
    this.#outstanding = 0;
    this.#firstSeq = this.#seq;
    this.#heardAtMs = nowMs;
    if (this.#running) for (let count = 0; count < lost; count++) this.#send();
  }

  #send(): void {
    const frame = new Uint8Array(this.#template);
    new DataView(frame.buffer).setUint32(0, this.#seq);
    this.#sentAtMs[this.#seq & (SENT_KEPT - 1)] = performance.now();
    this.#seq++;
    this.#outstanding++;
    if (this.#datagrams) this.session.sendDatagram(frame);
    else this.session.send(frame);
  }

  #onFrame(frame: Uint8Array): void {
    if (readFlags(frame) & FLAG.error) throw new Error('the server under test answered with an error');
    const seq = readSeq(frame);
    if (seq < this.#firstSeq) return;
    this.#heardAtMs = performance.now();
    this.#timesMs.push(this.#heardAtMs - this.#sentAtMs[seq & (SENT_KEPT - 1)]);
    this.answered++;
    this.#outstanding--;
    if (this.#running) this.#send();
  }
}
