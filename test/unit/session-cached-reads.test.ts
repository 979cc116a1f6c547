import { describe, expect, it } from 'vitest';
import { CachedReads } from '../../src/session/cached-reads.ts';

function start() {
  const waiting: { resolve(value: string): void; reject(error: Error): void }[] = [];
  const outcomes: string[] = [];
  const reads = new CachedReads<string>({
    ...{ max: 2, ageMaxMs: 60_000 },
    read: () => new Promise((resolve, reject) => waiting.push({ resolve, reject })),
    onRead: (outcome) => outcomes.push(outcome),
  });
  return { waiting, outcomes, reads };
}

describe('CachedReads', () => {
  it('reads once, also where two ask at a time', async () => {
    const { waiting, outcomes, reads } = start();
    const both = [reads.get('a'), reads.get('a')];
    expect(reads.pending).toBe(1);
    waiting[0].resolve('1');
    expect(await Promise.all(both)).toEqual(['1', '1']);
    expect(await reads.get('a')).toBe('1');
    expect([waiting.length, reads.pending, outcomes.join()]).toEqual([1, 0, 'miss,hit,hit']);
  });

  it('keeps no answer to a read that was under way at a change', async () => {
    const { waiting, reads } = start();
    const old = reads.get('a');
    reads.drop('a');
    const fresh = reads.get('a');
    waiting[1].resolve('new');
    waiting[0].resolve('old');
    expect([await old, await fresh, await reads.get('a')]).toEqual(['old', 'new', 'new']);
  });

  it('reads again after a drop, after a failure, and what was used longest ago', async () => {
    const { waiting, reads } = start();
    const failed = reads.get('a');
    waiting[0].reject(new Error('away'));
    await expect(failed).rejects.toThrow('away');
    for (const key of ['a', 'b', 'c']) {
      const read = reads.get(key);
      waiting.at(-1)?.resolve(key);
      await read;
    }
    reads.drop('c');
    void reads.get('a');
    void reads.get('c');
    expect([waiting.length, reads.pending]).toEqual([6, 2]);
  });
});
