import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { messageOf, StartError } from '../../src/errors.ts';

/** PEM text. The certificate may be followed by its chain. */
export interface CertificatePair {
  readonly certPem: string;
  readonly keyPem: string;
}

export interface CertificateCheck {
  /** Where the certificate comes from, for messages. Default `the certificate`. */
  readonly source?: string;
  /** It is to be pinned by its hash: the rules for that hold too. Default false. */
  readonly pinned?: boolean;
  /** Milliseconds since the epoch. Default now. */
  readonly nowMs?: number;
}

const DAY_MS = 86_400_000;
/** W3C WebTransport section 3.1, custom certificate requirements: two weeks at most, and a second for rounding. */
const PINNED_VALIDITY_MAX_MS = 14 * DAY_MS + 1000;

/**
 * Throws a StartError with the reason where the pair cannot serve: not PEM, key of another certificate, not valid
 * now, or, if pinned, against the browsers' rules for pinned certificates. The library would only log, and its
 * server never come up.
 */
export function checkCertificate(pair: CertificatePair, check: CertificateCheck = {}): void {
  const { source = 'the certificate', pinned = false, nowMs = Date.now() } = check;
  const fault = certificateFault(pair, nowMs) ?? (pinned ? pinningFault(pair) : undefined);
  if (fault !== undefined) throw new StartError(`${source} cannot be used: ${fault}`);
}

/** Why browsers would not take the certificate by its hash, or undefined where they would. */
export function pinningFault(pair: CertificatePair): string | undefined {
  const certificate = new X509Certificate(pair.certPem);
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey;
  if (type !== 'ec' || details?.namedCurve !== 'prime256v1') {
    return `browsers pin ECDSA P-256 keys only, and this one is ${(type ?? 'unknown').toUpperCase()}`;
  }
  const validityMs = Date.parse(certificate.validTo) - Date.parse(certificate.validFrom);
  if (validityMs > PINNED_VALIDITY_MAX_MS) {
    return `browsers pin certificates of 14 days at most, and this one is valid for ${Math.round(validityMs / DAY_MS)}`;
  }
  return undefined;
}

/** Hex SHA-256 of the certificate's DER, as `serverCertificateHashes` wants it. */
export function certificateHash(certPem: string): string {
  return createHash('sha256').update(new X509Certificate(certPem).raw).digest('hex');
}

function certificateFault({ certPem, keyPem }: CertificatePair, nowMs: number): string | undefined {
  const certificate = parse(() => new X509Certificate(certPem));
  if (typeof certificate === 'string') return `it is not a PEM certificate (${certificate})`;
  const key = parse(() => privateKey(keyPem));
  if (typeof key === 'string') return `its key is not a PEM private key (${key})`;
  if (!certificate.checkPrivateKey(key)) return 'the private key belongs to another certificate';
  if (Date.parse(certificate.validFrom) > nowMs) return `it is not valid before ${certificate.validFrom}`;
  if (Date.parse(certificate.validTo) <= nowMs) return `it expired on ${certificate.validTo}`;
  return undefined;
}

function privateKey(keyPem: string): KeyObject {
  // createPrivateKey would take DER in a string's place; the library does not.
  if (!keyPem.includes('-----BEGIN')) throw new Error('no BEGIN line');
  return createPrivateKey(keyPem);
}

function parse<T extends object>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    return messageOf(error);
  }
}
