/** How a session gets its user (DESIGN.md sections 2 and 4). */
export interface AuthMode {
  readonly name: 'none' | 'trust-first-message';
  /** The first payload that names a user binds it. */
  readonly payloadBindsUser: boolean;
  /** A payload that names another user than the bound one is refused with USER_MISMATCH. */
  readonly refusesOtherUser: boolean;
}

/**
 * `none` takes what clients say and never refuses; `trust-first-message` holds a session to its first claim. Neither
 * verifies anything: both are for development, and for networks where clients are trusted.
 */
export const AUTH_MODES = {
  none: { name: 'none', payloadBindsUser: true, refusesOtherUser: false },
  'trust-first-message': { name: 'trust-first-message', payloadBindsUser: true, refusesOtherUser: true },
} as const satisfies Record<string, AuthMode>;
