import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IngressLanes, type QueuedFrame } from '../../src/queue/ingress-lanes.ts';
import { type IngressFeed, IngressThrottle } from '../../src/queue/ingress-throttle.ts';
import { LANE, type Lane } from '../../src/queue/lane.ts';
import { RetryBudget } from '../../src/queue/retry-budget.ts';
import { SEQ_WINDOW_SLOTS_MAX, SeqWindow } from '../../src/queue/seq-window.ts';
import { setUpDispatcher } from '../support/dispatcher.ts';

const EMPTY = new Uint8Array(0);

function queued(lane: Lane, seq: number): QueuedFrame {
  const rest = { prefix: EMPTY, payload: EMPTY, route: 2, msgId: 0, receivedAtMs: 0, latest: false };
  return { ...rest, seq, lane, source: undefined, feed: undefined, costBytes: 0, sinceMs: 0 };
}

class Feed implements IngressFeed {
  queuedFrames = 0;
  paused = false;
  readonly calls: string[] = [];

  pauseReading(): void {
    this.calls.push('pause');
  }

  resumeReading(): void {
    this.calls.push('resume');
  }
}

describe('IngressLanes', () => {
  it('gives 8, 4, 2 and 1 frames of the lanes in each round', () => {
    const lanes = new IngressLanes();
    for (const lane of [LANE.low, LANE.normal, LANE.high, LANE.critical]) {
      for (let seq = 0; seq < 100; seq++) lanes.push(queued(lane, seq));
    }
    const picks = Array.from({ length: 30 }, () => lanes.shift()?.lane);
    const round = [...Array(8).fill(0), ...Array(4).fill(1), 2, 2, 3];
    expect(picks).toEqual([...round, ...round]);
  });

  it('keeps the order within a lane, and loses nothing', () => {
    const lanes = new IngressLanes();
    for (let seq = 0; seq < 50; seq++) lanes.push(queued(seq % 3 === 0 ? LANE.low : LANE.critical, seq));
    const out: QueuedFrame[] = [];
    for (let frame = lanes.shift(); frame !== undefined; frame = lanes.shift()) out.push(frame);
    for (const lane of [LANE.critical, LANE.low]) {
      const seqs = out.filter((frame) => frame.lane === lane).map(({ seq }) => seq);
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    }
    expect([out.length, lanes.length]).toEqual([50, 0]);
  });
});

describe('IngressThrottle', () => {
  it('names who has its share or more, and nobody who sends little', () => {
    const throttle = new IngressThrottle();
    const [flood, calm] = [new Feed(), new Feed()];
    for (let frame = 0; frame < 90; frame++) throttle.onQueued(flood);
    expect(throttle.hasShare(flood)).toBe(true);
    throttle.onQueued(calm);
    expect([throttle.hasShare(flood), throttle.hasShare(calm)]).toEqual([true, false]);
    for (let frame = 0; frame < 90; frame++) throttle.onTaken(flood);
    expect([throttle.hasShare(flood), throttle.hasShare(calm)]).toEqual([false, true]);
  });

  it('pauses once, and resumes whoever is still there', () => {
    const throttle = new IngressThrottle();
    const [one, gone] = [new Feed(), new Feed()];
    for (const feed of [one, one, gone]) throttle.pause(feed);
    throttle.forget(gone);
    throttle.resumeAll();
    expect([one.calls, gone.calls]).toEqual([['pause', 'resume'], ['pause']]);
    expect([throttle.pauses, throttle.pausedFeeds, one.paused]).toEqual([2, 0, false]);
  });
});

describe('SeqWindow', () => {
  it('knows a seq on its way, acknowledged, forgotten, and after the window', () => {
    const window = new SeqWindow(60);
    expect([window.enter(7, 0), window.enter(7, 1000)]).toEqual(['new', 'pending']);
    expect(window.enter(7, 500_000)).toBe('pending');
    window.acknowledge(7);
    expect([window.enter(7, 59_000), window.enter(7, 61_000)]).toEqual(['acknowledged', 'new']);
    window.forget(7);
    expect(window.enter(7, 61_000)).toBe('new');
    expect(window.enter(0, 61_000)).toBe('new');
    expect(window.enter(0xffffffff, 61_000)).toBe('new');
    expect([window.enter(0, 61_000), window.enter(0xffffffff, 61_000)]).toEqual(['pending', 'pending']);
  });

  it('grows while live seqs meet in a slot, to 1,024 slots and no further', () => {
    const window = new SeqWindow(60);
    for (let seq = 0; seq < 1024; seq++) expect(window.enter(seq, 0)).toBe('new');
    for (let seq = 0; seq < 1024; seq++) expect(window.enter(seq, 0)).toBe('pending');
    for (let seq = 1024; seq < 5000; seq++) expect(window.enter(seq, 0)).toBe('new');
    expect(window.slots).toBe(SEQ_WINDOW_SLOTS_MAX);
    expect(window.enter(4999, 0)).toBe('pending');
  });

  it('stays small for a session that sends slowly', () => {
    const window = new SeqWindow(60);
    for (let seq = 0; seq < 10_000; seq++) {
      window.enter(seq, seq * 1000);
      window.acknowledge(seq);
    }
    expect(window.slots).toBe(64);
  });
});

describe('RetryBudget', () => {
  it('allows 100 at once, then ten a second and one for five successes', () => {
    let nowMs = 0;
    const budget = new RetryBudget(() => nowMs);
    const taken = () => {
      let count = 0;
      while (budget.take()) count++;
      return count;
    };
    expect(taken()).toBe(100);
    nowMs += 1000;
    expect(taken()).toBe(10);
    for (let success = 0; success < 25; success++) budget.onSuccess();
    expect(taken()).toBe(5);
  });
});

describe('Dispatcher under backpressure', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Batches of one frame and one in flight: the second frame closes a batch, the third waits. */
  function congested(framesMax = 100) {
    const set = setUpDispatcher({ framesMax, batchSize: 1, batchesInFlight: 1 });
    const offer = (seq: number, lane: Lane = LANE.normal, feed?: IngressFeed) =>
      set.offerFrom({ lane, feed }, seq);
    offer(1);
    vi.advanceTimersByTime(0);
    offer(2);
    const drain = (): number[] => {
      for (let index = 0; index < set.bridge.calls.length; index++) set.bridge.calls[index].succeed();
      return set.bridge.calls.flatMap(({ seqs }) => [...seqs]);
    };
    return { ...set, offer, drain };
  }

  it('lets the high lanes overtake what waits, and keeps the order of each', () => {
    const { offer, drain, dispatcher } = congested();
    for (const seq of [3, 4, 5]) offer(seq, LANE.low);
    for (const seq of [6, 7]) offer(seq, LANE.critical);
    offer(8, LANE.normal);
    expect(dispatcher.ingress.queuedFrames).toBe(6);
    expect(drain()).toEqual([1, 2, 6, 7, 8, 3, 4, 5]);
    expect([dispatcher.ingress.queuedFrames, dispatcher.pendingFrames, dispatcher.pendingBytes]).toEqual([
      0, 0, 0,
    ]);
  });

  it('pauses who feeds most at three quarters, refuses its frames at 90 %, and resumes at a half', () => {
    const { offer, bridge, dispatcher, metrics } = congested();
    const [flood, calm] = [new Feed(), new Feed()];
    for (let seq = 3; seq < 75; seq++) offer(seq, LANE.normal, flood);
    expect(flood.calls).toEqual([]);
    offer(75, LANE.normal, flood);
    expect(flood.calls).toEqual(['pause']);
    for (let seq = 76; seq <= 90; seq++) expect(offer(seq, LANE.normal, flood)).toBeUndefined();
    expect(offer(91, LANE.normal, flood)).toBe('BUSY');
    for (let seq = 92; seq <= 101; seq++) expect(offer(seq, LANE.normal, calm)).toBeUndefined();
    expect(offer(102, LANE.normal, calm)).toBe('BUSY');
    expect([calm.calls, dispatcher.ingress.pausedConnections]).toEqual([[], 1]);
    expect(metrics.upstreamFrames.total('refused_busy')).toBe(2);
    for (let index = 0; index < 50; index++) bridge.calls[index].succeed();
    expect(flood.calls).toEqual(['pause', 'resume']);
  });

  it('reads on from everybody while the message queue is away', () => {
    const { offer, bridge } = congested(10);
    const flood = new Feed();
    for (let seq = 3; seq <= 8; seq++) offer(seq, LANE.normal, flood);
    expect(flood.calls).toEqual(['pause']);
    bridge.change(false);
    expect(flood.calls).toEqual(['pause', 'resume']);
    for (let seq = 9; seq <= 10; seq++) expect(offer(seq, LANE.normal, flood)).toBeUndefined();
    expect(offer(11, LANE.normal, flood)).toBe('UNAVAILABLE');
  });

  it('holds no topic up for the sake of another', () => {
    const { offer, offerTo, dispatcher, bridge } = congested();
    offer(3);
    offerTo(dispatcher.target('other'), 50);
    vi.advanceTimersByTime(0);
    expect(bridge.calls.at(-1)?.seqs).toEqual([50]);
  });

  it('tells the bridge which batches are settled, and judges the oldest alone', () => {
    const set = setUpDispatcher({ batchSize: 1, batchesInFlight: 3 });
    set.offer(1, 2, 3);
    vi.advanceTimersByTime(0);
    const failAll = () => {
      for (const call of set.bridge.take()) call.fail('poison');
    };
    expect(set.bridge.calls.map(({ identity }) => [identity?.number, identity?.oldest])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
    for (let round = 0; round < 10; round++) {
      failAll();
      vi.advanceTimersByTime(200);
    }
    expect(set.metrics.upstreamFrames.total('given_up')).toBe(1);
    const letters = set.bridge.calls.filter(({ topic }) => topic.endsWith(':dead'));
    expect(letters).toHaveLength(1);
    expect(set.bridge.calls.at(-2)?.identity).toMatchObject({ number: 1, oldest: 1 });
  });
});
