import type { IncomingMessage } from 'node:http';

/** Why an upgrade was refused; `bad-handshake` covers what is not a WebSocket handshake (RFC 6455 section 4.2.1). */
export type RefusedReason = 'origin' | 'path' | 'full' | 'full-address' | 'bad-handshake';

/** The HTTP answer to each refusal. A client that is to come back later gets a 5xx or 429. */
export const REFUSAL_STATUS = {
  'bad-handshake': '400 Bad Request',
  origin: '403 Forbidden',
  path: '404 Not Found',
  'full-address': '429 Too Many Requests',
  full: '503 Service Unavailable',
} as const satisfies Record<RefusedReason, string>;

export interface AdmissionOptions {
  readonly path: string;
  readonly connectionsMax: number;
  readonly connectionsPerAddressMax: number;
  readonly allowedOrigins: readonly string[];
}

/** Decides which upgrades become connections, and counts the ones that did. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #anyOrigin: boolean;
  readonly #origins: ReadonlySet<string>;
  readonly #perAddress = new Map<string, number>();
  #connections = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#anyOrigin = options.allowedOrigins.includes('*');
    this.#origins = new Set(options.allowedOrigins);
  }

  /** Undefined: let it in. */
  refusal(request: IncomingMessage, address: string): RefusedReason | undefined {
    if (pathOf(request.url) !== this.#options.path) return 'path';
    if (!this.#originAllowed(request.headers.origin)) return 'origin';
    if (this.#connections >= this.#options.connectionsMax) return 'full';
    const ofAddress = this.#perAddress.get(address) ?? 0;
    return ofAddress >= this.#options.connectionsPerAddressMax ? 'full-address' : undefined;
  }

  enter(address: string): void {
    this.#connections++;
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1);
  }

  leave(address: string): void {
    this.#connections--;
    const left = (this.#perAddress.get(address) ?? 1) - 1;
    if (left === 0) this.#perAddress.delete(address);
    else this.#perAddress.set(address, left);
  }

  /** Only browsers send Origin, and only they act for a page that the user did not choose (RFC 6455 section 10.2). */
  #originAllowed(origin: string | undefined): boolean {
    return this.#anyOrigin || origin === undefined || this.#origins.has(origin);
  }
}

/** The peer's address; an IPv4 peer of a dual-stack socket without its `::ffff:`, so that it has one name only. */
export function addressOf(request: IncomingMessage): string {
  const address = request.socket.remoteAddress ?? '';
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}

/** `Authorization: Bearer <token>`, else `?token=`: a browser's WebSocket cannot set headers. */
export function tokenOf(request: IncomingMessage): string | undefined {
  const bearer = /^Bearer +(\S+)\s*$/i.exec(request.headers.authorization ?? '');
  if (bearer !== null) return bearer[1];
  const url = request.url ?? '';
  const query = url.indexOf('?');
  if (query === -1) return undefined;
  return new URLSearchParams(url.slice(query + 1)).get('token') ?? undefined;
}

/** The path of a request target, without its query. */
export function pathOf(url: string | undefined): string {
  const target = url ?? '';
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
}
