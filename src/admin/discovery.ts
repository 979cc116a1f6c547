import type { FastifyInstance } from 'fastify';

/** How clients reach one transport; the host is the one the page came from. */
export interface TransportEndpoint {
  readonly port: number;
  readonly path: string;
}

/** What clients may know of the gateway before they connect. `null`: this gateway does not serve the transport. */
export interface Discovery {
  readonly websocket: TransportEndpoint | null;
  readonly webtransport: TransportEndpoint | null;
}

export interface DiscoverySource {
  discovery(): Discovery;
  /**
   * SHA-256 of the current and the next certificate for `serverCertificateHashes` (W3C WebTransport), hex; undefined:
   * no WebTransport here, or a certificate that browsers check by its chain.
   */
  certificateHashes(): readonly string[] | undefined;
}

/** `/discovery` and `/cert-hash`, open to pages of every origin: both hold what every client may know. */
export function addDiscovery(routes: FastifyInstance, source: DiscoverySource): void {
  routes.get('/discovery', (_request, reply) => {
    return reply.header('access-control-allow-origin', '*').send(source.discovery());
  });
  routes.get('/cert-hash', (_request, reply) => {
    reply.header('access-control-allow-origin', '*');
    const hashes = source.certificateHashes();
    if (hashes === undefined) return reply.code(404).send({ error: 'no certificate to pin' });
    return reply.send({ algorithm: 'sha-256', hashes });
  });
}
