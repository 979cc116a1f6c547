import type { TokenVerifier } from './auth/identity.ts';
import { JwtVerifier } from './auth/jwt-verifier.ts';
import type { Config } from './config/schema.ts';

/** Who verifies tokens as configured; undefined in the modes that verify nothing. Throws a StartError. */
export function createVerifier({ auth }: Config): TokenVerifier | undefined {
  if (auth.mode !== 'jwt') return undefined;
  const { jwt } = auth;
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
  });
}
