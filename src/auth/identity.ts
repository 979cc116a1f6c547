/** Who a verified token says its bearer is. */
export interface Identity {
  /** Words of the int64 user id, unsigned, two's complement. */
  readonly userIdLow: number;
  readonly userIdHigh: number;
  readonly permissions: readonly string[];
  /** Of whoever asks the session store. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Unix ms, as the token says; 0: does not expire. */
  readonly expiresAtMs: number;
}

/** Verifies tokens. */
export interface TokenVerifier {
  /**
   * Rejects with a GatewayError: UNAUTHENTICATED for a token that does not hold, UNAVAILABLE where that cannot be told
   * now (the keys are out of reach).
   */
  verify(token: string): Promise<Identity>;
}
