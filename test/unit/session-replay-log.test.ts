import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame, FLAG, ROUTE, readSeq } from '../../src/protocol/header.ts';
import { isCounted, ReplayLog } from '../../src/queue/replay-log.ts';

const frame = (seq: number, bytes = 8): Uint8Array =>
  encodeFrame({ seq, route: ROUTE.game, flags: 0, msgId: 0 }, new Uint8Array(bytes - 8));

function logOf(limits: { framesMax?: number; bytesMax?: number; ageMaxSec?: number } = {}): ReplayLog {
  const log = new ReplayLog({ framesMax: 10, bytesMax: 1000, ageMaxSec: 60, ...limits });
  log.keeping = true;
  return log;
}

const seqs = (log: ReplayLog): number[] => log.frames().map((each) => readSeq(each));

describe('ReplayLog', () => {
  it('keeps the newest frames within its bounds', () => {
    const byFrames = logOf({ framesMax: 3 });
    const byBytes = logOf({ bytesMax: 40 });
    for (let seq = 0; seq < 6; seq++) {
      byFrames.append(frame(seq), 0);
      byBytes.append(frame(seq, 20), 0);
    }
    expect(seqs(byFrames)).toEqual([3, 4, 5]);
    expect(seqs(byBytes)).toEqual([4, 5]);
    expect([byFrames.next, byFrames.missing(3), byFrames.missing(2)]).toEqual([6, 3, undefined]);
  });

  it('drops frames by age, at an append and when asked', () => {
    const log = logOf({ ageMaxSec: 10 });
    log.append(frame(0), 0);
    log.append(frame(1), 5);
    log.append(frame(2), 11);
    expect(seqs(log)).toEqual([1, 2]);
    log.expire(16);
    expect(seqs(log)).toEqual([2]);
  });

  it('is empty after a frame that is larger than all it may hold, and says so', () => {
    const log = logOf({ bytesMax: 100 });
    log.append(frame(0), 0);
    log.append(frame(1, 101), 0);
    expect([log.length, log.missing(1), log.missing(2)]).toEqual([0, undefined, 0]);
  });

  it('counts without keeping until there is a token', () => {
    const log = logOf();
    log.keeping = false;
    log.append(frame(0), 0);
    expect([log.next, log.length, log.missing(0), log.missing(1)]).toEqual([1, 0, undefined, 0]);
  });

  it('trims what the client has, and ignores counts that cannot be', () => {
    const log = logOf();
    for (let seq = 0; seq < 5; seq++) log.append(frame(seq), 0);
    log.trim(3);
    expect(seqs(log)).toEqual([3, 4]);
    log.trim(2);
    log.trim(6);
    log.trim(0xffffffff);
    expect(seqs(log)).toEqual([3, 4]);
  });

  it('wraps at 2^32', () => {
    const log = logOf();
    log.restore(0xfffffffe, [], 0);
    for (let seq = 0; seq < 4; seq++) log.append(frame(seq), 0);
    expect([log.next, log.missing(0xfffffffe), log.missing(1)]).toEqual([2, 4, 1]);
    expect(readSeq(log.at(0xffffffff) ?? frame(99))).toBe(1);
  });

  it('keeps held frames beyond its bounds, and releases them in order', () => {
    const log = logOf({ framesMax: 2 });
    for (let seq = 0; seq < 5; seq++) log.hold(frame(seq), 0);
    expect([log.length, log.released, log.missing(0)]).toEqual([5, 0, 0]);
    expect([log.release(2), log.release(2), log.release(2)].map((each) => each && readSeq(each))).toEqual([
      0,
      1,
      undefined,
    ]);
    log.trim(2);
    expect(seqs(log)).toEqual([2, 3, 4]);
  });

  it('holds what a list would hold, whatever is done to it', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('append' as const), bytes: fc.integer({ min: 8, max: 60 }) }),
      fc.record({ kind: fc.constant('trim' as const), back: fc.nat(12) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const log = logOf({ framesMax: 9, bytesMax: 200 });
        const model: Uint8Array[] = [];
        let count = 0;
        for (const each of steps) {
          if (each.kind === 'append') {
            const next = frame(count++, each.bytes);
            log.append(next, 0);
            model.push(next);
            const bytes = (): number => model.reduce((sum, { length }) => sum + length, 0);
            while (model.length > 9 || bytes() > 200) model.shift();
          } else if (each.back <= model.length) {
            log.trim(count - each.back);
            while (model.length > each.back) model.shift();
          }
          expect(log.frames()).toEqual(model);
          expect(log.bytes).toBe(model.reduce((sum, { length }) => sum + length, 0));
        }
      }),
    );
  });

  it('counts all frames but system ones and latest ones', () => {
    const of = (route: number, flags: number): boolean =>
      isCounted(encodeFrame({ seq: 0, route, flags, msgId: 0 }));
    expect([
      of(1, 0),
      of(2, FLAG.ack),
      of(2, FLAG.response | FLAG.error),
      of(3, 0),
      of(2, FLAG.latest),
    ]).toEqual([true, true, true, false, false]);
  });
});
