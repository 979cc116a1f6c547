import { queryObjects } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { ROUTE, readSeq } from '../../src/protocol/header.ts';
import { LANE } from '../../src/queue/lane.ts';
import { Ring } from '../../src/queue/ring.ts';
import { FRAME_BYTES, frame, framesIn, isBatch, setUp } from '../support/send-queue.ts';

describe('SendQueue, order', () => {
  it('hands a frame straight to a connection that takes frames', () => {
    const { connection, queue, cells } = setUp();
    for (let seq = 1; seq <= 3; seq++) queue.push(frame(seq), LANE.normal);
    expect(connection.sentSeqs).toEqual([1, 2, 3]);
    expect(queue.pendingFrames).toBe(0);
    expect(cells.framesSent[ROUTE.game].value).toBe(3);
    expect(cells.bytesSent.value).toBe(3 * FRAME_BYTES);
  });

  it('waits while the connection rests and keeps the order of a lane', () => {
    const { connection, queue, flusher } = setUp();
    connection.room = 1;
    for (let seq = 1; seq <= 4; seq++) queue.push(frame(seq), LANE.normal);
    flusher.drain();
    expect(connection.sentSeqs).toEqual([1]);
    expect([queue.pendingFrames, queue.pendingBytes]).toEqual([3, 3 * FRAME_BYTES]);
    connection.room = 2;
    queue.onDrain();
    expect(connection.sentSeqs).toEqual([1, 2, 3]);
    connection.room = 2;
    queue.onDrain();
    expect(connection.sentSeqs).toEqual([1, 2, 3, 4]);
    expect([queue.pendingFrames, queue.pendingBytes]).toEqual([0, 0]);
  });

  it('lets a late critical frame overtake everything that waits, and lanes go by priority', () => {
    const { connection, queue } = setUp();
    connection.room = 1;
    queue.push(frame(1), LANE.normal);
    queue.push(frame(2), LANE.low);
    queue.push(frame(3), LANE.normal);
    queue.push(frame(4), LANE.high);
    queue.push(frame(5), LANE.critical);
    connection.room = 100;
    queue.onDrain();
    expect(connection.sentSeqs).toEqual([1, 5, 4, 3, 2]);
  });

  it('does not overtake what waits once the connection has room again', () => {
    const { connection, queue } = setUp();
    connection.room = 1;
    queue.push(frame(1), LANE.normal);
    queue.push(frame(2), LANE.normal);
    queue.push(frame(3), LANE.normal);
    connection.room = 1;
    queue.onDrain();
    queue.push(frame(4), LANE.normal);
    connection.room = 100;
    queue.onDrain();
    expect(connection.sentSeqs).toEqual([1, 2, 3, 4]);
  });
});

describe('SendQueue, latest', () => {
  it('keeps only the newest of a key, in the place of the oldest', () => {
    const { connection, queue, dropped } = setUp();
    connection.room = 1;
    queue.push(frame(1), LANE.normal);
    queue.pushLatest(frame(2), LANE.normal, 'a');
    queue.push(frame(3), LANE.normal);
    queue.pushLatest(frame(4, 20), LANE.normal, 'a');
    queue.pushLatest(frame(5), LANE.normal, 'b');
    expect(queue.pendingFrames).toBe(3);
    expect(queue.pendingBytes).toBe(28 + FRAME_BYTES + FRAME_BYTES);
    connection.room = 100;
    queue.onDrain();
    expect(connection.sentSeqs).toEqual([1, 4, 3, 5]);
    expect(Object.fromEntries(dropped)).toEqual({ conflated: 1 });
    expect(queue.pendingBytes).toBe(0);
  });

  it('starts anew with a key whose frame has left', () => {
    const { connection, queue, dropped } = setUp();
    connection.room = 1;
    queue.push(frame(1), LANE.normal);
    queue.pushLatest(frame(2), LANE.normal, 'a');
    queue.push(frame(3), LANE.normal);
    connection.room = 1;
    queue.onDrain();
    queue.pushLatest(frame(4), LANE.normal, 'a');
    connection.room = 100;
    queue.onDrain();
    expect(connection.sentSeqs).toEqual([1, 2, 3, 4]);
    expect(dropped.size).toBe(0);
  });

  it('drops and counts latest frames over the limit, and no reliable one', () => {
    const { connection, queue, dropped, slow } = setUp({ framesMax: 2 });
    connection.room = 1;
    for (let seq = 1; seq <= 4; seq++) queue.push(frame(seq), LANE.normal);
    queue.pushLatest(frame(5), LANE.critical, 'a');
    expect(Object.fromEntries(dropped)).toEqual({ latest_overflow: 1 });
    connection.room = 100;
    queue.onDrain();
    expect(connection.sentSeqs).toEqual([1, 2, 3, 4]);
    expect(slow).toEqual([]);
    queue.close();
  });

  it('goes by datagram where it fits, and by the reliable path, counted, where it does not', () => {
    const { connection, queue, cells, promoted } = setUp({ datagramBytesMax: 20 });
    queue.pushLatest(frame(1), LANE.normal, 'a');
    queue.pushLatest(frame(2, 40), LANE.normal, 'a');
    expect(connection.datagrams.map((bytes) => readSeq(bytes))).toEqual([1]);
    expect(connection.sentSeqs).toEqual([2]);
    expect([cells.datagramsSent.value, cells.framesSent[ROUTE.game].value, promoted()]).toEqual([1, 2, 1]);
  });

  it('counts a promoted frame that leaves in a batch as well', () => {
    const { connection, queue, flusher, promoted, cells } = setUp({ datagramBytesMax: 20 });
    queue.batching = true;
    queue.pushLatest(frame(1), LANE.normal, 'a');
    queue.pushLatest(frame(2, 40), LANE.normal, 'b');
    queue.push(frame(3), LANE.normal);
    flusher.drain();
    expect(connection.datagrams.map((bytes) => readSeq(bytes))).toEqual([1]);
    expect(framesIn(connection.sent[0])).toEqual([2, 3]);
    expect([cells.datagramsSent.value, promoted()]).toEqual([1, 1]);
  });

  it('counts nothing as promoted where the connection has no datagrams', () => {
    const { queue, flusher, promoted } = setUp();
    queue.pushLatest(frame(1), LANE.normal, 'a');
    queue.batching = true;
    queue.pushLatest(frame(2), LANE.normal, 'a');
    flusher.drain();
    expect(promoted()).toBe(0);
  });
});

describe('SendQueue, batches', () => {
  it('puts the frames of a tick into one batch frame, by lane', () => {
    const { connection, queue, flusher, cells } = setUp();
    queue.batching = true;
    queue.push(frame(1), LANE.normal);
    queue.push(frame(2), LANE.critical);
    queue.push(frame(3), LANE.low);
    expect(connection.sent).toHaveLength(0);
    flusher.drain();
    expect(connection.sent).toHaveLength(1);
    expect(framesIn(connection.sent[0])).toEqual([2, 1, 3]);
    expect(cells.framesSent[ROUTE.game].value).toBe(3);
  });

  it('sends a single frame as it is', () => {
    const { connection, queue, flusher } = setUp();
    queue.batching = true;
    const only = frame(7);
    queue.push(only, LANE.normal);
    flusher.drain();
    expect(connection.sent).toEqual([only]);
  });

  it('closes a batch at 16 KiB, so that a critical frame waits for no more', () => {
    const { connection, queue, flusher } = setUp();
    queue.batching = true;
    for (let seq = 1; seq <= 40; seq++) queue.push(frame(seq, 1000), LANE.normal);
    connection.room = 1;
    flusher.drain();
    const first = framesIn(connection.sent[0]).length;
    expect(first).toBeLessThan(20);
    queue.push(frame(99), LANE.critical);
    connection.room = 100;
    queue.onDrain();
    expect(framesIn(connection.sent[1])[0]).toBe(99);
    const seqs = connection.sent.flatMap(framesIn);
    expect(seqs.filter((seq) => seq !== 99)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  });

  it('leaves a large frame out of the batch, behind the others', () => {
    const { connection, queue, flusher } = setUp({});
    queue.batching = true;
    queue.push(frame(1), LANE.normal);
    queue.push(frame(2, 20_000), LANE.normal);
    queue.push(frame(3), LANE.normal);
    flusher.drain();
    expect(connection.sentSeqs).toEqual([1, 2, 3]);
    expect(connection.sent.some(isBatch)).toBe(false);
    expect(connection.sent[1]).toHaveLength(20_008);
  });

  it('leaves at the end of the tick by itself', async () => {
    const { connection, queue } = setUp();
    queue.batching = true;
    queue.push(frame(1), LANE.normal);
    await new Promise((resolve) => setImmediate(resolve));
    expect(connection.sentSeqs).toEqual([1]);
  });
});

describe('SendQueue, end', () => {
  it('counts what waits as dropped, once, and drops what follows', () => {
    const { connection, queue, dropped } = setUp();
    connection.room = 1;
    for (let seq = 1; seq <= 4; seq++) queue.push(frame(seq), LANE.normal);
    queue.close();
    queue.close();
    expect(Object.fromEntries(dropped)).toEqual({ disconnected: 3 });
    queue.push(frame(5), LANE.normal);
    queue.pushLatest(frame(6), LANE.normal, 'a');
    expect(dropped.get('disconnected')).toBe(5);
    expect([queue.pendingFrames, queue.pendingBytes]).toEqual([0, 0]);
    queue.onDrain();
    expect(connection.sentSeqs).toEqual([1]);
  });

  it('finish hands over what the connection takes and drops the rest', () => {
    const { connection, queue, dropped } = setUp();
    queue.batching = true;
    queue.push(frame(1), LANE.normal);
    queue.push(frame(2), LANE.normal);
    queue.finish();
    expect(framesIn(connection.sent[0])).toEqual([1, 2]);
    expect(dropped.size).toBe(0);
    queue.push(frame(3), LANE.normal);
    expect(Object.fromEntries(dropped)).toEqual({ disconnected: 1 });
  });

  it('finish does not wait for a connection that rests', () => {
    const { connection, queue, dropped } = setUp();
    connection.room = 1;
    queue.push(frame(1), LANE.normal);
    queue.push(frame(2), LANE.normal);
    queue.finish();
    expect(connection.sentSeqs).toEqual([1]);
    expect(Object.fromEntries(dropped)).toEqual({ disconnected: 1 });
  });

  it('holds no rings while idle, before and after work', () => {
    const before = queryObjects(Ring, { format: 'count' });
    const { connection, queue } = setUp();
    queue.push(frame(1), LANE.normal);
    expect(queryObjects(Ring, { format: 'count' })).toBe(before);
    connection.room = 1;
    queue.push(frame(2), LANE.normal);
    queue.push(frame(3), LANE.normal);
    expect(queryObjects(Ring, { format: 'count' })).toBe(before + 4);
    connection.room = 100;
    queue.onDrain();
    expect(queryObjects(Ring, { format: 'count' })).toBe(before);
  });
});
