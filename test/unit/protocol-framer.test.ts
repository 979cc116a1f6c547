import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeStreamChunk, StreamFramer } from '../../src/protocol/framer.ts';

function collect(frameBytesMax: number): { framer: StreamFramer; frames: number[][] } {
  const frames: number[][] = [];
  return { framer: new StreamFramer(frameBytesMax, (frame) => frames.push([...frame])), frames };
}

test('a frame on a stream stands behind its length', () => {
  const chunk = encodeStreamChunk([new Uint8Array([1, 2]), new Uint8Array(0), new Uint8Array([3])]);
  expect([...chunk]).toEqual([0, 0, 0, 2, 1, 2, 0, 0, 0, 0, 0, 0, 0, 1, 3]);
  const { framer, frames } = collect(2);
  expect(framer.push(chunk)).toBeUndefined();
  expect(frames).toEqual([[1, 2], [], [3]]);
  expect(framer.pendingBytes).toBe(0);
});

test('any frames survive any split', () => {
  const frames = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 });
  const cuts = fc.array(fc.nat(600), { maxLength: 30 });
  fc.assert(
    fc.property(frames, cuts, (list, positions) => {
      const stream = encodeStreamChunk(list);
      const { framer, frames: found } = collect(50);
      const ends = [...positions.map((at) => at % (stream.length + 1)), stream.length].sort((a, b) => a - b);
      let start = 0;
      for (const end of ends) {
        expect(framer.push(stream.slice(start, end))).toBeUndefined();
        start = end;
      }
      expect(found).toEqual(list.map((frame) => [...frame]));
      expect(framer.pendingBytes).toBe(0);
    }),
    { numRuns: 500 },
  );
});

test('one byte at a time is enough', () => {
  const { framer, frames } = collect(300);
  const big = new Uint8Array(300).fill(5);
  for (const byte of encodeStreamChunk([big, new Uint8Array([1])])) framer.push(new Uint8Array([byte]));
  expect(frames).toEqual([[...big], [1]]);
});

test('a frame at the limit passes; one byte more is reported at its prefix, before its bytes', () => {
  const { framer, frames } = collect(8);
  expect(framer.push(encodeStreamChunk([new Uint8Array(8)]))).toBeUndefined();
  expect(framer.push(new Uint8Array([0, 0, 0]))).toBeUndefined();
  expect(framer.push(new Uint8Array([9]))).toBe(9);
  expect(frames).toHaveLength(1);
  expect(framer.pendingBytes).toBe(0);
});

test('the same holds where the whole prefix lies in one chunk, and for the largest length', () => {
  expect(collect(8).framer.push(new Uint8Array([0, 0, 0, 9]))).toBe(9);
  expect(collect(8).framer.push(new Uint8Array([0xff, 0xff, 0xff, 0xff]))).toBe(0xffff_ffff);
});

test('a new limit holds from the next length on', () => {
  const { framer, frames } = collect(4);
  framer.push(new Uint8Array([0, 0, 0, 4, 1]));
  framer.frameBytesMax = 2;
  expect(framer.push(new Uint8Array([2, 3, 4]))).toBeUndefined();
  expect(frames).toEqual([[1, 2, 3, 4]]);
  expect(framer.push(new Uint8Array([0, 0, 0, 3]))).toBe(3);
});

test('bytes of an unfinished frame are counted', () => {
  const { framer } = collect(100);
  framer.push(new Uint8Array([0, 0]));
  expect(framer.pendingBytes).toBe(2);
  framer.push(new Uint8Array([0, 9, 1, 2, 3]));
  expect(framer.pendingBytes).toBe(3);
});
