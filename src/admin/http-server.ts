import fastify, { type FastifyInstance } from 'fastify';
import { messageOf, StartError } from '../errors.ts';
import type { BoundAddress } from '../transport.ts';

const CLOSE_DEADLINE_MS = 1000;

/** A fastify server on a port of its own: what the metrics port and the web port have in common. */
export class HttpServer {
  readonly #name: string;
  readonly routes: FastifyInstance;

  /** `name` is for error messages. */
  constructor(name: string) {
    this.#name = name;
    this.routes = fastify({ logger: false, forceCloseConnections: true });
  }

  /** Port 0: any free one. Rejects with a StartError where the port cannot be had. */
  async listen(host: string, port: number): Promise<BoundAddress> {
    try {
      await this.routes.listen({ host, port });
    } catch (error) {
      throw new StartError(`${this.#name} cannot listen on ${host}:${port}: ${messageOf(error)}`, error);
    }
    const address = this.routes.server.address();
    return { host, port: typeof address === 'object' && address !== null ? address.port : port };
  }

  /** Idempotent; open connections are cut, so it ends within a second. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_DEADLINE_MS);
    });
    await Promise.race([this.routes.close(), deadline]);
    clearTimeout(timer);
  }
}
