/**
 * User ids are int64 on the wire. Inside they are keyed by number where a number is exact, and travel as decimal
 * strings in messages and logs. No Long and no BigInt leaves this file.
 */

/** A user id as a Map key: a safe integer where it fits, else the decimal string. One id has one key only. */
export type UserKey = number | string;

/** An int64 as two 32-bit words, two's complement: what protobufjs hands out and takes. */
export interface UserIdWords {
  readonly low: number;
  readonly high: number;
}

const HIGH_UNIT = 0x1_0000_0000;
/** From this high word on a value does not fit into 53 bits. */
const HIGH_SAFE_LIMIT = 0x20_0000;
const DECIMAL = /^-?\d{1,19}$/;

/** The key of the int64 with these two words (signed or unsigned). Allocates only past 53 bits or below zero. */
export function userKey(low: number, high: number): UserKey {
  const unsignedHigh = high >>> 0;
  if (unsignedHigh < HIGH_SAFE_LIMIT) return unsignedHigh * HIGH_UNIT + (low >>> 0);
  const wide = BigInt.asIntN(64, (BigInt(unsignedHigh) << 32n) | BigInt(low >>> 0));
  const narrow = Number(wide);
  return Number.isSafeInteger(narrow) ? narrow : wide.toString();
}

/** The decimal string of the user id with these two words. */
export function formatUserId(low: number, high: number): string {
  return String(userKey(low, high));
}

/** The key of a user id in decimal, or undefined where the text is no int64. */
export function userKeyOf(text: string): UserKey | undefined {
  const words = userIdWords(text);
  return words === undefined ? undefined : userKey(words.low, words.high);
}

/**
 * The words (unsigned) of a key, or undefined where it is no int64: a fraction, an unsafe number, text other than
 * decimal digits with an optional minus sign, out of range. Once per session, not per frame.
 */
export function userIdWords(key: UserKey): UserIdWords | undefined {
  if (typeof key === 'number' ? !Number.isSafeInteger(key) : !DECIMAL.test(key)) return undefined;
  const wide = BigInt(key);
  if (BigInt.asIntN(64, wide) !== wide) return undefined;
  return { low: Number(BigInt.asUintN(32, wide)), high: Number(BigInt.asUintN(32, wide >> 32n)) };
}
