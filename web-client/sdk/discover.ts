import type { Addresses } from './client-api.ts';

/** What `connect` needs to know of a gateway, beside the transport to use. */
export type Discovered = Pick<Addresses, 'webSocketUrl' | 'webTransportUrl' | 'certificateHashes'>;

interface Endpoint {
  port: number;
  path: string;
}

/**
 * Asks a gateway where its transports are. `origin` is that of its web or metrics port, such as
 * `http://localhost:8080`. Rejects with an Error where there is no answer, or no WebSocket.
 */
export async function discover(origin: string, signal?: AbortSignal): Promise<Discovered> {
  const base = new URL(origin);
  const answer = await fetchJson(new URL('/discovery', base), signal);
  const webSocket = endpointIn(answer, 'websocket');
  const webTransport = endpointIn(answer, 'webtransport');
  if (webSocket === undefined) throw new Error(`the gateway at ${base.origin} serves no WebSocket`);
  const scheme = base.protocol === 'https:' ? 'wss' : 'ws';
  return {
    webSocketUrl: `${scheme}://${base.hostname}:${webSocket.port}${webSocket.path}`,
    webTransportUrl: webTransport && `https://${base.hostname}:${webTransport.port}${webTransport.path}`,
    certificateHashes: () => certificateHashes(origin),
  };
}

/**
 * The hashes of the gateway's current and next development certificate, hex; undefined where its certificate is one that
 * the platform's authorities vouch for, or there is none.
 */
export async function certificateHashes(origin: string): Promise<readonly string[] | undefined> {
  const answer = await fetchJson(new URL('/cert-hash', origin)).catch(() => undefined);
  const hashes = property(answer, 'hashes');
  if (!Array.isArray(hashes)) return undefined;
  return hashes.filter((hash) => typeof hash === 'string');
}

async function fetchJson(url: URL, signal?: AbortSignal): Promise<unknown> {
  const response = await fetch(url, { signal, cache: 'no-store' }).catch((error: unknown) => {
    throw signal?.aborted ? error : new Error(`${url.origin} does not answer`, { cause: error });
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return await response.json();
}

function endpointIn(answer: unknown, name: string): Endpoint | undefined {
  const endpoint = property(answer, name);
  const port = property(endpoint, 'port');
  const path = property(endpoint, 'path');
  return typeof port === 'number' && typeof path === 'string' ? { port, path } : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
