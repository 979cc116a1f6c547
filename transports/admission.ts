/**
 * What every listener decides alike before it accepts: path, origin, and how many connections there may be, at a time
 * and per second. Each listener has an Admission of its own.
 */

export interface AdmissionOptions {
  /** Compared with the request's path, without its query. */
  readonly path: string;
  readonly connectionsMax: number;
  /** By IPv4 address, and by /64 for IPv6: a household has that many addresses at will. */
  readonly connectionsPerAddressMax: number;
  /** Requests let in per second over a longer time; five seconds' worth may come at once. */
  readonly handshakesPerSec: number;
  /** Exact origins (`https://example.org`), or `*` for any. */
  readonly allowedOrigins: readonly string[];
}

/** After a restart of the gateway all of its clients come back together: a burst is normal, a steady flood is not. */
const HANDSHAKES_BURST_SEC = 5;

/** Why a request was refused. */
export type Refusal = 'path' | 'origin' | 'full' | 'full-address' | 'rate';

/** The HTTP answer to each refusal. A client that is to come back later gets a 5xx or 429. */
export const REFUSAL_STATUS = {
  'bad-handshake': 400,
  origin: 403,
  path: 404,
  rate: 429,
  'full-address': 429,
  full: 503,
} as const satisfies Record<Refusal | 'bad-handshake', number>;

/** What of a request decides. */
export interface AdmissionRequest {
  /** Path with query. */
  readonly target: string;
  readonly origin: string | undefined;
  /** Undefined where the transport tells it only after the request was answered: `enter` decides then. */
  readonly address: string | undefined;
}

/** Decides which requests become connections, and counts the ones that did. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #anyOrigin: boolean;
  readonly #origins: ReadonlySet<string>;
  readonly #perAddress = new Map<string, number>();
  #connections = 0;
  #handshakesLeft: number;
  #refilledAtMs: number;

  constructor(options: AdmissionOptions, nowMs: number) {
    this.#options = options;
    this.#anyOrigin = options.allowedOrigins.includes('*');
    this.#origins = new Set(options.allowedOrigins);
    this.#handshakesLeft = options.handshakesPerSec * HANDSHAKES_BURST_SEC;
    this.#refilledAtMs = nowMs;
  }

  /** Undefined: let it in. `nowMs` is monotonic. */
  refusal(request: AdmissionRequest, nowMs: number): Refusal | undefined {
    const { path, connectionsMax, connectionsPerAddressMax } = this.#options;
    if (pathOf(request.target) !== path) return 'path';
    if (!this.#originAllowed(request.origin)) return 'origin';
    if (this.#connections >= connectionsMax) return 'full';
    if (request.address !== undefined && this.#connectionsOf(request.address) >= connectionsPerAddressMax) {
      return 'full-address';
    }
    return this.#takeHandshake(nowMs) ? undefined : 'rate';
  }

  /** Counts a connection. Undefined where it may stay; whatever the answer, `leave` follows once. */
  enter(address: string): 'full' | 'full-address' | undefined {
    const ofAddress = this.#connectionsOf(address) + 1;
    this.#connections++;
    this.#perAddress.set(addressKey(address), ofAddress);
    if (this.#connections > this.#options.connectionsMax) return 'full';
    return ofAddress > this.#options.connectionsPerAddressMax ? 'full-address' : undefined;
  }

  leave(address: string): void {
    this.#connections--;
    const left = this.#connectionsOf(address) - 1;
    if (left <= 0) this.#perAddress.delete(addressKey(address));
    else this.#perAddress.set(addressKey(address), left);
  }

  #connectionsOf(address: string): number {
    return this.#perAddress.get(addressKey(address)) ?? 0;
  }

  /** Only browsers send Origin, and only they act for a page that the user did not choose (RFC 6455 section 10.2). */
  #originAllowed(origin: string | undefined): boolean {
    return this.#anyOrigin || origin === undefined || this.#origins.has(origin);
  }

  #takeHandshake(nowMs: number): boolean {
    const { handshakesPerSec } = this.#options;
    const refill = ((nowMs - this.#refilledAtMs) * handshakesPerSec) / 1000;
    this.#handshakesLeft = Math.min(handshakesPerSec * HANDSHAKES_BURST_SEC, this.#handshakesLeft + refill);
    this.#refilledAtMs = nowMs;
    if (this.#handshakesLeft < 1) return false;
    this.#handshakesLeft--;
    return true;
  }
}

/** The token of a request: `Authorization: Bearer <token>`, else `?token=`, as browsers cannot set header fields. */
export function tokenOf(authorization: string | undefined, target: string): string | undefined {
  const bearer = /^Bearer +(\S+)\s*$/i.exec(authorization ?? '');
  if (bearer !== null) return bearer[1];
  const query = target.indexOf('?');
  return query === -1 ? undefined : (new URLSearchParams(target.slice(query + 1)).get('token') ?? undefined);
}

/** The path of a request target, without its query. */
export function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
}

/** An IPv4 peer of a dual-stack socket without its `::ffff:`, so that it has one name only. */
export function unmapped(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}

/** What connections are counted by: the address, or the first 64 bits of an IPv6 one. */
export function addressKey(address: string): string {
  if (!address.includes(':')) return address;
  const [head, tail] = address.split('%', 1)[0].split('::');
  const before = head.split(':').filter((group) => group !== '');
  const after = (tail ?? '').split(':').filter((group) => group !== '');
  const zeros = new Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  const groups = [...before, ...zeros, ...after].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
