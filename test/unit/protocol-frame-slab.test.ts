import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameSlab } from '../../src/protocol/frame-slab.ts';
import { encodeFrame } from '../../src/protocol/header.ts';

const header = fc.record({
  seq: fc.integer({ min: 0, max: 0xffff_ffff }),
  route: fc.integer({ min: 0, max: 0xff }),
  flags: fc.integer({ min: 0, max: 0xff }),
  msgId: fc.integer({ min: 0, max: 0xffff }),
});
const payload = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.integer({ min: 1010, max: 1020 }).map((length) => new Uint8Array(length).fill(length)),
  fc.integer({ min: 4000, max: 9000 }).map((length) => new Uint8Array(length).fill(length)),
);

describe('FrameSlab', () => {
  it('encodes as encodeFrame does, and leaves every earlier frame as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(header, payload), { maxLength: 200 }), (inputs) => {
        const slab = new FrameSlab();
        const frames = inputs.map(([head, body]) => slab.encode(head, body));
        frames.forEach((frame, index) => {
          const [head, body] = inputs[index];
          expect(Buffer.from(frame).equals(encodeFrame(head, body))).toBe(true);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('keeps no more than 4 KiB alive for a frame that fits into a slab', () => {
    const slab = new FrameSlab();
    const head = { seq: 1, route: 2, flags: 0, msgId: 3 };
    for (const bytes of [0, 64, 1016]) {
      expect(slab.encode(head, new Uint8Array(bytes)).buffer.byteLength).toBe(4096);
    }
    expect(slab.encode(head, new Uint8Array(1017)).buffer.byteLength).toBe(1025);
  });
});
