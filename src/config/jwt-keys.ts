import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** What of `auth.jwt` says which tokens hold. */
interface JwtKeys {
  readonly secret: string;
  readonly public_key: string;
  readonly jwks_url: string;
  readonly algorithms: readonly string[];
}

/** RFC 7518 section 3.3. */
const RSA_BITS_MIN = 2048;

/** Empty, or a key that is good for one of the algorithms. */
export const jwtPublicKey = z
  .string()
  .refine(
    (text) => text === '' || algorithmOf(text) !== undefined,
    `a public key of RSA (${RSA_BITS_MIN} bits), EC P-256 or Ed25519, as PEM (SPKI)`,
  );

/** Empty, or where a key set can be fetched. */
export const jwksUrl = z
  .string()
  .refine((text) => text === '' || isHttpUrl(text), 'http://... or https://...');

/** Whether any token could hold. As the verifier does it, the public key stands in place of the key set. */
export function anyAlgorithmUsable({ secret, public_key, jwks_url, algorithms }: JwtKeys): boolean {
  return algorithms.some((algorithm) => {
    if (algorithm === 'HS256') return secret !== '';
    return public_key === '' ? jwks_url !== '' : algorithm === algorithmOf(public_key);
  });
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** The algorithm of a public key; undefined for what is none, and for private keys, which do not belong here. */
function algorithmOf(pem: string): string | undefined {
  const key = pem.includes('PRIVATE KEY') ? undefined : readKey(pem);
  const details = key?.asymmetricKeyDetails;
  switch (key?.asymmetricKeyType) {
    case 'rsa':
      return (details?.modulusLength ?? 0) >= RSA_BITS_MIN ? 'RS256' : undefined;
    case 'ec':
      return details?.namedCurve === 'prime256v1' ? 'ES256' : undefined;
    case 'ed25519':
      return 'EdDSA';
    default:
      return undefined;
  }
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}
