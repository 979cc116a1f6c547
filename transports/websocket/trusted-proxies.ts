import { BlockList, isIP } from 'node:net';
import { unmapped } from '../admission.ts';

/** Addresses of one header field that are looked at, from its end; a client may have filled the rest at will. */
const HOPS_MAX = 32;

/**
 * The proxies whose X-Forwarded-For is believed. Each proxy appends the address that it was reached from, so the list is
 * read from its end, and the first address that is no trusted proxy is the client: what stands before it, the client
 * may have made up.
 */
export class TrustedProxies {
  readonly #proxies = new BlockList();
  readonly #any: boolean;

  /** `addresses`: single ones, or networks as `10.0.0.0/8`. Throws a RangeError for what is neither. */
  constructor(addresses: readonly string[]) {
    this.#any = addresses.length > 0;
    for (const text of addresses) this.#add(text);
  }

  /** The client's address: the peer's own, unless that is a trusted proxy. */
  clientAddress(peer: string, forwardedFor: string | undefined): string {
    if (!this.#any || forwardedFor === undefined || !this.trusts(peer)) return peer;
    const hops = forwardedFor.split(',').slice(-HOPS_MAX).reverse();
    let client = peer;
    for (const text of hops) {
      const hop = withoutPort(text.trim());
      if (isIP(hop) === 0) return client;
      client = unmapped(hop);
      if (!this.trusts(client)) return client;
    }
    return client;
  }

  /** Whether that is the address of a trusted proxy. */
  trusts(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.#proxies.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }

  #add(text: string): void {
    const [address, prefix] = text.split('/', 2);
    const family = isIP(address);
    const bitsMax = family === 6 ? 128 : 32;
    const bits = prefix === undefined ? bitsMax : Number(prefix);
    if (family === 0 || !Number.isInteger(bits) || bits < 0 || bits > bitsMax) {
      throw new RangeError(`trusted proxy: expected an address or a network, found ${text}`);
    }
    this.#proxies.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4');
  }
}

/** `[v6]:port`, `[v6]` and `v4:port`, as some proxies write a hop (RFC 7239 section 6), without the port. */
function withoutPort(hop: string): string {
  const bracketed = /^\[([^\]]*:[^\]]*)\](?::\d{1,5})?$/.exec(hop);
  return bracketed?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(hop)?.[1] ?? hop;
}
