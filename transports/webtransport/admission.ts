export interface AdmissionOptions {
  readonly path: string;
  readonly connectionsMax: number;
  readonly connectionsPerAddressMax: number;
  readonly handshakesPerSec: number;
  readonly allowedOrigins: readonly string[];
}

/** The HTTP answer to each refusal of a request. A client that is to come back later gets a 5xx or 429. */
export const REFUSAL_STATUS = {
  'bad-handshake': 400,
  origin: 403,
  path: 404,
  rate: 429,
  full: 503,
} as const;

export type RequestRefusal = keyof typeof REFUSAL_STATUS;

/** What of a request's header fields decides. */
export interface SessionRequest {
  /** `:path`, with its query. */
  readonly target: string;
  readonly origin: string | undefined;
}

/** Decides which requests become sessions, and counts the ones that did. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #anyOrigin: boolean;
  readonly #origins: ReadonlySet<string>;
  readonly #perAddress = new Map<string, number>();
  #sessions = 0;
  #handshakesLeft: number;
  #refilledAtMs: number;

  constructor(options: AdmissionOptions, nowMs: number) {
    this.#options = options;
    this.#anyOrigin = options.allowedOrigins.includes('*');
    this.#origins = new Set(options.allowedOrigins);
    this.#handshakesLeft = options.handshakesPerSec;
    this.#refilledAtMs = nowMs;
  }

  /** Undefined: let it in. The address is not known yet: see `enter`. */
  refusal(request: SessionRequest, nowMs: number): RequestRefusal | undefined {
    if (pathOf(request.target) !== this.#options.path) return 'path';
    if (!this.#originAllowed(request.origin)) return 'origin';
    if (this.#sessions >= this.#options.connectionsMax) return 'full';
    return this.#takeHandshake(nowMs) ? undefined : 'rate';
  }

  /** Counts a session. Undefined where it may stay; whatever the answer, `leave` follows once. */
  enter(address: string): 'full' | 'full-address' | undefined {
    const ofAddress = (this.#perAddress.get(address) ?? 0) + 1;
    this.#sessions++;
    this.#perAddress.set(address, ofAddress);
    if (this.#sessions > this.#options.connectionsMax) return 'full';
    return ofAddress > this.#options.connectionsPerAddressMax ? 'full-address' : undefined;
  }

  leave(address: string): void {
    this.#sessions--;
    const left = (this.#perAddress.get(address) ?? 1) - 1;
    if (left === 0) this.#perAddress.delete(address);
    else this.#perAddress.set(address, left);
  }

  /** Only browsers send Origin, and they always do. */
  #originAllowed(origin: string | undefined): boolean {
    return this.#anyOrigin || origin === undefined || this.#origins.has(origin);
  }

  #takeHandshake(nowMs: number): boolean {
    const { handshakesPerSec } = this.#options;
    const refill = ((nowMs - this.#refilledAtMs) * handshakesPerSec) / 1000;
    this.#handshakesLeft = Math.min(handshakesPerSec, this.#handshakesLeft + refill);
    this.#refilledAtMs = nowMs;
    if (this.#handshakesLeft < 1) return false;
    this.#handshakesLeft--;
    return true;
  }
}

/** Reads a request from the library's header fields; undefined where they are not what HTTP/3 has (RFC 9220). */
export function sessionRequest(header: unknown): SessionRequest | undefined {
  const target = headerField(header, ':path');
  return target === undefined ? undefined : { target, origin: headerField(header, 'origin') };
}

/** `Authorization: Bearer <token>`, else `?token=`: a browser cannot set header fields. */
export function tokenOf(header: unknown): string | undefined {
  const bearer = /^Bearer +(\S+)\s*$/i.exec(headerField(header, 'authorization') ?? '');
  if (bearer !== null) return bearer[1];
  const target = headerField(header, ':path') ?? '';
  const query = target.indexOf('?');
  return query === -1 ? undefined : (new URLSearchParams(target.slice(query + 1)).get('token') ?? undefined);
}

/** `192.0.2.1:40000`, `[2001:db8::1]:40000` or `[::ffff:192.0.2.1]:40000` without port, brackets and mapping. */
export function addressOf(peer: string | undefined): string {
  const match = /^\[?(?:::ffff:(?=[\d.]+\]))?(.*?)\]?:\d+$/.exec(peer ?? '');
  return match?.[1] ?? '';
}

function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
}

function headerField(header: unknown, name: string): string | undefined {
  if (typeof header !== 'object' || header === null) return undefined;
  const value: unknown = Reflect.get(header, name);
  return typeof value === 'string' ? value : undefined;
}
