import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readSeq } from '../../src/protocol/header.ts';
import { LANE } from '../../src/queue/lane.ts';
import { FRAME_BYTES, frame, framesIn, isBatch, setUp } from '../support/send-queue.ts';

describe('SendQueue, slow clients', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('says so exactly once, when the grace time is over', () => {
    const { connection, queue, slow } = setUp({ framesMax: 2, slowGraceMs: 1000 });
    connection.room = 1;
    for (let seq = 1; seq <= 4; seq++) queue.push(frame(seq), LANE.normal);
    vi.advanceTimersByTime(999);
    expect(slow).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(slow).toEqual([[3, 3 * FRAME_BYTES]]);
    for (let seq = 5; seq <= 50; seq++) queue.push(frame(seq), LANE.normal);
    vi.advanceTimersByTime(60_000);
    expect(slow).toHaveLength(1);
  });

  it('gives a client that caught up a whole grace time again', () => {
    const { connection, queue, slow } = setUp({ framesMax: 2, slowGraceMs: 1000 });
    connection.room = 1;
    for (let seq = 1; seq <= 4; seq++) queue.push(frame(seq), LANE.normal);
    vi.advanceTimersByTime(900);
    connection.room = 1;
    queue.onDrain();
    vi.advanceTimersByTime(900);
    queue.push(frame(5), LANE.normal);
    vi.advanceTimersByTime(999);
    expect(slow).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(slow).toHaveLength(1);
  });

  it('counts what the connection has not sent yet against the bytes', () => {
    const { connection, queue, slow } = setUp({ bytesMax: 100, slowGraceMs: 1000 });
    connection.room = 1;
    connection.bufferedBytes = 95;
    queue.push(frame(1), LANE.normal);
    queue.push(frame(2), LANE.normal);
    vi.advanceTimersByTime(1000);
    expect(slow).toHaveLength(1);
  });

  it('ends at once beyond the hard limit, once, and holds no more memory then', () => {
    const { connection, queue, slow, dropped } = setUp({ framesMax: 2, slowGraceMs: 60_000 });
    connection.room = 1;
    for (let seq = 1; seq <= 9; seq++) queue.push(frame(seq), LANE.normal);
    expect(slow).toEqual([]);
    queue.push(frame(10), LANE.normal);
    expect(slow).toEqual([[9, 9 * FRAME_BYTES]]);
    for (let seq = 11; seq <= 1000; seq++) queue.push(frame(seq), LANE.normal);
    expect(slow).toHaveLength(1);
    expect(queue.pendingFrames).toBe(0);
    expect(dropped.get('disconnected')).toBe(9 + 990);
    vi.advanceTimersByTime(120_000);
    expect(slow).toHaveLength(1);
  });

  it('ends at once by bytes as well, and without grace at the soft limit', () => {
    const byBytes = setUp({ bytesMax: 100, slowGraceMs: 60_000 });
    byBytes.connection.room = 1;
    byBytes.queue.push(frame(1), LANE.normal);
    byBytes.queue.push(frame(2, 500), LANE.normal);
    expect(byBytes.slow).toEqual([]);
    byBytes.queue.push(frame(3), LANE.normal);
    expect(byBytes.slow).toHaveLength(1);
    const graceless = setUp({ framesMax: 1, slowGraceMs: 0 });
    graceless.connection.room = 1;
    for (let seq = 1; seq <= 3; seq++) graceless.queue.push(frame(seq), LANE.normal);
    expect(graceless.slow).toEqual([[2, 2 * FRAME_BYTES]]);
  });

  it('gives the newest frame its grace time, however large it is', () => {
    const { connection, queue, slow } = setUp({ bytesMax: 100, slowGraceMs: 1000 });
    connection.room = 1;
    queue.push(frame(1), LANE.normal);
    queue.push(frame(2, 100_000), LANE.normal);
    vi.advanceTimersByTime(999);
    expect(slow).toEqual([]);
    connection.room = 10;
    queue.onDrain();
    vi.advanceTimersByTime(60_000);
    expect(slow).toEqual([]);
    expect(connection.sentSeqs).toEqual([1, 2]);
  });

  it('does not judge a client by what waits for the end of the tick only', () => {
    const { connection, queue, slow, flusher } = setUp({ framesMax: 2, bytesMax: 1000 });
    queue.batching = true;
    for (let seq = 1; seq <= 100; seq++) queue.push(frame(seq), LANE.normal);
    queue.push(frame(101, 50_000), LANE.normal);
    flusher.drain();
    expect(slow).toEqual([]);
    expect(connection.sent.flatMap((sent) => (isBatch(sent) ? framesIn(sent) : [readSeq(sent)]))).toEqual(
      Array.from({ length: 101 }, (_, index) => index + 1),
    );
  });

  it('leaves no timer behind once closed', () => {
    const { connection, queue, flusher, slow } = setUp({ framesMax: 1 });
    connection.room = 1;
    for (let seq = 1; seq <= 3; seq++) queue.push(frame(seq), LANE.normal);
    flusher.drain();
    expect(vi.getTimerCount()).toBe(1);
    queue.close();
    expect(vi.getTimerCount()).toBe(0);
    expect(slow).toEqual([]);
  });
});
