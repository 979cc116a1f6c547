import type { Sample, Subject } from '../bench.ts';
import type { ServerProcess } from '../server-process.ts';
import type { WebTransportContext } from '../webtransport-context.ts';
import { WebTransportSession } from './webtransport-session.ts';

/**
 * Memory of a server per session that has nothing to do: with them less before them. A fifth is there already before,
 * so that code is compiled and the heap has the slack of a server at work. Measures once.
 */
export class WebTransportIdle implements Subject {
  readonly #server: ServerProcess;
  readonly #context: WebTransportContext;
  readonly #sessions: number;
  readonly #open: WebTransportSession[] = [];

  constructor(server: ServerProcess, context: WebTransportContext, sessions: number) {
    this.#server = server;
    this.#context = context;
    this.#sessions = sessions;
  }

  async measure(): Promise<Sample> {
    await this.#openMore(this.#sessions / 5);
    const before = await this.#server.memory();
    await this.#openMore(this.#sessions);
    const after = await this.#server.memory();
    return {
      rssPerSession: (after.rssBytes - before.rssBytes) / this.#sessions,
      heapPerSession: (after.heapBytes - before.heapBytes) / this.#sessions,
      rssMiB: after.rssBytes / 2 ** 20,
    };
  }

  async close(): Promise<void> {
    await WebTransportSession.closeAll(this.#open);
    await this.#server.close();
  }

  async #openMore(count: number): Promise<void> {
    this.#open.push(...(await WebTransportSession.openMany(this.#context, this.#server.port, count)));
  }
}
