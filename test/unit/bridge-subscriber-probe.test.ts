import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SubscriberProbe } from '../../src/bridge/subscriber-probe.ts';

describe('SubscriberProbe', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function start(channels = ['probe'], canSend = true) {
    const sent: string[] = [];
    let silent = 0;
    const probe = new SubscriberProbe({
      channels,
      intervalMs: 400,
      timeoutMs: 200,
      send: (channel) => {
        sent.push(channel);
        return canSend;
      },
      onSilent: () => {
        silent += 1;
      },
    });
    probe.start();
    return { probe, sent, silent: () => silent };
  }

  it('probes after an interval of silence, and gives up after the timeout', () => {
    const { sent, silent } = start();
    vi.advanceTimersByTime(399);
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(sent).toEqual(['probe']);
    vi.advanceTimersByTime(199);
    expect(silent()).toBe(0);
    vi.advanceTimersByTime(2);
    expect(silent()).toBe(1);
    vi.advanceTimersByTime(10_000);
    expect([sent.length, silent()]).toEqual([1, 1]);
  });

  it('is content with the probe, and with any message while one is out', () => {
    for (const prove of ['heard', 'heardProbe'] as const) {
      const { probe, sent, silent } = start();
      vi.advanceTimersByTime(400);
      if (prove === 'heard') probe.heard();
      else probe.heardProbe('probe');
      vi.advanceTimersByTime(390);
      expect([sent.length, silent()]).toEqual([1, 0]);
      probe.stop();
    }
  });

  it('sends none while messages come', () => {
    const { probe, sent } = start();
    for (let elapsedMs = 0; elapsedMs < 4000; elapsedMs += 300) {
      probe.heard();
      vi.advanceTimersByTime(300);
    }
    expect(sent).toEqual([]);
  });

  it('wants to hear every channel', () => {
    const { probe, sent, silent } = start(['a', 'b']);
    vi.advanceTimersByTime(400);
    expect(sent).toEqual(['a', 'b']);
    probe.heardProbe('b');
    vi.advanceTimersByTime(201);
    expect(silent()).toBe(1);
  });

  it('reads what waits in the socket before it judges', () => {
    const { probe, silent } = start();
    vi.advanceTimersByTime(600);
    probe.heardProbe('probe');
    vi.advanceTimersByTime(10);
    expect(silent()).toBe(0);
  });

  it('learns nothing where a probe cannot be sent, and tries again', () => {
    const { sent, silent } = start(['probe'], false);
    vi.advanceTimersByTime(900);
    expect([sent.length, silent()]).toEqual([2, 0]);
  });

  it('stops', () => {
    const { probe, sent, silent } = start();
    vi.advanceTimersByTime(400);
    probe.stop();
    vi.advanceTimersByTime(10_000);
    expect([sent.length, silent()]).toEqual([1, 0]);
  });
});
