/**
 * User ids are int64 on the wire. Inside they are keyed by number where a number is exact, and travel as decimal
 * strings in messages and logs. No Long and no BigInt leaves this file.
 */

/** The two halves of a 64-bit integer, signed or not: what protobufjs hands out and takes. */
export interface Int64Halves {
  readonly low: number;
  readonly high: number;
}

const UINT32_RANGE = 0x1_0000_0000;
/** High halves in between belong to integers that a number holds exactly. */
const HIGH_SAFE_MAX = 0x1f_ffff;
const HIGH_SAFE_MIN = -0x20_0000;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const DECIMAL = /^-?\d{1,19}$/;

/**
 * The map key of a user id: a number where it is a safe integer, else its decimal string. Equal ids give equal keys.
 * Halves may be signed or unsigned; together they are one two's complement int64. Allocates nothing for numbers.
 */
export function userKey(low: number, high: number): number | string {
  const signedHigh = high | 0;
  if (signedHigh <= HIGH_SAFE_MAX && signedHigh >= HIGH_SAFE_MIN) {
    const key = signedHigh * UINT32_RANGE + (low >>> 0);
    if (Number.isSafeInteger(key)) return key;
  }
  return BigInt.asIntN(64, (BigInt(signedHigh) << 32n) | BigInt(low >>> 0)).toString();
}

/** The decimal string of a user id given as its halves. */
export function formatUserId(low: number, high: number): string {
  return String(userKey(low, high));
}

/** The map key of a user id in decimal, or undefined where the text is not an int64. */
export function userKeyOf(text: string): number | string | undefined {
  const halves = parseUserId(text);
  return halves === undefined ? undefined : userKey(halves.low, halves.high);
}

/** The halves (both unsigned) of a user id in decimal, or undefined where the text is not an int64. */
export function parseUserId(text: string): Int64Halves | undefined {
  if (!DECIMAL.test(text)) return undefined;
  const value = BigInt(text);
  if (value < INT64_MIN || value > INT64_MAX) return undefined;
  return {
    low: Number(BigInt.asUintN(32, value)),
    high: Number(BigInt.asUintN(32, value >> 32n)),
  };
}
