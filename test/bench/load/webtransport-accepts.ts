import type { Sample, Subject } from '../bench.ts';
import type { ServerProcess } from '../server-process.ts';
import type { WebTransportContext } from '../webtransport-context.ts';
import { measureRate } from './usage.ts';
import { WebTransportSession } from './webtransport-session.ts';

/** Handshakes at a time. */
const PARALLEL = 64;
/** In less, a busy machine may finish no handshake at all. */
const SHORTEST_MS = 1_500;

/**
 * Sessions opened as fast as they are answered, for 1.5 s at least. Closing them again is part of what is measured.
 */
export class WebTransportAccepts implements Subject {
  readonly #server: ServerProcess;
  readonly #context: WebTransportContext;
  #answered = 0;
  #running = false;

  constructor(server: ServerProcess, context: WebTransportContext) {
    this.#server = server;
    this.#context = context;
  }

  async measure(ms: number): Promise<Sample> {
    this.#running = true;
    const workers = Array.from({ length: PARALLEL }, () => this.#openAndClose());
    const sample = await measureRate(this.#server, Math.max(ms, SHORTEST_MS), () => this.#answered);
    this.#running = false;
    await Promise.all(workers);
    return sample;
  }

  async close(): Promise<void> {
    await this.#server.close();
  }

  async #openAndClose(): Promise<void> {
    const closing: WebTransportSession[] = [];
    while (this.#running) {
      const session = await WebTransportSession.open(this.#context, this.#server.port);
      this.#answered++;
      session.close();
      closing.push(session);
    }
    await WebTransportSession.closeAll(closing);
  }
}
