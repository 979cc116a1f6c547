import { GatewayError } from '../../errors.ts';

/** 2024-01-01T00:00:00Z; 41 bits of milliseconds from here last until 2093. */
export const SNOWFLAKE_EPOCH_MS = 1_704_067_200_000;
export const MACHINE_ID_MAX = 1023;
const SEQUENCE_MAX = 4095;
/** A clock that steps back by no more than this is waited out by counting on from the last id. */
const CLOCK_STEP_TOLERATED_MS = 1000;

/** Where session ids come from. */
export interface IdSource {
  /** Throws GatewayError UNAVAILABLE where none can be had now. */
  next(): string;
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
  readonly #machineId: number;
  readonly #now: () => number;
  #lastMs = 0;
  #sequence = 0;

  constructor(machineId: number, now: () => number = Date.now) {
    if (!Number.isInteger(machineId) || machineId < 0 || machineId > MACHINE_ID_MAX) {
      throw new RangeError(`machine id ${machineId} is not within 0..${MACHINE_ID_MAX}`);
    }
    this.#machineId = machineId;
    this.#now = now;
  }

  /** Throws GatewayError UNAVAILABLE where the clock is more than a second behind the last id. */
  next(): string {
    const nowMs = this.#now();
    if (this.#lastMs - nowMs > CLOCK_STEP_TOLERATED_MS) {
      const behindMs = this.#lastMs - nowMs;
      throw new GatewayError('UNAVAILABLE', `clock is ${behindMs} ms behind`, { retryAfterMs: behindMs });
    }
    if (nowMs > this.#lastMs) {
      this.#lastMs = nowMs;
      this.#sequence = 0;
    } else if (++this.#sequence > SEQUENCE_MAX) {
      this.#lastMs++;
      this.#sequence = 0;
    }
    const elapsedMs = BigInt(this.#lastMs - SNOWFLAKE_EPOCH_MS);
    return ((elapsedMs << 22n) | BigInt((this.#machineId << 12) | this.#sequence)).toString();
  }
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
