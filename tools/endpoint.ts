import { messageOf } from '../src/errors.ts';
import { webSocketLink } from '../transports/websocket/client.ts';
import { webTransportLink } from '../transports/webtransport/client.ts';
import { loadWebTransport } from '../transports/webtransport/library.ts';
import type { OpenLink } from '../web-client/sdk/link.ts';
import { type Flags, UsageError } from './flags.ts';

/** Where `client` and `load` connect to, and how. Plain values: they travel to worker processes. */
export interface EndpointOptions {
  url: string;
  transport: 'websocket' | 'webtransport';
  /** WebTransport: hex SHA-256 of the certificate; empty: asked at `certHashUrl`. */
  certHash: string;
  certHashUrl: string;
  /** WebSocket: loopback addresses that the connections come from in turn; 1: as the system chooses. */
  addresses: number;
}

export const ENDPOINT_FLAGS = ['addr', 'path', 'transport', 'cert-hash', 'cert-hash-url', 'addresses'];

export const ENDPOINT_USAGE = `  --addr host:port    gateway (127.0.0.1:8081; with webtransport 127.0.0.1:8082)
  --transport name    websocket or webtransport    --path /ws          (with webtransport /wt)
  --secure            wss instead of ws
  --cert-hash hex     certificate to trust (webtransport); default: asked at
  --cert-hash-url     http://HOST:9090/cert-hash
  --addresses 1       loopback addresses to connect from in turn (websocket), as limits count by address`;

const ADDRESSES_MAX = 250;
const HASH_TIMEOUT_MS = 3_000;

/** Throws a UsageError. */
export function parseEndpoint(flags: Flags): EndpointOptions {
  const transport = flags.choice('transport', 'websocket', ['websocket', 'webtransport']);
  const isWebSocket = transport === 'websocket';
  const address = flags.address('addr', isWebSocket ? '127.0.0.1:8081' : '127.0.0.1:8082');
  const scheme = isWebSocket ? (flags.isOn('secure') ? 'wss' : 'ws') : 'https';
  const host = address.slice(0, address.lastIndexOf(':'));
  return {
    url: `${scheme}://${address}${flags.path('path', isWebSocket ? '/ws' : '/wt')}`,
    transport,
    certHash: flags.text('cert-hash', ''),
    certHashUrl: flags.text('cert-hash-url', `http://${host}:9090/cert-hash`),
    addresses: flags.integer('addresses', 1, { min: 1, max: ADDRESSES_MAX }),
  };
}

/** One opener for each source address; connections take them in turn. Rejects with a UsageError. */
export async function openersOf(options: EndpointOptions): Promise<OpenLink[]> {
  if (options.transport === 'webtransport') return [await webTransportOpener(options)];
  if (options.addresses === 1) return [webSocketLink(options.url)];
  return Array.from({ length: options.addresses }, (_, index) =>
    webSocketLink(options.url, { localAddress: `127.0.0.${index + 1}` }),
  );
}

async function webTransportOpener(options: EndpointOptions): Promise<OpenLink> {
  const loaded = await loadWebTransport();
  if (!loaded.available) throw new UsageError(`--transport webtransport: ${loaded.reason}`);
  const serverCertificateHashes =
    options.certHash === '' ? await askHashes(options.certHashUrl) : [options.certHash];
  return webTransportLink(options.url, { library: loaded.library, serverCertificateHashes });
}

async function askHashes(url: string): Promise<string[]> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(HASH_TIMEOUT_MS) });
    const body: unknown = await response.json();
    const hashes: unknown =
      typeof body === 'object' && body !== null ? Reflect.get(body, 'hashes') : undefined;
    if (Array.isArray(hashes) && hashes.every((hash) => typeof hash === 'string')) return hashes;
    throw new Error(`status ${response.status} without hashes`);
  } catch (error) {
    throw new UsageError(`--cert-hash-url ${url}: ${messageOf(error)}; give --cert-hash instead`);
  }
}
