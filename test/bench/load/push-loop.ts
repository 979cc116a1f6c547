import { HEADER_BYTES, ROUTE, readRoute } from '../../../src/protocol/header.ts';
import { decodeWelcome, encodeHello } from '../../../src/protocol/system.ts';
import type { Sample, Subject } from '../bench.ts';
import type { ServerProcess } from '../server-process.ts';
import { RawClient } from './raw-client.ts';
import { RawPublisher } from './raw-publisher.ts';
import { measureRate, until } from './usage.ts';

export interface PushLoopOptions {
  readonly redisAddr: string;
  readonly channel: string;
  readonly connections: number;
  /** Pushes published and not delivered yet, all sessions together. */
  readonly inFlight: number;
  readonly pushesPerMessage: number;
  /** One message with a push to each of `sessionIds`. */
  message(sessionIds: readonly string[]): Uint8Array;
}

/** Publishes pushes to single sessions in turn, and lets the next ones go as the sessions' clients receive them. */
export class PushLoop implements Subject {
  readonly #server: ServerProcess;
  readonly #options: PushLoopOptions;
  readonly #publisher: RawPublisher;
  #clients: readonly RawClient[] = [];
  #commands: readonly Buffer[] = [];
  #next = 0;
  #published = 0;
  #delivered = 0;
  #running = false;
  #scheduled = false;

  private constructor(server: ServerProcess, options: PushLoopOptions, publisher: RawPublisher) {
    this.#server = server;
    this.#options = options;
    this.#publisher = publisher;
  }

  /** Takes the server over: it is closed with the load. */
  static async start(server: ServerProcess, options: PushLoopOptions): Promise<PushLoop> {
    const loop = new PushLoop(server, options, await RawPublisher.connect(options.redisAddr));
    await loop.#connect();
    return loop;
  }

  async measure(ms: number): Promise<Sample> {
    this.#running = true;
    this.#publish();
    const sample = await measureRate(this.#server, ms, () => this.#delivered);
    this.#running = false;
    await until(() => this.#delivered === this.#published, 'the last pushes');
    return sample;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    this.#publisher.close();
    await this.#server.close();
  }

  async #connect(): Promise<void> {
    const { connections, pushesPerMessage, channel, message } = this.#options;
    const clients: RawClient[] = [];
    const sessionIds: string[] = [];
    for (let index = 0; index < connections; index++) {
      const client = await RawClient.open(this.#server.port, '/ws');
      sessionIds.push(await sessionIdOf(client));
      client.onMessage = () => {
        this.#delivered++;
      };
      client.onChunk = () => this.#schedule();
      clients.push(client);
    }
    this.#clients = clients;
    this.#commands = sessionIds.map((_, first) => {
      const targets = Array.from(
        { length: pushesPerMessage },
        (_, n) => sessionIds[(first + n) % connections],
      );
      return RawPublisher.command(channel, message(targets));
    });
  }

  /** At the end of the tick, when all clients that were readable have been read. */
  #schedule(): void {
    if (this.#scheduled || !this.#running) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#publish();
    });
  }

  #publish(): void {
    if (!this.#running) return;
    const { inFlight, pushesPerMessage } = this.#options;
    const commands: Buffer[] = [];
    while (this.#published - this.#delivered + pushesPerMessage <= inFlight) {
      commands.push(this.#commands[this.#next]);
      this.#next = (this.#next + pushesPerMessage) % this.#commands.length;
      this.#published += pushesPerMessage;
    }
    if (commands.length > 0) this.#publisher.write(commands);
  }
}

/** Says Hello and takes the session id out of the Welcome. */
async function sessionIdOf(client: RawClient): Promise<string> {
  const welcomed = new Promise<string>((resolve) => {
    client.onMessage = (bytes, start, end) => {
      const welcome = decodeWelcome(bytes.subarray(start + HEADER_BYTES, end));
      if (readRoute(bytes, start) === ROUTE.system && welcome !== undefined) resolve(welcome.sessionId);
    };
  });
  client.write(client.template(encodeHello({ client: 'bench' }, 1)));
  return await welcomed;
}
