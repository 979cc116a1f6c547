import { describe, expect, it } from 'vitest';
import { TickFlusher } from '../../src/queue/tick-flusher.ts';

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('TickFlusher', () => {
  it('runs what was scheduled once, in order, at the end of the tick', async () => {
    const ran: string[] = [];
    const flusher = new TickFlusher(() => {});
    flusher.schedule({ flush: () => ran.push('a') });
    flusher.schedule({ flush: () => ran.push('b') });
    await Promise.resolve();
    expect(ran).toEqual([]);
    await tick();
    await tick();
    expect(ran).toEqual(['a', 'b']);
  });

  it('runs what a flush schedules in the next tick', async () => {
    const ran: string[] = [];
    const flusher = new TickFlusher(() => {});
    const again = { flush: () => ran.push('second') };
    flusher.schedule({
      flush: () => {
        ran.push('first');
        flusher.schedule(again);
      },
    });
    flusher.drain();
    expect(ran).toEqual(['first']);
    await tick();
    expect(ran).toEqual(['first', 'second']);
  });

  it('reports what a flush throws and runs the others', () => {
    const ran: string[] = [];
    const errors: unknown[] = [];
    const flusher = new TickFlusher((error) => errors.push(error));
    const fault = new Error('broken');
    flusher.schedule({
      flush: () => {
        throw fault;
      },
    });
    flusher.schedule({ flush: () => ran.push('b') });
    flusher.drain();
    expect(errors).toEqual([fault]);
    expect(ran).toEqual(['b']);
  });

  it('drain leaves nothing for later', async () => {
    let ran = 0;
    const flusher = new TickFlusher(() => {});
    flusher.schedule({ flush: () => ran++ });
    flusher.drain();
    flusher.drain();
    await tick();
    expect(ran).toBe(1);
  });
});
