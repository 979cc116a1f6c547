import { expect } from 'vitest';
import { Metrics } from '../../src/observe/metrics.ts';
import { forEachFrame } from '../../src/protocol/batch.ts';
import { encodeFrame, FLAG, payloadOf, ROUTE, readFlags, readSeq } from '../../src/protocol/header.ts';
import { NO_PLACE } from '../../src/queue/push-place.ts';
import { SendQueue, type SendQueueShared } from '../../src/queue/send-queue.ts';
import { TickFlusher } from '../../src/queue/tick-flusher.ts';
import { GatedConnection } from './gated-connection.ts';

/** Of `frame` by default. */
export const FRAME_BYTES = 12;

export function frame(seq: number, payloadBytes = FRAME_BYTES - 8): Uint8Array {
  return encodeFrame({ seq, route: ROUTE.game, flags: 0, msgId: 1001 }, new Uint8Array(payloadBytes));
}

export interface Options {
  readonly framesMax?: number;
  readonly bytesMax?: number;
  readonly slowGraceMs?: number;
  readonly datagramBytesMax?: number;
}

/** A send queue on a gated connection, and what it told its owner. */
export function setUp(options: Options = {}) {
  const connection = new GatedConnection({ datagramBytesMax: options.datagramBytesMax });
  const metrics = new Metrics();
  const cells = metrics.forTransport('gated');
  const dropped = new Map<string, number>();
  const slow: [number, number][] = [];
  let promoted = 0;
  const clock = { nowMs: 1 };
  const flusher = new TickFlusher(
    (error) => {
      throw error;
    },
    () => clock.nowMs,
  );
  const shared: SendQueueShared = {
    framesMax: options.framesMax ?? 100,
    bytesMax: options.bytesMax ?? 1_000_000,
    slowGraceMs: options.slowGraceMs ?? 1000,
    replay: { framesMax: 100, bytesMax: 1_000_000, ageMaxSec: 60 },
    flusher,
    pushes: NO_PLACE,
    wait: metrics.sendQueueWait,
    nowSec: () => 0,
    onDropped: (reason, frames) => dropped.set(reason, (dropped.get(reason) ?? 0) + frames),
    onPromoted: () => {
      promoted += 1;
    },
  };
  const queue = new SendQueue(shared, (frames, bytes) => slow.push([frames, bytes]));
  queue.attach(connection, cells);
  const { sendQueueWait: wait } = metrics;
  return { connection, cells, clock, wait, dropped, slow, flusher, queue, promoted: () => promoted };
}

export function isBatch(sent: Uint8Array): boolean {
  return (readFlags(sent) & FLAG.batch) !== 0;
}

/** The frames in a batch frame. */
export function framesIn(batch: Uint8Array): number[] {
  expect(readFlags(batch) & FLAG.batch).toBe(FLAG.batch);
  const seqs: number[] = [];
  expect(forEachFrame(payloadOf(batch), (inner) => seqs.push(readSeq(inner)))).toBeUndefined();
  return seqs;
}
