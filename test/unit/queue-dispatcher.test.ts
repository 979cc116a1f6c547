import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeUpstreamBatch } from '../../src/protocol/envelopes.ts';
import { setUpDispatcher } from '../support/dispatcher.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('Dispatcher, batches', () => {
  it('lets the frames of a tick leave at its end while idle', () => {
    const { bridge, offer } = setUpDispatcher();
    offer(1, 2, 3);
    expect(bridge.calls).toHaveLength(0);
    vi.advanceTimersByTime(0);
    expect(bridge.calls.map(({ topic, seqs }) => ({ topic, seqs }))).toEqual([
      { topic: 'game:request:demo', seqs: [1, 2, 3] },
    ]);
  });

  it('carries every field of the frame', () => {
    const { bridge, offer } = setUpDispatcher();
    offer(77);
    vi.advanceTimersByTime(0);
    const upstreams = decodeUpstreamBatch(bridge.calls[0].messages[0]) ?? [];
    expect(upstreams.map(({ payload }) => [...payload])).toEqual([[77, 0, 0, 0]]);
    expect(upstreams).toEqual([
      {
        gatewayId: 'g1',
        sessionId: '42',
        userId: '7',
        transport: 'memory',
        seq: 77,
        route: 2,
        msgId: 1001,
        receivedAtMs: 1_700_000_000_123,
        gameId: 'demo',
        payload: expect.anything(),
        latest: false,
      },
    ]);
  });

  it('gathers while two batches are without answer, up to batch_size', () => {
    const { bridge, offer } = setUpDispatcher({ batchSize: 5, batchTimeoutMs: 1000 });
    offer(1);
    vi.advanceTimersByTime(0);
    offer(2);
    vi.advanceTimersByTime(0);
    for (const seq of [3, 4, 5, 6]) {
      offer(seq);
      vi.advanceTimersByTime(0);
    }
    expect(bridge.calls.map(({ seqs }) => seqs)).toEqual([[1], [2]]);
    offer(7, 8);
    vi.advanceTimersByTime(0);
    expect(bridge.take().map(({ seqs }) => seqs)).toEqual([[1], [2], [3, 4, 5, 6, 7], [8]]);
  });

  it('lets a batch wait no longer than batch_timeout', () => {
    const { bridge, offer } = setUpDispatcher({ batchTimeoutMs: 10 });
    for (const seq of [1, 2, 3]) {
      offer(seq);
      vi.advanceTimersByTime(0);
    }
    vi.advanceTimersByTime(9);
    expect(bridge.calls).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(bridge.calls.map(({ seqs }) => seqs)).toEqual([[1], [2], [3]]);
  });

  it('sends the open batch as soon as the answers come in', () => {
    const { bridge, offer } = setUpDispatcher({ batchTimeoutMs: 1000 });
    for (const seq of [1, 2, 3, 4]) {
      offer(seq);
      vi.advanceTimersByTime(0);
    }
    bridge.calls[0].succeed();
    expect(bridge.calls.map(({ seqs }) => seqs)).toEqual([[1], [2], [3, 4]]);
  });

  it('has no more than batches_in_flight without answer, for each topic', () => {
    const { bridge, offer, dispatcher, offerTo } = setUpDispatcher({ batchSize: 1, batchesInFlight: 3 });
    offer(1, 2, 3, 4, 5);
    offerTo(dispatcher.target('other'), 9);
    vi.advanceTimersByTime(0);
    expect(bridge.calls.filter(({ topic }) => topic.endsWith('demo')).map(({ seqs }) => seqs)).toEqual([
      [1],
      [2],
      [3],
    ]);
    expect(bridge.calls.filter(({ topic }) => topic.endsWith('other'))).toHaveLength(1);
    bridge.calls[0].succeed();
    expect(bridge.calls.at(-1)?.seqs).toEqual([4]);
  });

  it('closes a batch at 1 MiB, whatever its count', () => {
    const { bridge, dispatcher, offerTo } = setUpDispatcher({ batchSize: 10_000 });
    const target = dispatcher.target('demo');
    for (let seq = 1; seq <= 40; seq++) offerTo(target, seq, new Uint8Array(60_000));
    vi.advanceTimersByTime(0);
    expect(bridge.calls.length).toBeGreaterThan(1);
    for (const { messages } of bridge.calls) expect(messages[0].length).toBeLessThan(1_200_000);
    expect(bridge.calls.flatMap(({ seqs }) => seqs)).toHaveLength(40);
  });

  it('forgets a topic only while it is idle, and gives no number of it twice', () => {
    const { bridge, dispatcher, offerTo } = setUpDispatcher();
    const first = dispatcher.target('mmo');
    offerTo(first, 1);
    expect(dispatcher.release('mmo')).toBe(false);
    vi.advanceTimersByTime(0);
    expect(dispatcher.release('mmo')).toBe(false);
    bridge.calls[0].succeed();
    expect(dispatcher.release('mmo')).toBe(true);
    const second = dispatcher.target('mmo');
    expect(second).not.toBe(first);
    offerTo(second, 2);
    vi.advanceTimersByTime(0);
    expect(bridge.calls.map(({ identity }) => identity)).toMatchObject([
      { number: 0, oldest: 0 },
      { number: 1, oldest: 1 },
    ]);
    expect(dispatcher.release('unknown')).toBe(true);
  });

  it('answers whoever asked, and nobody else', () => {
    const { bridge, offer, offerAsked, heard, metrics } = setUpDispatcher();
    offer(1);
    offerAsked(2);
    vi.advanceTimersByTime(0);
    expect(heard).toEqual([]);
    bridge.calls[0].succeed(0);
    expect(heard).toEqual(['ack 2 route 2 msgId 1001']);
    expect(metrics.upstreamFrames.total('published')).toBe(2);
    expect(metrics.upstreamBatches.total('no_receiver')).toBe(1);
    expect(metrics.frameLatency.count).toBe(2);
  });

  it('publishes each payload as it is in format raw, copied out of its view', () => {
    const { bridge, dispatcher, offerTo } = setUpDispatcher({ format: 'raw' });
    const view = Buffer.from([1, 2, 3, 4]);
    offerTo(dispatcher.target('demo'), 1, view.subarray(1, 3));
    offerTo(dispatcher.target('demo'), 2, view.subarray(0, 0));
    view.fill(0xff);
    vi.advanceTimersByTime(0);
    expect(bridge.calls).toHaveLength(1);
    expect(bridge.calls[0].messages.map((message) => [...message])).toEqual([[2, 3], []]);
    bridge.calls[0].succeed();
    expect([dispatcher.pendingFrames, dispatcher.pendingBytes]).toEqual([0, 0]);
  });

  it('copies out of the view in format envelope, too', () => {
    const { bridge, dispatcher, offerTo } = setUpDispatcher();
    const view = Buffer.from([1, 2, 3, 4]);
    offerTo(dispatcher.target('demo'), 1, view);
    view.fill(0xff);
    vi.advanceTimersByTime(0);
    const [upstream] = decodeUpstreamBatch(bridge.calls[0].messages[0]) ?? [];
    expect([...upstream.payload]).toEqual([1, 2, 3, 4]);
  });
});

describe('Dispatcher, bounds', () => {
  it('refuses at the bound of frames, BUSY while the queue is there', () => {
    const { offer, dispatcher, metrics } = setUpDispatcher({ framesMax: 3 });
    expect(offer(1, 2, 3)).toEqual([undefined, undefined, undefined]);
    expect(offer(4, 5)).toEqual(['BUSY', 'BUSY']);
    expect(dispatcher.pendingFrames).toBe(3);
    expect(metrics.upstreamFrames.total('refused_busy')).toBe(2);
  });

  it('refuses at the bound of bytes, UNAVAILABLE while the queue is away, and takes what still fits', () => {
    const { bridge, offerTo, dispatcher, metrics, prefixBytes } = setUpDispatcher({ bytesMax: 300 });
    bridge.change(false);
    const target = dispatcher.target('demo');
    expect(offerTo(target, 1, new Uint8Array(200 - prefixBytes))).toBeUndefined();
    expect(dispatcher.pendingBytes).toBe(200);
    expect(offerTo(target, 2, new Uint8Array(101 - prefixBytes))).toBe('UNAVAILABLE');
    expect(offerTo(target, 3, new Uint8Array(100 - prefixBytes))).toBeUndefined();
    expect(dispatcher.pendingBytes).toBe(300);
    expect(metrics.upstreamFrames.total('refused_unavailable')).toBe(1);
  });

  it('has room again when the queue has taken a batch', () => {
    const { bridge, offer, dispatcher } = setUpDispatcher({ framesMax: 2 });
    offer(1, 2);
    vi.advanceTimersByTime(0);
    bridge.calls[0].succeed();
    expect([dispatcher.pendingFrames, dispatcher.pendingBytes]).toEqual([0, 0]);
    expect(offer(3)).toEqual([undefined]);
  });
});
