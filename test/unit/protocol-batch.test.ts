import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchBytes, encodeBatch, forEachFrame } from '../../src/protocol/batch.ts';
import { encodeFrame, FLAG, payloadOf, ROUTE, readHeader } from '../../src/protocol/header.ts';

const frame = (seq: number, payload: number[] = []) =>
  encodeFrame({ seq, route: ROUTE.game, flags: 0, msgId: 1 }, new Uint8Array(payload));

function framesIn(payload: Uint8Array): { frames: number[][]; fault: string | undefined } {
  const frames: number[][] = [];
  const fault = forEachFrame(payload, (view) => frames.push([...view]));
  return { frames, fault };
}

test('a batch frame holds each frame behind its length', () => {
  const batch = encodeBatch([frame(1, [0xaa]), frame(2)]);
  expect([...batch]).toEqual([
    ...[0, 0, 0, 0, 3, FLAG.batch, 0, 0],
    ...[0, 0, 0, 9, 0, 0, 0, 1, 2, 0, 0, 1, 0xaa],
    ...[0, 0, 0, 8, 0, 0, 0, 2, 2, 0, 0, 1],
  ]);
  expect(readHeader(batch)).toEqual({ seq: 0, route: ROUTE.system, flags: FLAG.batch, msgId: 0 });
  expect(framesIn(payloadOf(batch))).toEqual({
    frames: [[...frame(1, [0xaa])], [...frame(2)]],
    fault: undefined,
  });
});

test('an empty batch holds nothing', () => {
  expect(framesIn(new Uint8Array(0))).toEqual({ frames: [], fault: undefined });
});

test.each([
  ['a length cut short', [0, 0, 0], 'cut short'],
  ['a frame shorter than a header', [0, 0, 0, 7, 1, 2, 3, 4, 5, 6, 7], 'shorter than a header'],
  ['a length past the end', [0, 0, 0, 9, 0, 0, 0, 1, 2, 0, 0, 1], 'passes the end'],
  ['the largest length', [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 2, 0, 0, 1], 'passes the end'],
  ['a batch inside', [0, 0, 0, 8, 0, 0, 0, 0, 3, FLAG.batch, 0, 0], 'batch inside a batch'],
])('%s is a fault, told after the frames before it', (_name, bytes, fault) => {
  const whole = payloadOf(encodeBatch([frame(1)]));
  const result = framesIn(new Uint8Array([...whole, ...bytes]));
  expect(result.frames).toEqual([[...frame(1)]]);
  expect(result.fault).toContain(fault);
});

test('any frames come out as they went in', () => {
  const payloads = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });
  fc.assert(
    fc.property(payloads, (list) => {
      const frames = list.map((payload, seq) => frame(seq, [...payload]));
      const batch = encodeBatch(frames);
      expect(batch.length).toBe(batchBytes(frames));
      expect(framesIn(payloadOf(batch)).frames).toEqual(frames.map((each) => [...each]));
    }),
  );
});
