import { existsSync } from 'node:fs';
import type { BoundAddress } from '../transport.ts';
import { addDiscovery, type DiscoverySource } from './discovery.ts';
import { HttpServer } from './http-server.ts';
import { StaticFiles } from './static-files.ts';

export interface WebServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Folder of the built page; where it is missing only `/discovery` and `/cert-hash` answer. */
  readonly root: string;
}

/** The web client and what it needs to know, on a port of its own. */
export class WebServer {
  readonly #options: WebServerOptions;
  readonly #server = new HttpServer('web client');

  constructor(options: WebServerOptions, source: DiscoverySource) {
    this.#options = options;
    addDiscovery(this.#server.routes, source);
    if (existsSync(options.root)) new StaticFiles(options.root).addTo(this.#server.routes);
  }

  /** Rejects with a StartError where the port cannot be had. */
  listen(): Promise<BoundAddress> {
    return this.#server.listen(this.#options.host, this.#options.port);
  }

  /** Idempotent, within a second. */
  close(): Promise<void> {
    return this.#server.close();
  }
}
