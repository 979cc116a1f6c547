import { dualgate } from './gen/system.js';
import { formatUserId, type UserIdWords, userIdWords } from './user-id.ts';

/** int64 fields of the generated code, from and to what the rest of the project uses: numbers and decimal strings. */

/** The Long class, by a name that declarations may use. */
type Int64 = dualgate.v1.Ping['sentAtMs'];

/** The generated code takes the Long class that protobufjs loads; from its zero others come without a second copy. */
const LONG_ZERO = new dualgate.v1.Ping().sentAtMs;

export function longOf(value: number): Int64 {
  return LONG_ZERO.add(value);
}

/** Throws a RangeError where the text is not an int64 in decimal. */
export function longOfUserId(text: string): Int64 {
  if (userIdWords(text) === undefined) throw new RangeError(`user id ${text} is not an int64 in decimal`);
  return LONG_ZERO.add(text);
}

/** protobufjs hands out plain numbers where the `long` package is not bundled. */
export function numberOf(value: UserIdWords | number): number {
  return typeof value === 'number' ? value : (value.high | 0) * 0x1_0000_0000 + (value.low >>> 0);
}

export function userIdOf(value: UserIdWords | number): string {
  return typeof value === 'number' ? String(value) : formatUserId(value.low, value.high);
}
