import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { GatewayError, messageOf, StartError } from '../errors.ts';
import { userIdWords } from '../protocol/user-id.ts';
import type { Identity, TokenVerifier } from './identity.ts';

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
}

/** The key set is fetched again after this, and for a key that it lacks. */
const KEYS_AGE_MAX_MS = 600_000;
const COOLDOWN_MS = 5_000;
const FETCH_TIMEOUT_MS = 3_000;
const RETRY_AFTER_MS = 1_000;
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
    this.#keySet = jwksUrl === '' ? undefined : remoteKeys(jwksUrl, options.keysCooldownMs ?? COOLDOWN_MS);
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

function remoteKeys(url: string, cooldownMs: number): JWTVerifyGetKey {
  if (!URL.canParse(url)) throw new StartError('auth.jwt.jwks_url: expected a URL');
  return createRemoteJWKSet(new URL(url), {
    cacheMaxAge: KEYS_AGE_MAX_MS,
    cooldownDuration: cooldownMs,
    timeoutDuration: FETCH_TIMEOUT_MS,
  });
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
  const known = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout);
  // A key set that answers with an error, or not at all, is told apart by its plain JOSEError.
  if (known && error.code !== 'ERR_JOSE_GENERIC') return refused('the token does not hold');
  if (known || error instanceof errors.JWKSTimeout || isFetchFailure(error)) {
    return new GatewayError('UNAVAILABLE', 'the keys for tokens are out of reach', {
      retryAfterMs: RETRY_AFTER_MS,
      cause: error,
    });
  }
  return refused('the token does not hold');
}

function isFetchFailure(error: unknown): boolean {
  return error instanceof TypeError && error.message === 'fetch failed';
}

function refused(message: string): GatewayError {
  return new GatewayError('UNAUTHENTICATED', message);
}
