import { describe, expect, it } from 'vitest';
import { isNewerSeq, LatestSeq, NewestPerKey } from '../../src/protocol/newest.ts';

describe('isNewerSeq', () => {
  it('compares on the circle of 2^32', () => {
    expect([isNewerSeq(2, 1), isNewerSeq(1, 1), isNewerSeq(1, 2)]).toEqual([true, false, false]);
    expect([isNewerSeq(3, 0xffff_fff0), isNewerSeq(0xffff_fff0, 3)]).toEqual([true, false]);
    expect([isNewerSeq(0x7fff_ffff, 0), isNewerSeq(0x8000_0000, 0)]).toEqual([true, false]);
  });
});

describe('NewestPerKey', () => {
  it('drops what is late, for each key by itself', () => {
    const filter = new NewestPerKey();
    const passed = [
      filter.accepts('a', 5),
      filter.accepts('b', 6),
      filter.accepts('a', 4),
      filter.accepts('a', 5),
      filter.accepts('a', 7),
      filter.accepts('b', 5),
    ];
    expect(passed).toEqual([true, true, false, false, true, false]);
  });

  it('forgets the key heard of longest ago, at its bound', () => {
    const filter = new NewestPerKey(2);
    filter.accepts(1, 10);
    filter.accepts(2, 10);
    filter.accepts(1, 11);
    filter.accepts(3, 10);
    expect([filter.accepts(3, 9), filter.accepts(2, 9)]).toEqual([false, true]);
  });
});

describe('LatestSeq', () => {
  it('grows by every push, follows the clock, and never is 0', () => {
    let nowMs = 1_700_000_000_000;
    const seqs = new LatestSeq(() => nowMs);
    const first = seqs.next();
    expect([first, seqs.next()]).toEqual([nowMs % 2 ** 32, (nowMs % 2 ** 32) + 1]);
    nowMs += 1000;
    expect(seqs.next()).toBe(nowMs % 2 ** 32);
    nowMs -= 500;
    expect(isNewerSeq(seqs.next(), nowMs % 2 ** 32)).toBe(true);
    nowMs = 2 ** 32 * 400;
    expect(new LatestSeq(() => nowMs).next()).toBe(1);
  });
});
