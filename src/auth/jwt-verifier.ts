import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { GatewayError, messageOf, StartError } from '../errors.ts';
import { userIdWords } from '../protocol/user-id.ts';
import type { Identity, TokenVerifier } from './identity.ts';
import type { KeyFetchOutcome } from './key-fetch.ts';
import { KeySet } from './key-set.ts';

export interface JwtOptions {
  /** Key set (RFC 7517 section 5); empty: none. */
  readonly jwksUrl: string;
  /** For HS256; empty: not accepted. */
  readonly secret: string;
  /** PEM, SPKI; empty: none. Used in place of the key set. */
  readonly publicKey: string;
  readonly algorithms: readonly string[];
  /** Required where not empty. */
  readonly issuer: string;
  readonly audience: string;
  readonly userIdClaim: string;
  readonly permissionsClaim: string;
  /** Empty: attributes are not taken from tokens. */
  readonly attributesClaim: string;
  readonly clockToleranceSec: number;
  /** The key set is not fetched again within this, whatever keys tokens name. Default 5,000. */
  readonly keysCooldownMs?: number;
  /** Its keys hold for so long beyond their 10 minutes while none can be had. Default 24 h. */
  readonly keysStaleMaxMs?: number;
  /** After each fetch of the key set; `detail` says what is wrong with it. Must not throw. */
  onKeysFetched?(outcome: KeyFetchOutcome, detail: string): void;
}

const TOKEN_CHARS_MAX = 16_384;

/**
 * Verifies JWTs (RFC 7519) of an issuer: HS256 with the shared secret alone, RS256, ES256 and EdDSA with the public key
 * or the key set, so that no public key is ever taken for a secret (RFC 8725 section 3.1).
 */
export class JwtVerifier implements TokenVerifier {
  readonly #options: JwtOptions;
  readonly #secret: KeyObject | undefined;
  readonly #publicKey: KeyObject | undefined;
  readonly #keySet: JWTVerifyGetKey | undefined;

  /** Throws a StartError where there is no key, or one that cannot be read. */
  constructor(options: JwtOptions) {
    this.#options = options;
    const { secret, publicKey, jwksUrl } = options;
    if (secret === '' && publicKey === '' && jwksUrl === '') {
      throw new StartError('auth.mode jwt needs auth.jwt.jwks_url, auth.jwt.public_key or auth.jwt.secret');
    }
    this.#secret = secret === '' ? undefined : createSecretKey(Buffer.from(secret));
    this.#publicKey = publicKey === '' ? undefined : readPublicKey(publicKey);
    this.#keySet = jwksUrl === '' ? undefined : keySetOf(options);
  }

  async verify(token: string): Promise<Identity> {
    if (token.length > TOKEN_CHARS_MAX) throw refused('the token is too long');
    const { algorithms, issuer, audience, clockToleranceSec } = this.#options;
    const options = {
      algorithms: [...algorithms],
      clockTolerance: clockToleranceSec,
      ...(issuer === '' ? {} : { issuer }),
      ...(audience === '' ? {} : { audience }),
    };
    try {
      const { payload } = await jwtVerify(token, this.#key, options);
      return this.#identityOf(payload);
    } catch (error) {
      throw errorOf(error);
    }
  }

  readonly #key: JWTVerifyGetKey = async (header, jws) => {
    if (header.alg === 'HS256') {
      if (this.#secret === undefined) throw refused('HS256 is not accepted');
      return this.#secret;
    }
    if (this.#publicKey !== undefined) return this.#publicKey;
    if (this.#keySet === undefined) throw refused(`${header.alg} is not accepted`);
    return await this.#keySet(header, jws);
  };

  #identityOf(payload: JWTPayload): Identity {
    const { userIdClaim, permissionsClaim, attributesClaim } = this.#options;
    const user = payload[userIdClaim];
    const words = typeof user === 'string' || typeof user === 'number' ? userIdWords(user) : undefined;
    if (words === undefined || (words.low === 0 && words.high === 0)) {
      throw refused(`the claim ${userIdClaim} is no user id`);
    }
    return {
      userIdLow: words.low,
      userIdHigh: words.high,
      permissions: permissionsOf(payload[permissionsClaim]),
      attributes: attributesClaim === '' ? {} : attributesOf(payload[attributesClaim]),
      expiresAtMs: payload.exp === undefined ? 0 : payload.exp * 1000,
    };
  }
}

function readPublicKey(pem: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch (error) {
    throw new StartError(`auth.jwt.public_key: ${messageOf(error)}`, error);
  }
}

function keySetOf(options: JwtOptions): JWTVerifyGetKey {
  const { jwksUrl, keysCooldownMs, keysStaleMaxMs } = options;
  if (!URL.canParse(jwksUrl)) throw new StartError('auth.jwt.jwks_url: expected a URL');
  const keys = new KeySet({
    url: new URL(jwksUrl),
    cooldownMs: keysCooldownMs,
    staleMaxMs: keysStaleMaxMs,
    onFetch: (outcome, detail) => options.onKeysFetched?.(outcome, detail),
  });
  return keys.key;
}

/** A list, or words with spaces between, as in `scope` (RFC 8693 section 4.2). */
function permissionsOf(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ').filter((word) => word !== '');
  return Array.isArray(claim) ? claim.filter((word) => typeof word === 'string') : [];
}

/** Texts by name; what else the claim holds is left out. */
function attributesOf(claim: unknown): Record<string, string> {
  if (typeof claim !== 'object' || claim === null || Array.isArray(claim)) return {};
  return Object.fromEntries(Object.entries(claim).filter(([, value]) => typeof value === 'string'));
}

/** What jose throws, as an answer to the client: no detail of a key, and the token not repeated. */
function errorOf(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  if (error instanceof errors.JWTExpired) return refused('the token has expired');
  if (error instanceof errors.JWTClaimValidationFailed)
    return refused(`the claim ${error.claim} does not hold`);
  return refused('the token does not hold');
}

function refused(message: string): GatewayError {
  return new GatewayError('UNAUTHENTICATED', message);
}
