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
  /** The same for one address, counted as connections are. */
  readonly handshakesPerSecPerAddress: number;
  /** Exact origins (`https://example.org`), or `*` for any. */
  readonly allowedOrigins: readonly string[];
}

/** After a restart of the gateway all of its clients come back together: a burst is normal, a steady flood is not. */
const HANDSHAKES_BURST_SEC = 5;
const BURST_MS = HANDSHAKES_BURST_SEC * 1000;
/** Sums of fractions of a millisecond are not exact. */
const ROUNDING_MS = 1e-6;
const MAPPED_GROUP = 0xffff;

/** Why a request was refused. */
export type Refusal = 'path' | 'origin' | 'full' | 'full-address' | 'rate' | 'rate-address';

/** The HTTP answer to each refusal. A client that is to come back later gets a 5xx or 429. */
export const REFUSAL_STATUS = {
  'bad-handshake': 400,
  origin: 403,
  path: 404,
  rate: 429,
  'rate-address': 429,
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
  readonly #handshakes: AddressRates;
  #connections = 0;
  #handshakesLeft: number;
  #refilledAtMs: number;

  constructor(options: AdmissionOptions, nowMs: number) {
    this.#options = options;
    this.#anyOrigin = options.allowedOrigins.includes('*');
    this.#origins = new Set(options.allowedOrigins);
    this.#handshakes = new AddressRates(options.handshakesPerSecPerAddress, nowMs);
    this.#handshakesLeft = options.handshakesPerSec * HANDSHAKES_BURST_SEC;
    this.#refilledAtMs = nowMs;
  }

  /** Undefined: let it in. `nowMs` is monotonic. */
  refusal(request: AdmissionRequest, nowMs: number): Refusal | undefined {
    const { path, connectionsMax, connectionsPerAddressMax } = this.#options;
    const { target, origin, address } = request;
    if (pathOf(target) !== path) return 'path';
    if (!this.#originAllowed(origin)) return 'origin';
    if (this.#connections >= connectionsMax) return 'full';
    if (address !== undefined && this.#connectionsOf(address) >= connectionsPerAddressMax) {
      return 'full-address';
    }
    this.#refill(nowMs);
    if (this.#handshakesLeft < 1) return 'rate';
    if (address !== undefined && !this.takesHandshakeOf(address, nowMs)) return 'rate-address';
    this.#handshakesLeft--;
    return undefined;
  }

  /** Counts a handshake whose address was not told to `refusal`. False: it is one too many. */
  takesHandshakeOf(address: string, nowMs: number): boolean {
    return this.#handshakes.take(addressKey(address), nowMs);
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

  #refill(nowMs: number): void {
    const { handshakesPerSec } = this.#options;
    const refill = ((nowMs - this.#refilledAtMs) * handshakesPerSec) / 1000;
    this.#handshakesLeft = Math.min(handshakesPerSec * HANDSHAKES_BURST_SEC, this.#handshakesLeft + refill);
    this.#refilledAtMs = nowMs;
  }
}

/**
 * A token bucket for each address, of `HANDSHAKES_BURST_SEC` seconds' worth: one number, the time at which it is full
 * again. Full ones need not be kept, which all are after that many seconds: two maps take turns for so long, and memory
 * is bounded by the handshakes of all addresses in twice that time.
 */
class AddressRates {
  readonly #costMs: number;
  #recent = new Map<string, number>();
  #older = new Map<string, number>();
  #turnedAtMs: number;

  constructor(perSec: number, nowMs: number) {
    this.#costMs = 1000 / perSec;
    this.#turnedAtMs = nowMs;
  }

  /** False, with nothing taken, where the bucket is empty. */
  take(key: string, nowMs: number): boolean {
    this.#turn(nowMs);
    const knownMs = this.#recent.get(key) ?? this.#older.get(key) ?? nowMs;
    const fullAtMs = Math.max(knownMs, nowMs) + this.#costMs;
    if (fullAtMs - nowMs > BURST_MS + ROUNDING_MS) return false;
    this.#recent.set(key, fullAtMs);
    return true;
  }

  #turn(nowMs: number): void {
    if (nowMs - this.#turnedAtMs <= BURST_MS) return;
    this.#older = this.#recent;
    this.#recent = new Map();
    this.#turnedAtMs = nowMs;
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

/** An IPv4-mapped address (RFC 4291 section 2.5.5.2), however it is written, as IPv4: it has one name only then. */
export function unmapped(address: string): string {
  if (!address.includes(':')) return address;
  const groups = groupsOf(address);
  const mapped = groups[5] === MAPPED_GROUP && groups.slice(0, 5).every((group) => group === 0);
  return mapped ? dotted(groups[6], groups[7]) : address;
}

/** What connections are counted by: the IPv4 address, or the first 64 bits of an IPv6 one. */
export function addressKey(address: string): string {
  const plain = unmapped(address);
  if (!plain.includes(':')) return plain;
  const groups = groupsOf(plain).slice(0, 4);
  return `${groups.map((group) => group.toString(16)).join(':')}::/64`;
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  const [head, tail = ''] = address.split('%', 1)[0].split('::');
  const before = head.split(':').flatMap(numbersOf);
  const after = tail.split(':').flatMap(numbersOf);
  const zeros = new Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0);
  return [...before, ...zeros, ...after];
}

/** A group, or the dotted end, which stands for two. */
function numbersOf(part: string): number[] {
  if (part === '') return [];
  if (!part.includes('.')) return [Number.parseInt(part, 16)];
  const [a, b, c, d] = part.split('.').map(Number);
  return [(a << 8) | b, (c << 8) | d];
}

function dotted(high: number, low: number): string {
  return [high >>> 8, high & 0xff, low >>> 8, low & 0xff].join('.');
}
