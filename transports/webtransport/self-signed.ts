import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import type { CertificatePair } from './certificate-check.ts';
import { DER, derInteger, derOid, derSequence, derTagged, derTime } from './der.ts';

export interface SelfSignedOptions {
  /** DNS names and IP addresses, at least one. */
  readonly names: readonly string[];
  /** Milliseconds since the epoch; certificates count in seconds. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

const OID = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
} as const;

const SERIAL_BYTES = 16;
/** digitalSignature, the first bit, with seven unused ones (RFC 5280 section 4.2.1.3). */
const KEY_USAGE = Uint8Array.of(7, 0x80);

/**
 * Returns a new self-signed ECDSA P-256 certificate (RFC 5280) and its key, for development: browsers take it by its
 * hash alone. Written out here because its shape is fixed and small; a library for it brings twenty packages and a
 * patch to the global `Reflect`.
 */
export function createSelfSigned(options: SelfSignedOptions): CertificatePair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const body = toBeSigned(options, publicKey);
  const signature = sign('sha256', body, privateKey);
  const certificate = derSequence(body, algorithm(), bitString(0, signature));
  return {
    certPem: toPem('CERTIFICATE', certificate),
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function toBeSigned({ names, notBeforeMs, notAfterMs }: SelfSignedOptions, publicKey: KeyObject): Uint8Array {
  const version3 = derTagged(DER.context0, derInteger(Uint8Array.of(2)));
  const name = distinguishedName('dualgate development');
  const validity = derSequence(derTime(notBeforeMs), derTime(notAfterMs));
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const extensions = derTagged(DER.context3, derSequence(...certificateExtensions(names)));
  const serial = derInteger(randomBytes(SERIAL_BYTES));
  return derSequence(version3, serial, algorithm(), name, validity, name, key, extensions);
}

function certificateExtensions(names: readonly string[]): Uint8Array[] {
  return [
    extension(OID.basicConstraints, derSequence()),
    extension(OID.keyUsage, derTagged(DER.bitString, KEY_USAGE)),
    extension(OID.subjectAltName, derSequence(...names.map(generalName))),
  ];
}

function extension(oid: string, value: Uint8Array): Uint8Array {
  return derSequence(derOid(oid), derTagged(DER.octetString, value));
}

function distinguishedName(commonName: string): Uint8Array {
  const value = derTagged(DER.utf8String, Buffer.from(commonName, 'utf8'));
  return derSequence(derTagged(DER.set, derSequence(derOid(OID.commonName), value)));
}

/** RFC 5280 section 4.2.1.6. */
function generalName(name: string): Uint8Array {
  const family = isIP(name);
  if (family === 0) return derTagged(DER.dnsName, Buffer.from(name, 'ascii'));
  return derTagged(DER.ipAddress, family === 4 ? ipv4Bytes(name) : ipv6Bytes(name));
}

function ipv4Bytes(address: string): Uint8Array {
  return Uint8Array.from(address.split('.'), Number);
}

/** Of an address that `isIP` takes, without zone: `::` stands for the groups that are missing from eight. */
function ipv6Bytes(address: string): Uint8Array {
  const host = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head, tail] = host.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const after = tail ?? [];
  const groups = [...head, ...new Array<string>(8 - head.length - after.length).fill('0'), ...after];
  return Uint8Array.from(groups.flatMap((group) => [parseInt(group, 16) >>> 8, parseInt(group, 16) & 0xff]));
}

function algorithm(): Uint8Array {
  return derSequence(derOid(OID.ecdsaWithSha256));
}

function bitString(unusedBits: number, bytes: Uint8Array): Uint8Array {
  return derTagged(DER.bitString, Buffer.concat([Uint8Array.of(unusedBits), bytes]));
}

function toPem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
