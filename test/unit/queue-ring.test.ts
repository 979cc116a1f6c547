import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LANE, laneFromProto } from '../../src/queue/lane.ts';
import { Ring } from '../../src/queue/ring.ts';

describe('Ring', () => {
  it('behaves as an array under any sequence of calls', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.constant('push') },
      { weight: 1, arbitrary: fc.constant('unshift') },
      { weight: 4, arbitrary: fc.constant('shift') },
      { weight: 1, arbitrary: fc.constant('peek') },
      { weight: 1, arbitrary: fc.constant('clear') },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const ring = new Ring<number>();
        const model: number[] = [];
        for (const [index, name] of steps.entries()) {
          if (name === 'push') ring.push(model[model.push(index) - 1]);
          else if (name === 'unshift') {
            model.unshift(index);
            ring.unshift(index);
          } else if (name === 'shift') expect(ring.shift()).toBe(model.shift());
          else if (name === 'peek') expect(ring.peek()).toBe(model[0]);
          else {
            model.length = 0;
            ring.clear();
          }
          expect(ring.length).toBe(model.length);
        }
        for (const value of model) expect(ring.shift()).toBe(value);
        expect(ring.shift()).toBeUndefined();
      }),
    );
  });

  it('keeps the order over growth with a head in the middle', () => {
    const ring = new Ring<number>();
    for (let value = 0; value < 8; value++) ring.push(value);
    for (let value = 0; value < 5; value++) ring.shift();
    for (let value = 8; value < 100; value++) ring.push(value);
    for (let value = 5; value < 100; value++) expect(ring.shift()).toBe(value);
    expect(ring.length).toBe(0);
  });
});

describe('laneFromProto', () => {
  it('reads 1 to 4, and falls back for 0 and unknown numbers', () => {
    expect([1, 2, 3, 4].map((value) => laneFromProto(value, LANE.low))).toEqual([0, 1, 2, 3]);
    expect([0, 5, -1].map((value) => laneFromProto(value, LANE.high))).toEqual([1, 1, 1]);
  });
});
