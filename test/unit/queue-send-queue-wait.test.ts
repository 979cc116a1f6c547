import { describe, expect, it } from 'vitest';
import { LANE } from '../../src/queue/lane.ts';
import { frame, setUp } from '../support/send-queue.ts';

describe('SendQueue, how long frames wait', () => {
  it('leaves out what goes straight through, and reads no clock for it', () => {
    const { queue, wait, clock } = setUp();
    let reads = 0;
    Object.defineProperty(clock, 'nowMs', { get: () => ++reads });
    for (let seq = 1; seq <= 3; seq++) queue.push(frame(seq), LANE.normal);
    queue.pushLatest(frame(4), LANE.normal, 'k');
    expect([wait.count, reads]).toEqual([0, 0]);
  });

  it('measures each frame from its push to the connection', () => {
    const { connection, queue, flusher, wait, clock } = setUp();
    connection.room = 1;
    queue.push(frame(1), LANE.normal);
    queue.push(frame(2), LANE.normal);
    flusher.drain();
    clock.nowMs += 300;
    queue.push(frame(3), LANE.normal);
    flusher.drain();
    clock.nowMs += 100;
    connection.room = 100;
    queue.onDrain();
    expect(connection.sentSeqs).toEqual([1, 2, 3]);
    expect([wait.count, wait.sum]).toEqual([2, expect.closeTo(0.5)]);
  });

  it('measures a latest frame from the newest on', () => {
    const { connection, queue, flusher, wait, clock } = setUp();
    connection.room = 1;
    queue.push(frame(1), LANE.normal);
    queue.pushLatest(frame(2), LANE.normal, 'k');
    flusher.drain();
    clock.nowMs += 300;
    queue.pushLatest(frame(3), LANE.normal, 'k');
    flusher.drain();
    clock.nowMs += 100;
    queue.onDrain();
    expect([wait.count, wait.sum]).toEqual([1, expect.closeTo(0.1)]);
  });

  it('measures the frames of a batch, up to the end of the tick', () => {
    const { queue, flusher, wait, clock } = setUp();
    queue.batching = true;
    queue.push(frame(1), LANE.normal);
    queue.push(frame(2), LANE.normal);
    clock.nowMs += 2;
    flusher.drain();
    expect([wait.count, wait.sum]).toEqual([2, expect.closeTo(0.004)]);
  });

  it('reads the clock twice a tick, however many frames wait', () => {
    const { queue, flusher, clock } = setUp();
    let reads = 0;
    Object.defineProperty(clock, 'nowMs', { get: () => ++reads });
    queue.batching = true;
    for (let seq = 1; seq <= 50; seq++) queue.push(frame(seq), LANE.normal);
    flusher.drain();
    expect(reads).toBe(2);
  });

  it('leaves out what is dropped', () => {
    const { connection, queue, wait } = setUp();
    connection.room = 1;
    queue.push(frame(1), LANE.normal);
    queue.push(frame(2), LANE.normal);
    queue.close();
    expect(wait.count).toBe(0);
  });
});
