import { type AdmissionRequest, tokenOf, unmapped } from '../admission.ts';

/** Reads a request from the library's header fields; undefined where they are not what HTTP/3 has (RFC 9220). */
export function sessionRequest(header: unknown): AdmissionRequest | undefined {
  const target = headerField(header, ':path');
  // The library tells the peer's address with the session only.
  return target === undefined
    ? undefined
    : { target, origin: headerField(header, 'origin'), address: undefined };
}

/** The token that came with the request. */
export function sessionToken(header: unknown): string | undefined {
  return tokenOf(headerField(header, 'authorization'), headerField(header, ':path') ?? '');
}

/** `192.0.2.1:40000`, `[2001:db8::1]:40000` or `[::ffff:192.0.2.1]:40000` without port, brackets and mapping. */
export function peerAddress(peer: string | undefined): string {
  const match = /^\[?(.*?)\]?:\d+$/.exec(peer ?? '');
  return unmapped(match?.[1] ?? '');
}

function headerField(header: unknown, name: string): string | undefined {
  if (typeof header !== 'object' || header === null) return undefined;
  const value: unknown = Reflect.get(header, name);
  return typeof value === 'string' ? value : undefined;
}
