import type { Identity } from '../auth/identity.ts';
import type { SessionGrant } from '../session/session.ts';

/** What a verified token grants to the session of its user. */
export function grantOf({ permissions, attributes, expiresAtMs }: Identity): SessionGrant {
  return { verified: true, permissions, attributes, expiresAtMs };
}
