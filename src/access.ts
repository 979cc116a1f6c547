import type { TokenVerifier } from './auth/identity.ts';
import { JwtVerifier } from './auth/jwt-verifier.ts';
import { KeyFetchReport } from './auth/key-fetch-report.ts';
import type { Config } from './config/schema.ts';
import type { Log } from './observe/log.ts';
import type { Metrics } from './observe/metrics.ts';

export interface AccessParts {
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Shorter ones can be guessed from one token (RFC 7518 section 3.2). */
const SECRET_BYTES_MIN = 32;

/** Who verifies tokens as configured; undefined in the modes that verify nothing. Throws a StartError. */
export function createVerifier({ auth }: Config, { metrics, log }: AccessParts): TokenVerifier | undefined {
  if (auth.mode !== 'jwt') return undefined;
  const report = new KeyFetchReport(metrics.jwksFetches, log);
  const { jwt } = auth;
  if (jwt.secret !== '' && Buffer.byteLength(jwt.secret) < SECRET_BYTES_MIN) {
    log.warn({ bytesMin: SECRET_BYTES_MIN }, 'auth.jwt.secret is short: it can be guessed from one token');
  }
  return new JwtVerifier({
    jwksUrl: jwt.jwks_url,
    secret: jwt.secret,
    publicKey: jwt.public_key,
    algorithms: jwt.algorithms,
    issuer: jwt.issuer,
    audience: jwt.audience,
    userIdClaim: jwt.user_id_claim,
    permissionsClaim: jwt.permissions_claim,
    attributesClaim: jwt.attributes_claim,
    clockToleranceSec: jwt.clock_tolerance_sec,
    keysStaleMaxMs: jwt.jwks_stale_max_sec * 1000,
    onKeysFetched: (outcome, detail) => report.fetched(outcome, detail),
  });
}
