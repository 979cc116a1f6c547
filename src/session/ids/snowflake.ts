import { randomInt } from 'node:crypto';
import { GatewayError } from '../../errors.ts';

/** 2024-01-01T00:00:00Z; 41 bits of milliseconds from here last until 2093. */
export const SNOWFLAKE_EPOCH_MS = 1_704_067_200_000;
export const MACHINE_ID_MAX = 1023;
/** Ids that a machine id has in a millisecond. */
export const SEQUENCES = 4096;
const SEQUENCE_MAX = SEQUENCES - 1;
/** A clock that steps back by no more than this is waited out by counting on from the last id. */
const CLOCK_STEP_TOLERATED_MS = 1000;

/** Where session ids come from. */
export interface IdSource {
  /** Throws GatewayError UNAVAILABLE where none can be had now. */
  next(): string;
  /** Why `next` would throw now, in one line; undefined: it would not. */
  readonly fault: string | undefined;
}

export interface SnowflakeOptions {
  /**
   * A millisecond begins at random with one of so many ids, counted from the first of the machine id and on into those
   * above it. Default 1: with the first.
   */
  readonly places?: number;
  /** Unix milliseconds that ids were issued up to, by somebody before: the first one here is of a later one. */
  readonly afterMs?: number;
}

export interface SnowflakeParts {
  /** Unix milliseconds. */
  readonly timeMs: number;
  readonly machineId: number;
  readonly sequence: number;
}

/**
 * Ids of 41 bits of milliseconds, 10 bits of machine and 12 bits of sequence, as decimal text (DESIGN.md section 4).
 * Strictly growing on one generator: when the sequence of a millisecond is used up, or the clock stepped back a little,
 * it counts on from the last id's time instead of waiting.
 */
export class SnowflakeGenerator implements IdSource {
  readonly #first: number;
  readonly #places: number;
  readonly #now: () => number;
  #lastMs: number;
  /** Machine and sequence of the last id. */
  #low = SEQUENCE_MAX;

  /** `now`: Unix milliseconds. */
  constructor(machineId: number, now: () => number = Date.now, options: SnowflakeOptions = {}) {
    const { places = 1, afterMs = 0 } = options;
    if (!Number.isInteger(machineId) || machineId < 0 || machineId > MACHINE_ID_MAX) {
      throw new RangeError(`machine id ${machineId} is not within 0..${MACHINE_ID_MAX}`);
    }
    this.#first = machineId * SEQUENCES;
    this.#places = places;
    this.#lastMs = afterMs;
    this.#now = now;
  }

  /** Unix milliseconds in the last id; before the first `afterMs`. */
  get lastMs(): number {
    return this.#lastMs;
  }

  get fault(): string | undefined {
    const behindMs = this.#lastMs - this.#now();
    return behindMs > CLOCK_STEP_TOLERATED_MS ? clockFault(behindMs) : undefined;
  }

  /** Throws GatewayError UNAVAILABLE where the clock is more than a second behind the last id. */
  next(): string {
    const nowMs = this.#now();
    if (this.#lastMs - nowMs > CLOCK_STEP_TOLERATED_MS) {
      const behindMs = this.#lastMs - nowMs;
      throw new GatewayError('UNAVAILABLE', clockFault(behindMs), { retryAfterMs: behindMs });
    }
    if (nowMs > this.#lastMs) this.#begin(nowMs);
    else if ((this.#low & SEQUENCE_MAX) === SEQUENCE_MAX) this.#begin(this.#lastMs + 1);
    else this.#low++;
    return ((BigInt(this.#lastMs - SNOWFLAKE_EPOCH_MS) << 22n) | BigInt(this.#low)).toString();
  }

  #begin(timeMs: number): void {
    this.#lastMs = timeMs;
    this.#low = this.#places === 1 ? this.#first : this.#first + randomInt(this.#places);
  }
}

function clockFault(behindMs: number): string {
  return `clock is ${behindMs} ms behind`;
}

/** The parts of an id; undefined where the text is not one. */
export function parseSnowflake(id: string): SnowflakeParts | undefined {
  if (!/^[0-9]{1,19}$/.test(id)) return undefined;
  const value = BigInt(id);
  if (value >= 1n << 63n) return undefined;
  return {
    timeMs: Number(value >> 22n) + SNOWFLAKE_EPOCH_MS,
    machineId: Number((value >> 12n) & 0x3ffn),
    sequence: Number(value & 0xfffn),
  };
}
