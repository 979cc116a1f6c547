import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Flushable, FlushList } from '../../transports/flush-list.ts';

describe('FlushList', () => {
  afterEach(() => vi.restoreAllMocks());

  const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

  function connection(flushed: string[], name: string, fault?: Error): Flushable & { faults: unknown[] } {
    const faults: unknown[] = [];
    return {
      faults,
      flush() {
        if (fault !== undefined) throw fault;
        flushed.push(name);
      },
      onFlushFault: (error) => faults.push(error),
    };
  }

  it('flushes once a turn, in order, and says when it has', async () => {
    const flushed: string[] = [];
    const list = new FlushList(() => flushed.push('all'));
    list.add(connection(flushed, 'a'));
    list.add(connection(flushed, 'b'));
    expect(flushed).toEqual([]);
    await turn();
    list.add(connection(flushed, 'c'));
    await turn();
    expect(flushed).toEqual(['a', 'b', 'all', 'c', 'all']);
  });

  it('ends the link whose flush throws, serves the others, and throws the bug again by itself', async () => {
    const flushed: string[] = [];
    const list = new FlushList();
    const bug = new Error('bug');
    const broken = connection(flushed, 'broken', bug);
    const nextTick = vi.fn();
    list.add(connection(flushed, 'before'));
    list.add({
      ...connection(flushed, 'first'),
      // Within the flush alone: the test runner has ticks of its own.
      flush: () => {
        vi.spyOn(process, 'nextTick').mockImplementation(nextTick);
      },
    });
    list.add(broken);
    list.add(connection(flushed, 'after'));
    list.add({ ...connection(flushed, 'last'), flush: () => void vi.restoreAllMocks() });
    await turn();
    expect(flushed).toEqual(['before', 'after']);
    expect(broken.faults).toEqual([bug]);
    expect(nextTick).toHaveBeenCalledTimes(1);
    expect(nextTick.mock.calls[0][0]).toThrow(bug);
  });
});
