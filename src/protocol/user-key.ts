const HIGH_UNIT = 0x1_0000_0000;
/** From this high word on a value does not fit into 53 bits. */
const HIGH_SAFE_LIMIT = 0x20_0000;

/** A user id as a Map key: a safe integer where it fits, else the decimal string. One id has one key only. */
export type UserKey = number | string;

/**
 * The key of the int64 with these two words (signed or unsigned 32-bit numbers; two's complement). Allocates only for
 * ids that need more than 53 bits.
 */
export function userKey(low: number, high: number): UserKey {
  const unsignedHigh = high >>> 0;
  if (unsignedHigh < HIGH_SAFE_LIMIT) return unsignedHigh * HIGH_UNIT + (low >>> 0);
  const wide = BigInt.asIntN(64, (BigInt(unsignedHigh) << 32n) | BigInt(low >>> 0));
  const narrow = Number(wide);
  return Number.isSafeInteger(narrow) ? narrow : wide.toString();
}

/** An int64 as two unsigned 32-bit words, two's complement. */
export interface UserIdWords {
  readonly low: number;
  readonly high: number;
}

/**
 * The words of a key, or undefined where it is no int64: a fraction, an unsafe number, text other than decimal digits
 * with an optional minus sign, out of range. For bindings (once per session), not per frame.
 */
export function userIdWords(key: UserKey): UserIdWords | undefined {
  if (typeof key === 'number' ? !Number.isSafeInteger(key) : !/^-?\d{1,19}$/.test(key)) return undefined;
  const wide = BigInt(key);
  if (BigInt.asIntN(64, wide) !== wide) return undefined;
  return { low: Number(BigInt.asUintN(32, wide)), high: Number(BigInt.asUintN(32, wide >> 32n)) };
}
