import { SignJWT } from 'jose';
import type { Settings } from './test-gateway.ts';

const SECRET = 'a secret of more than 32 bytes, for HS256';

/** Of a gateway that takes the tokens made here. */
export const JWT_SETTINGS: Settings = {
  'auth.mode': 'jwt',
  'auth.jwt.secret': SECRET,
  'auth.jwt.clock_tolerance_sec': '0',
};

export interface TokenOptions {
  /** Default 7. */
  readonly user?: number;
  readonly permissions?: readonly string[];
  /** Default a minute; may be negative. */
  readonly expiresInMs?: number;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** JWT times are whole seconds: a token lives until the next full second after `expiresInMs`. */
export function token(options: TokenOptions = {}): Promise<string> {
  const { user = 7, permissions = [], expiresInMs = 60_000, claims = {} } = options;
  return new SignJWT({ sub: String(user), permissions, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(Math.ceil((Date.now() + expiresInMs) / 1000))
    .sign(Buffer.from(SECRET));
}
