import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setUpDispatcher } from '../support/dispatcher.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

type SetUp = ReturnType<typeof setUpDispatcher>;

const pending = ({ dispatcher }: SetUp): number[] => [dispatcher.pendingFrames, dispatcher.pendingBytes];

describe('Dispatcher, failures', () => {
  it('tries what failed again after the delay, in its order, before what came later', () => {
    const set = setUpDispatcher({ batchSize: 1, batchesInFlight: 3, retryDelayMs: 100 });
    set.offer(1, 2, 3, 4);
    vi.advanceTimersByTime(0);
    const [first, second, third] = set.bridge.take();
    third.fail();
    first.fail();
    set.offer(5);
    vi.advanceTimersByTime(0);
    expect(set.bridge.take()).toEqual([]);
    second.succeed();
    vi.advanceTimersByTime(49);
    expect(set.bridge.take()).toEqual([]);
    vi.advanceTimersByTime(101);
    expect(set.bridge.take().map(({ seqs }) => seqs[0])).toEqual([1, 3, 4]);
    expect(set.metrics.upstreamBatches.total('failed')).toBe(2);
    for (const call of set.bridge.calls.slice(3)) call.succeed();
    set.bridge.take()[0].succeed();
    expect(pending(set)).toEqual([0, 0]);
    expect(set.metrics.upstreamFrames.total('published')).toBe(5);
  });

  it('gives a batch up after ten attempts, and says so to whoever asked', () => {
    const set = setUpDispatcher();
    set.offerAsked(1);
    set.offer(2);
    for (let attempt = 1; attempt <= 10; attempt++) {
      vi.advanceTimersByTime(1000);
      const calls = set.bridge.take();
      expect(calls).toHaveLength(1);
      calls[0].fail();
    }
    expect(set.heard).toEqual(['reject 1 route 2 msgId 1001']);
    expect(set.metrics.upstreamFrames.total('given_up')).toBe(2);
    expect(pending(set)).toEqual([0, 0]);
    vi.advanceTimersByTime(10_000);
    expect(set.bridge.take().map(({ topic }) => topic)).toEqual(['game:request:demo:dead']);
    set.offer(3);
    vi.advanceTimersByTime(0);
    expect(set.bridge.take().map(({ seqs }) => seqs)).toEqual([[3]]);
  });

  it('does not count attempts against a batch while the queue is away', () => {
    const set = setUpDispatcher();
    set.offer(1);
    for (let outage = 1; outage <= 20; outage++) {
      vi.advanceTimersByTime(0);
      const [call] = set.bridge.take();
      set.bridge.up = false;
      call.fail();
      set.bridge.change(false);
      vi.advanceTimersByTime(3000);
      expect(set.bridge.take()).toEqual([]);
      set.bridge.change(true);
    }
    expect(set.metrics.upstreamFrames.total('given_up')).toBe(0);
    vi.advanceTimersByTime(0);
    set.bridge.take()[0].succeed();
    expect(pending(set)).toEqual([0, 0]);
  });
});

describe('Dispatcher, the queue away', () => {
  it('spools within its bounds and delivers all of it in order once the queue is back', () => {
    const set = setUpDispatcher({ framesMax: 25, batchSize: 10 });
    set.bridge.change(false);
    const accepted: number[] = [];
    for (let seq = 1; seq <= 40; seq++) {
      if (set.offer(seq)[0] === undefined) accepted.push(seq);
      vi.advanceTimersByTime(1);
    }
    expect(accepted).toHaveLength(25);
    expect(set.metrics.upstreamFrames.total('refused_unavailable')).toBe(15);
    vi.advanceTimersByTime(60_000);
    expect(set.bridge.calls).toEqual([]);
    set.bridge.change(true);
    expect(drainInOrder(set)).toEqual(accepted);
    expect(pending(set)).toEqual([0, 0]);
  });

  it('delivers what was in flight when it went away', () => {
    const set = setUpDispatcher({ batchSize: 2, batchesInFlight: 5 });
    set.offer(1, 2, 3, 4, 5, 6, 7);
    vi.advanceTimersByTime(0);
    const lost = set.bridge.take();
    expect(lost).toHaveLength(4);
    set.bridge.up = false;
    for (const call of lost) call.fail('connection lost');
    set.bridge.change(false);
    set.offer(8);
    vi.advanceTimersByTime(10_000);
    set.bridge.change(true);
    expect(drainInOrder(set)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(pending(set)).toEqual([0, 0]);
  });

  it('does not send what follows before the answers to what is in flight are in', () => {
    const set = setUpDispatcher({ batchSize: 1, batchesInFlight: 2 });
    set.offer(1, 2, 3);
    vi.advanceTimersByTime(0);
    const [first, second] = set.bridge.take();
    first.fail();
    set.bridge.change(false);
    set.bridge.change(true);
    vi.advanceTimersByTime(500);
    expect(set.bridge.take()).toEqual([]);
    second.fail();
    vi.advanceTimersByTime(500);
    expect(drainInOrder(set)).toEqual([1, 2, 3]);
  });

  it('tries again what nobody heard just after the queue came back: backends reconnect, too', () => {
    const set = setUpDispatcher();
    set.bridge.change(false);
    set.offerAsked(1);
    set.bridge.change(true);
    vi.advanceTimersByTime(0);
    for (let unheard = 0; unheard < 10; unheard++) {
      const [call] = set.bridge.take();
      call.succeed(0);
      expect(set.heard).toEqual([]);
      vi.advanceTimersByTime(150);
    }
    set.bridge.take()[0].succeed(1);
    expect(set.heard).toEqual(['ack 1 route 2 msgId 1001']);
    expect(set.metrics.upstreamBatches.total('no_receiver')).toBe(0);
    expect(pending(set)).toEqual([0, 0]);
  });

  it('gives a backend that reconnects within the usual 2 s the time to subscribe, and no more than 5 s', () => {
    const set = setUpDispatcher();
    set.bridge.change(false);
    set.offer(1);
    set.bridge.change(true);
    const endMs = performance.now() + 4800;
    while (performance.now() < endMs) {
      for (const call of set.bridge.take()) call.succeed(0);
      vi.advanceTimersByTime(50);
    }
    expect(set.metrics.upstreamFrames.total('published')).toBe(0);
    vi.advanceTimersByTime(500);
    for (const call of set.bridge.take()) call.succeed(0);
    expect(set.metrics.upstreamFrames.total('published')).toBe(1);
    expect(set.metrics.upstreamBatches.total('no_receiver')).toBe(1);
    expect(pending(set)).toEqual([0, 0]);
  });

  it('keeps the order where a backend subscribes in the middle of what was spooled', () => {
    const set = setUpDispatcher({ batchSize: 1 });
    set.bridge.change(false);
    set.offer(1, 2, 3, 4, 5);
    set.bridge.change(true);
    const heard: number[] = [];
    for (let published = 0; heard.length < 5 && published < 50; ) {
      vi.advanceTimersByTime(200);
      for (const call of set.bridge.take()) {
        published += 1;
        const receivers = published > 2 ? 1 : 0;
        if (receivers > 0) heard.push(...call.seqs);
        call.succeed(receivers);
      }
    }
    expect(heard).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('Dispatcher, close', () => {
  it('waits for what is in flight and hands over what is open', async () => {
    const set = setUpDispatcher({ batchSize: 2, batchesInFlight: 1 });
    set.offerAsked(1, 2, 3);
    const closed = set.dispatcher.close(2000);
    for (let batch = 0; batch < 2; batch++) {
      await vi.advanceTimersByTimeAsync(10);
      for (const call of set.bridge.take()) call.succeed();
    }
    await closed;
    expect(set.heard).toHaveLength(3);
    expect(pending(set)).toEqual([0, 0]);
    expect(set.metrics.upstreamFrames.total('given_up')).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is done at once with nothing to do', async () => {
    const set = setUpDispatcher();
    await set.dispatcher.close(2000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('refuses frames from the moment it closes', async () => {
    const set = setUpDispatcher();
    set.offer(1);
    const closed = set.dispatcher.close(2000);
    expect(set.offer(2)).toEqual(['UNAVAILABLE']);
    await vi.advanceTimersByTimeAsync(0);
    set.bridge.take()[0].succeed();
    await closed;
    expect(set.offer(3)).toEqual(['UNAVAILABLE']);
    await vi.advanceTimersByTimeAsync(5000);
    expect(set.bridge.take()).toEqual([]);
    expect(set.metrics.upstreamFrames.total('refused_unavailable')).toBe(2);
    expect(pending(set)).toEqual([0, 0]);
  });

  it('gives up and counts what is open, closed and failed at the deadline', async () => {
    const set = setUpDispatcher({ batchSize: 2 });
    set.bridge.change(false);
    set.offerAsked(1, 2, 3);
    const closed = set.dispatcher.close(2000);
    await vi.advanceTimersByTimeAsync(2000);
    await closed;
    expect(set.heard).toHaveLength(3);
    expect(set.heard[0]).toMatch(/^reject/);
    expect(set.metrics.upstreamFrames.total('given_up')).toBe(3);
    expect(pending(set)).toEqual([0, 0]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('counts what is still in flight then, when its answer comes', async () => {
    const set = setUpDispatcher({ batchSize: 1, batchesInFlight: 2 });
    set.offerAsked(1, 2, 3);
    const closed = set.dispatcher.close(2000);
    await vi.advanceTimersByTimeAsync(2000);
    await closed;
    const [first, second] = set.bridge.take();
    first.succeed();
    set.bridge.up = false;
    second.fail('closed');
    expect(set.metrics.upstreamFrames.total('published')).toBe(1);
    expect(set.metrics.upstreamFrames.total('given_up')).toBe(2);
    expect(pending(set)).toEqual([0, 0]);
    expect(vi.getTimerCount()).toBe(0);
    set.bridge.change(true);
    await vi.advanceTimersByTimeAsync(5000);
    expect(set.bridge.take()).toEqual([]);
  });
});

/** Answers every publish until nothing is pending, and returns the seqs in the order of publishing. */
function drainInOrder({ bridge, dispatcher }: SetUp): number[] {
  const seqs: number[] = [];
  for (let round = 0; dispatcher.pendingFrames > 0 && round < 100; round++) {
    vi.advanceTimersByTime(150);
    for (const call of bridge.take()) {
      seqs.push(...call.seqs);
      call.succeed();
    }
  }
  return seqs;
}
