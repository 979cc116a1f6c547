import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import {
  MACHINE_ID_MAX,
  parseSnowflake,
  SNOWFLAKE_EPOCH_MS,
  SnowflakeGenerator,
} from '../../src/session/ids/snowflake.ts';

const T0 = SNOWFLAKE_EPOCH_MS + 1_000_000;

describe('SnowflakeGenerator', () => {
  it('gives growing ids whose parts are those it was made of, whatever the clock does within a second', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: MACHINE_ID_MAX }),
        fc.array(fc.integer({ min: -200, max: 300 }), { minLength: 1, maxLength: 60 }),
        (machineId, clockSteps) => {
          let nowMs = T0;
          let highestMs = T0;
          const ids = new SnowflakeGenerator(machineId, () => nowMs);
          let last = -1n;
          for (const step of clockSteps) {
            nowMs = Math.max(nowMs + step, highestMs - 900);
            highestMs = Math.max(highestMs, nowMs);
            const id = ids.next();
            expect(BigInt(id)).toBeGreaterThan(last);
            last = BigInt(id);
            const parts = parseSnowflake(id);
            expect(parts?.machineId).toBe(machineId);
            expect(parts?.timeMs).toBeGreaterThanOrEqual(nowMs);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('goes on into the next millisecond when the sequence of one is used up', () => {
    const ids = new SnowflakeGenerator(7, () => T0);
    const made = Array.from({ length: 4096 * 2 + 1 }, () => ids.next());
    expect(new Set(made).size).toBe(made.length);
    expect(parseSnowflake(made[4095])).toEqual({ timeMs: T0, machineId: 7, sequence: 4095 });
    expect(parseSnowflake(made[4096])).toEqual({ timeMs: T0 + 1, machineId: 7, sequence: 0 });
    expect(parseSnowflake(made[8192])).toEqual({ timeMs: T0 + 2, machineId: 7, sequence: 0 });
  });

  it('refuses with the time to wait where the clock is more than a second behind, and recovers', () => {
    let nowMs = T0;
    const ids = new SnowflakeGenerator(0, () => nowMs);
    const first = ids.next();
    nowMs = T0 - 1000;
    expect(BigInt(ids.next())).toBeGreaterThan(BigInt(first));
    nowMs = T0 - 5000;
    expect(() => ids.next()).toThrowError(GatewayError);
    expect(() => ids.next()).toThrowError(
      expect.objectContaining({ code: 'UNAVAILABLE', retryAfterMs: 5000 }),
    );
    nowMs = T0 + 1;
    expect(parseSnowflake(ids.next())).toEqual({ timeMs: T0 + 1, machineId: 0, sequence: 0 });
  });

  it.each([-1, 1024, 1.5, Number.NaN])('refuses machine id %s', (machineId) => {
    expect(() => new SnowflakeGenerator(machineId)).toThrowError(RangeError);
  });
});

describe('parseSnowflake', () => {
  it('reads back any parts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 41 - 1 }),
        fc.integer({ min: 0, max: MACHINE_ID_MAX }),
        fc.integer({ min: 0, max: 4095 }),
        (elapsedMs, machineId, sequence) => {
          const id = (BigInt(elapsedMs) << 22n) | BigInt(machineId << 12) | BigInt(sequence);
          expect(parseSnowflake(id.toString())).toEqual({
            timeMs: SNOWFLAKE_EPOCH_MS + elapsedMs,
            machineId,
            sequence,
          });
        },
      ),
    );
  });

  it.each(['', '-1', '1.5', 'abc', ' 1', '0x10', '9223372036854775808', '99999999999999999999'])(
    'says that %j is none',
    (text) => {
      expect(parseSnowflake(text)).toBeUndefined();
    },
  );
});
