/** How a session gets its user (DESIGN.md sections 2 and 4). */
export interface AuthMode {
  readonly name: 'none' | 'trust-first-message' | 'jwt';
  /** The first payload that names a user binds it. */
  readonly payloadBindsUser: boolean;
  /** A payload that names another user than the bound one is refused with USER_MISMATCH. */
  readonly refusesOtherUser: boolean;
  /** Nothing but Hello, AuthLogin and heartbeats is taken before a token was verified; permissions are enforced. */
  readonly verifies: boolean;
  /** The device policy holds, and a user may log out everywhere: who is bound is not whoever likes to be. */
  readonly limitsDevices: boolean;
}

/**
 * `none` takes what clients say and never refuses; `trust-first-message` holds a session to its first claim. Neither
 * verifies anything: both are for development, and for networks where clients are trusted. `jwt` binds the user that a
 * verified token names, and nobody else.
 */
export const AUTH_MODES = {
  none: {
    name: 'none',
    payloadBindsUser: true,
    refusesOtherUser: false,
    verifies: false,
    limitsDevices: false,
  },
  'trust-first-message': {
    name: 'trust-first-message',
    payloadBindsUser: true,
    refusesOtherUser: true,
    verifies: false,
    limitsDevices: true,
  },
  jwt: {
    name: 'jwt',
    payloadBindsUser: false,
    refusesOtherUser: true,
    verifies: true,
    limitsDevices: true,
  },
} as const satisfies Record<string, AuthMode>;
