import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TimingWheel, type WheelEntry } from '../../src/session/timing-wheel.ts';

function steps(wheel: { step(): void }, count: number): void {
  for (let index = 0; index < count; index++) wheel.step();
}

describe('TimingWheel', () => {
  it('fires each entry once, at its step', () => {
    const fired: string[] = [];
    const wheel = new TimingWheel<string>(10, 8, (item) => fired.push(item));
    wheel.add('a', 10);
    wheel.add('c', 30);
    wheel.add('b', 11);
    wheel.step();
    expect(fired).toEqual(['a']);
    wheel.step();
    expect(fired).toEqual(['a', 'b']);
    steps(wheel, 20);
    expect(fired).toEqual(['a', 'b', 'c']);
  });

  it('cuts a delay to its length, and fires no sooner than the next step', () => {
    const fired: string[] = [];
    const wheel = new TimingWheel<string>(10, 4, (item) => fired.push(item));
    wheel.add('long', 1000);
    wheel.add('now', 0);
    wheel.step();
    expect(fired).toEqual(['now']);
    steps(wheel, 2);
    expect(fired).toEqual(['now', 'long']);
  });

  it('moves and cancels entries, also where many share a slot', () => {
    const fired: number[] = [];
    const wheel = new TimingWheel<number>(10, 8, (item) => fired.push(item));
    const entries = Array.from({ length: 10 }, (_, index) => wheel.add(index, 20));
    for (const index of [0, 9, 4]) wheel.cancel(entries[index]);
    wheel.cancel(entries[4]);
    wheel.schedule(entries[2], 40);
    steps(wheel, 2);
    expect([...fired].sort()).toEqual([1, 3, 5, 6, 7, 8]);
    steps(wheel, 2);
    expect(fired.at(-1)).toBe(2);
    expect(fired).toHaveLength(7);
  });

  it('does not fire an entry that the handler of another cancelled in the same step', () => {
    const fired: string[] = [];
    const others = new Map<string, WheelEntry<string>>();
    const wheel = new TimingWheel<string>(10, 8, (item) => {
      fired.push(item);
      const other = others.get(item === 'a' ? 'b' : 'a');
      if (other !== undefined) wheel.cancel(other);
    });
    others.set('a', wheel.add('a', 10));
    others.set('b', wheel.add('b', 10));
    steps(wheel, 10);
    expect(fired).toEqual(['a']);
  });

  it('fires an entry once where the handler of another moved it in the same step', () => {
    const fired: string[] = [];
    let late: WheelEntry<string> | undefined;
    const wheel = new TimingWheel<string>(10, 8, (item) => {
      fired.push(item);
      if (item === 'early' && late !== undefined) wheel.schedule(late, 20);
    });
    wheel.add('early', 10);
    late = wheel.add('late', 10);
    wheel.step();
    expect(fired).toEqual(['early']);
    steps(wheel, 10);
    expect(fired).toEqual(['early', 'late']);
  });

  it('lets a handler schedule its own entry again', () => {
    let count = 0;
    let entry: WheelEntry<string> | undefined;
    const wheel = new TimingWheel<string>(10, 4, () => {
      count += 1;
      if (entry !== undefined) wheel.schedule(entry, 10);
    });
    entry = wheel.add('again', 10);
    steps(wheel, 9);
    expect(count).toBe(9);
  });

  it('fires no entry before its time where it is scheduled between two steps', () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    try {
      const [firedMs, wantedMs]: number[][] = [[], []];
      const wheel = new TimingWheel<number>(10, 16, (index) => {
        firedMs[index] = performance.now();
      });
      wheel.start();
      for (let index = 0; index < 40; index++) {
        const delayMs = 1 + ((index * 7) % 60);
        wheel.add(index, delayMs);
        wantedMs[index] = performance.now() + delayMs;
        vi.advanceTimersByTime(1 + (index % 4));
      }
      vi.advanceTimersByTime(100);
      wheel.stop();
      const latenessMs = wantedMs.map((wanted, index) => firedMs[index] - wanted);
      expect(Math.min(...latenessMs)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...latenessMs)).toBeLessThan(10);
    } finally {
      vi.useRealTimers();
    }
  });

  it('fires what a handler schedules at its step, although timers are early, late and in fractions', () => {
    let nowMs = 1000.7;
    let steps = 0;
    const fired: number[] = [];
    const again = (): void => {
      fired.push(steps);
      // Those before it in its slot have taken their time.
      nowMs += 0.4;
      wheel.schedule(entry, 30);
    };
    const wheel = new TimingWheel<string>(10, 8, again, () => nowMs);
    const entry = wheel.add('again', 30);
    wheel.start();
    for (const driftMs of [0.2, -0.7, 0.9, 0.05, -0.6, 3, -0.9, -0.9, -0.9, 0, 7, 0.1]) {
      steps++;
      nowMs += 10 + driftMs;
      wheel.step();
    }
    wheel.stop();
    expect(fired).toEqual([3, 6, 9, 12]);
  });

  it('tells its handlers a time that moves on by a step at least, and is read once a step', () => {
    let reads = 0;
    const times: number[] = [];
    const wheel = new TimingWheel<number>(
      10,
      8,
      (_item, nowMs) => times.push(nowMs),
      () => 500 + ++reads,
    );
    for (const item of [1, 2, 3]) wheel.add(item, 10);
    wheel.add(4, 20);
    steps(wheel, 2);
    expect(times).toEqual([501, 501, 501, 511]);
    expect(reads).toBe(2);
  });

  describe('timer', () => {
    beforeEach(() => {
      vi.useFakeTimers();
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    it('steps by itself between start and stop, on one timer', () => {
      const fired: string[] = [];
      const wheel = new TimingWheel<string>(10, 8, (item) => fired.push(item));
      wheel.add('a', 20);
      wheel.start();
      wheel.start();
      expect(vi.getTimerCount()).toBe(1);
      vi.advanceTimersByTime(25);
      expect(fired).toEqual(['a']);
      wheel.add('b', 20);
      wheel.stop();
      expect(vi.getTimerCount()).toBe(0);
      vi.advanceTimersByTime(1000);
      expect(fired).toEqual(['a']);
    });
  });
});
