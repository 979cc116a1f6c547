import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createVerifier } from './access.ts';
import { AdminServer } from './admin/admin-server.ts';
import type { Discovery } from './admin/discovery.ts';
import { WebServer } from './admin/web-server.ts';
import { createBridge, createDemoBackends } from './bridges.ts';
import type { Config } from './config/schema.ts';
import { messageOf } from './errors.ts';
import { Gateway } from './gateway.ts';
import { createWebSocket, createWebTransport, type WebTransportParts } from './listeners.ts';
import type { Log } from './observe/log.ts';
import { Metrics } from './observe/metrics.ts';
import { PrometheusPage } from './observe/prometheus.ts';
import { DISCONNECT, type Disconnect } from './protocol/disconnect.ts';
import { type ReadinessParts, readiness, refreshReadiness } from './readiness.ts';
import type { DemoBackend } from './services/demo-backend.ts';
import type { SharedMemory } from './shared-memory.ts';
import { createSharing } from './sharing.ts';
import { gatewayStats, type StatsParts } from './stats.ts';
import type { BoundAddress, Listener } from './transport.ts';

/** Where the build puts the web client, beside the compiled sources. */
const WEB_CLIENT_ROOT = fileURLToPath(new URL('../web-client/app/', import.meta.url));
/** Clients hear of a new certificate this long before their sessions end. */
const CERTIFICATE_NOTICE_MS = 500;

/** A gateway that runs, with everything around it. */
export interface Running {
  readonly gateway: Gateway;
  readonly metrics: Metrics;
  /** Where each part listens: `websocket`, `webtransport`, `metrics`, `web`. */
  readonly addresses: ReadonlyMap<string, BoundAddress>;
  readonly webTransport: WebTransportParts;
  /** Idempotent; bounded to some seconds. */
  close(disconnect?: Disconnect): Promise<void>;
}

/**
 * Builds a gateway as configured and starts it. Rejects with a StartError; nothing is left running then. Gateways of one
 * process that are given the same `memory`, and have the memory bridge, are to each other what others are on one Redis.
 */
export async function serve(config: Config, log: Log, memory?: SharedMemory): Promise<Running> {
  const id = config.gateway.id === 'auto' ? automaticId() : config.gateway.id;
  const metrics = new Metrics();
  const channels = { broadcast: config.bridge.downstream.channel, addressed: `gateway:${id}` };
  const { bridge, backendPort } = createBridge(config, channels, memory?.broker);
  const webTransport = await createWebTransport(config, metrics, log);
  const listeners = present<Listener>([createWebSocket(config, metrics), listenerOf(webTransport)]);
  // A page scraped before the first connection has its rows by then.
  for (const { transport } of listeners) metrics.forTransport(transport);
  const verifier = createVerifier(config, { metrics, log });
  const sharing = createSharing(config, { id, metrics, log, memory });
  const ids = config.gateway.machine_id < 0 ? sharing?.ids : undefined;
  const gateway = new Gateway({
    ...{ config, id, bridge, listeners, ids, verifier, metrics, log },
    sharing: sharing?.sessions,
  });
  const backends = createDemoBackends(config, { gatewayId: id, channels, backendPort, log });
  const addresses = new Map<string, BoundAddress>();
  const pages = createPages(config, {
    ...{ gateway, bridge, metrics, webTransport, addresses },
    store: sharing?.store,
  });

  const close = async (disconnect: Disconnect = DISCONNECT.shutdown): Promise<void> => {
    if ('certificates' in webTransport) await webTransport.certificates.close();
    await gateway.close(disconnect);
    await Promise.all(backends.map((backend) => backend.close()));
    await Promise.all([pages.admin?.close(), pages.web?.close()]);
  };
  try {
    for (const [name, address] of await gateway.start()) addresses.set(name, address);
    startBackends(backends, log);
    if (pages.admin !== undefined) addresses.set('metrics', await pages.admin.listen());
    if (pages.web !== undefined) addresses.set('web', await pages.web.listen());
    followCertificate(webTransport, gateway, log);
    return { gateway, metrics, addresses, webTransport, close };
  } catch (error) {
    await close(DISCONNECT.internal);
    throw error;
  }
}

function automaticId(): string {
  const host = hostname()
    .replaceAll(/[^A-Za-z0-9_.-]/g, '-')
    .slice(0, 40);
  return `${host}-${randomBytes(4).toString('hex')}`;
}

function present<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined);
}

function listenerOf(parts: WebTransportParts): Listener | undefined {
  return 'listener' in parts ? parts.listener : undefined;
}

/** Not awaited: with Redis away a backend subscribes when it comes. */
function startBackends(backends: readonly DemoBackend[], log: Log): void {
  for (const backend of backends) {
    backend
      .start()
      .catch((error: unknown) => log.warn({ error: messageOf(error) }, 'demo backend not started'));
  }
}

/** A changed certificate is taken up without a restart: clients are told to go, and come back to the new one. */
function followCertificate(parts: WebTransportParts, gateway: Gateway, log: Log): void {
  if ('absent' in parts) return;
  const { listener, certificates } = parts;
  const replace = async (): Promise<void> => {
    gateway.goAway('certificate changed', CERTIFICATE_NOTICE_MS, listener.transport);
    await delay(CERTIFICATE_NOTICE_MS);
    await listener.replaceCertificate(certificates.pair);
    log.info({ hashes: certificates.hashes }, 'certificate replaced');
  };
  certificates.watch({
    onChange: () => {
      replace().catch((error: unknown) => log.error({ error }, 'certificate not replaced'));
    },
    onFault: (reason) => log.warn({ reason }, 'the certificate files cannot be used; the old one stays'),
  });
}

interface PageParts extends StatsParts, ReadinessParts {
  readonly addresses: ReadonlyMap<string, BoundAddress>;
}

function createPages(config: Config, parts: PageParts): { admin?: AdminServer; web?: WebServer } {
  const source = {
    discovery: () => discovery(config, parts),
    certificateHashes: () => certificateHashes(parts.webTransport),
  };
  const page = new PrometheusPage(parts.metrics);
  const { metrics, web } = config;
  return {
    admin: metrics.enabled
      ? new AdminServer(
          { host: metrics.host, port: metrics.port, metricsPath: metrics.path, token: metrics.admin_token },
          {
            ...source,
            metricsContentType: page.contentType,
            metrics: () => {
              parts.gateway.refreshGauges();
              refreshReadiness(parts, parts.metrics);
              return page.render();
            },
            readiness: () => readiness(parts),
            stats: () => gatewayStats(parts),
          },
        )
      : undefined,
    web: web.enabled
      ? new WebServer({ host: web.host, port: web.port, root: WEB_CLIENT_ROOT }, source)
      : undefined,
  };
}

function discovery(config: Config, { addresses, webTransport }: PageParts): Discovery {
  const websocket = addresses.get('websocket');
  const served = 'listener' in webTransport && webTransport.listener.serving;
  const webtransport = served ? addresses.get('webtransport') : undefined;
  return {
    websocket: websocket === undefined ? null : { port: websocket.port, path: config.websocket.path },
    webtransport: webtransport === undefined ? null : { port: webtransport.port, path: config.quic.path },
  };
}

function certificateHashes(parts: WebTransportParts): readonly string[] | undefined {
  return 'certificates' in parts && parts.certificates.hashes.length > 0
    ? parts.certificates.hashes
    : undefined;
}
