import { encodeHello } from '../../../src/protocol/system.ts';
import type { Sample, Subject } from '../bench.ts';
import type { ServerProcess } from '../server-process.ts';
import { RawClient } from './raw-client.ts';
import { until } from './usage.ts';

/** Handshakes at a time. */
const PARALLEL = 50;
/** Loopback has 28,000 ports for each source address; a thousand each leaves room for those in TIME_WAIT. */
const CONNECTIONS_PER_ADDRESS = 1_000;

export interface IdleOptions {
  readonly connections: number;
  /** Each connection sends this once and gets an answer, before it idles. */
  readonly hello: boolean;
}

/**
 * Memory of a server per connection that has nothing to do: with them less before them. A first tenth is there already
 * before, so that code is compiled and the heap has the slack of a server at work. Measures once.
 */
export class IdleConnections implements Subject {
  readonly #server: ServerProcess;
  readonly #options: IdleOptions;
  readonly #clients: RawClient[] = [];
  #answered = 0;

  constructor(server: ServerProcess, options: IdleOptions) {
    this.#server = server;
    this.#options = options;
  }

  async measure(): Promise<Sample> {
    const { connections } = this.#options;
    await this.#openMore(connections / 10);
    const before = await this.#server.memory();
    await this.#openMore(connections);
    const after = await this.#server.memory();
    return {
      rssPerConnection: (after.rssBytes - before.rssBytes) / connections,
      heapPerConnection: (after.heapBytes - before.heapBytes) / connections,
      rssMiB: after.rssBytes / 2 ** 20,
    };
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.#server.close();
  }

  async #openMore(connections: number): Promise<void> {
    const end = this.#clients.length + connections;
    while (this.#clients.length < end) {
      const first = this.#clients.length;
      const count = Math.min(PARALLEL, end - first);
      await Promise.all(Array.from({ length: count }, (_, n) => this.#open(first + n)));
    }
    if (this.#options.hello) await until(() => this.#answered === end, 'every Welcome');
  }

  async #open(index: number): Promise<void> {
    const localAddress = `127.0.0.${2 + Math.floor(index / CONNECTIONS_PER_ADDRESS)}`;
    const client = await RawClient.open(this.#server.port, '/ws', localAddress);
    this.#clients.push(client);
    client.onMessage = () => {
      this.#answered++;
    };
    client.onLost = (why) => {
      throw new Error(`the server under test dropped a client: ${why}`);
    };
    if (this.#options.hello) client.write(client.template(encodeHello({ client: 'bench' }, 1)));
  }
}
