import { createHash, timingSafeEqual } from 'node:crypto';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { messageOf, StartError } from '../errors.ts';
import type { BoundAddress } from '../transport.ts';

/** What the admin pages show; read when they are asked for. */
export interface AdminSource {
  readonly metricsContentType: string;
  metrics(): Promise<string>;
  readiness(): Readiness;
  stats(): Promise<object> | object;
  /** SHA-256 of the certificates for `serverCertificateHashes`, hex; undefined: no WebTransport here. */
  certificateHashes(): readonly string[] | undefined;
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

const CLOSE_DEADLINE_MS = 1000;

/**
 * Metrics, health and statistics on one port (DESIGN.md section 9). `/metrics`, `/health`, `/ready` and `/cert-hash` are
 * open; the rest needs the token, or comes from loopback where no token is set.
 */
export class AdminServer {
  readonly #options: AdminServerOptions;
  readonly #server: FastifyInstance;

  constructor(options: AdminServerOptions, source: AdminSource) {
    this.#options = options;
    this.#server = fastify({ logger: false, forceCloseConnections: true });
    this.#addOpenPages(source);
    this.#addGuardedPages(source);
  }

  /** Rejects with a StartError where the port cannot be had. */
  async listen(): Promise<BoundAddress> {
    const { host, port } = this.#options;
    try {
      await this.#server.listen({ host, port });
    } catch (error) {
      throw new StartError(`metrics cannot listen on ${host}:${port}: ${messageOf(error)}`, error);
    }
    const address = this.#server.server.address();
    return { host, port: typeof address === 'object' && address !== null ? address.port : port };
  }

  /** Idempotent; open connections are cut, so it ends within a second. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_DEADLINE_MS);
    });
    await Promise.race([this.#server.close(), deadline]);
    clearTimeout(timer);
  }

  #addOpenPages(source: AdminSource): void {
    this.#server.get(this.#options.metricsPath, async (_request, reply) => {
      return reply.header('content-type', source.metricsContentType).send(await source.metrics());
    });
    this.#server.get('/health', () => ({ status: 'ok' }));
    this.#server.get('/ready', (_request, reply) => {
      const { ready, checks } = source.readiness();
      return reply.code(ready ? 200 : 503).send({ ready, checks });
    });
    this.#server.get('/cert-hash', (_request, reply) => {
      const hashes = source.certificateHashes();
      reply.header('access-control-allow-origin', '*');
      if (hashes === undefined) return reply.code(404).send({ error: 'no WebTransport here' });
      return reply.send({ algorithm: 'sha-256', hashes });
    });
  }

  #addGuardedPages(source: AdminSource): void {
    const onRequest = (request: FastifyRequest, reply: FastifyReply, next: () => void): void => {
      if (this.#allowed(request)) return next();
      reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'admin token needed' });
    };
    this.#server.get('/stats', { onRequest }, () => source.stats());
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
