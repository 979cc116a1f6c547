/**
 * Writes DER (ITU-T X.690, section 10): tag, length, contents. As much of it as a certificate needs.
 */
export const DER = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  dnsName: 0x82,
  ipAddress: 0x87,
  context0: 0xa0,
  context3: 0xa3,
} as const;

/** Returns tag, length and `contents` in new memory. */
export function derTagged(tag: number, contents: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(tag), lengthOctets(contents.length), contents]);
}

export function derSequence(...members: readonly Uint8Array[]): Uint8Array {
  return derTagged(DER.sequence, Buffer.concat(members));
}

/** A number without sign, big-endian: a leading zero keeps it positive, and superfluous zeros are not allowed. */
export function derInteger(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const digits = bytes.subarray(start);
  return derTagged(DER.integer, digits[0] < 0x80 ? digits : Buffer.concat([Uint8Array.of(0), digits]));
}

/** Dotted decimal; the first two parts share an octet, the others are base 128 (X.690 section 8.19). */
export function derOid(dotted: string): Uint8Array {
  const [first, second, ...rest] = dotted.split('.').map(Number);
  const octets = [first * 40 + second, ...rest.flatMap(base128)];
  return derTagged(DER.oid, Uint8Array.from(octets));
}

/** UTCTime up to 2049, GeneralizedTime after (RFC 5280 section 4.1.2.5); whole seconds. */
export function derTime(timeMs: number): Uint8Array {
  const iso = new Date(timeMs).toISOString();
  const digits = `${iso.slice(0, 19).replace(/[-T:]/g, '')}Z`;
  if (iso < '2050') return derTagged(DER.utcTime, Buffer.from(digits.slice(2), 'ascii'));
  return derTagged(DER.generalizedTime, Buffer.from(digits, 'ascii'));
}

function base128(value: number): number[] {
  const octets = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) octets.unshift(0x80 | (rest & 0x7f));
  return octets;
}

function lengthOctets(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) octets.unshift(rest & 0xff);
  return Uint8Array.of(0x80 | octets.length, ...octets);
}
