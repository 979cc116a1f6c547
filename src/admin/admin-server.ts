import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BoundAddress } from '../transport.ts';
import { addDiscovery, type DiscoverySource } from './discovery.ts';
import { HttpServer } from './http-server.ts';

/** What the admin pages show; read when they are asked for. */
export interface AdminSource extends DiscoverySource {
  readonly metricsContentType: string;
  metrics(): Promise<string>;
  readiness(): Readiness;
  stats(): Promise<object> | object;
}

export interface Readiness {
  readonly ready: boolean;
  /** One entry for each part that readiness depends on. */
  readonly checks: Readonly<Record<string, string>>;
}

export interface AdminServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly metricsPath: string;
  /** Bearer token of the guarded pages; empty: they answer on loopback only. */
  readonly token: string;
}

/**
 * Metrics, health and statistics on one port (DESIGN.md section 9). `/metrics`, `/health`, `/ready`, `/discovery` and
 * `/cert-hash` are open; the rest needs the token, or comes from loopback where no token is set.
 */
export class AdminServer {
  readonly #options: AdminServerOptions;
  readonly #server = new HttpServer('metrics');

  constructor(options: AdminServerOptions, source: AdminSource) {
    this.#options = options;
    this.#addOpenPages(source);
    this.#addGuardedPages(source);
  }

  /** Rejects with a StartError where the port cannot be had. */
  listen(): Promise<BoundAddress> {
    return this.#server.listen(this.#options.host, this.#options.port);
  }

  /** Idempotent, within a second. */
  close(): Promise<void> {
    return this.#server.close();
  }

  #addOpenPages(source: AdminSource): void {
    this.#server.routes.get(this.#options.metricsPath, async (_request, reply) => {
      return reply.header('content-type', source.metricsContentType).send(await source.metrics());
    });
    this.#server.routes.get('/health', () => ({ status: 'ok' }));
    this.#server.routes.get('/ready', (_request, reply) => {
      const { ready, checks } = source.readiness();
      return reply.code(ready ? 200 : 503).send({ ready, checks });
    });
    addDiscovery(this.#server.routes, source);
  }

  #addGuardedPages(source: AdminSource): void {
    const onRequest = (request: FastifyRequest, reply: FastifyReply, next: () => void): void => {
      if (this.#allowed(request)) return next();
      reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'admin token needed' });
    };
    this.#server.routes.get('/stats', { onRequest }, () => source.stats());
  }

  #allowed(request: FastifyRequest): boolean {
    const { token } = this.#options;
    if (token === '') return isLoopback(request.socket.remoteAddress ?? '');
    const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    return timingSafeEqual(digest(given), digest(token));
  }
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
