import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodePong } from '../../src/protocol/system.ts';
import { Link } from '../../src/router/link.ts';
import { HEARTBEAT, stageLinks } from '../support/link-stage.ts';

const { intervalMs, timeoutMs, checkMs } = HEARTBEAT;
const HOUR_MS = 3_600_000;
const PONG = encodePong({ sentAtMs: 1, serverTimeMs: 0, received: 0 }, 1);
/** Steps of the clock, fine enough for what is asked here. */
const TICK_MS = 100;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A link accepted `offsetMs` behind a step of the wheel; where it answers, each Ping is followed by a Pong. */
function openLink(offsetMs: number, answers: boolean) {
  const stage = stageLinks();
  stage.links.start();
  vi.advanceTimersByTime(offsetMs);
  const { link, connection } = stage.accept();
  const openedMs = performance.now();
  const pingsMs: number[] = [];
  /** Lets time pass, until the link is told to close or `ms` are over. Returns the age of the link. */
  const pass = (ms: number): number => {
    const endMs = performance.now() + ms;
    while (performance.now() < endMs && connection.closes.length === 0) {
      vi.advanceTimersByTime(TICK_MS);
      for (; pingsMs.length < connection.sent.length; pingsMs.push(performance.now() - openedMs)) {
        if (answers) link.onFrame(PONG, false);
      }
    }
    return performance.now() - openedMs;
  };
  return { link, connection, pingsMs, pass, stop: () => stage.links.stop() };
}

describe.each([0, 1, 3_700, 9_900])('the heartbeats of a link accepted %d ms behind a step', (offsetMs) => {
  it('go out once an interval, the first less than a step behind it', () => {
    const { pingsMs, pass } = openLink(offsetMs, true);
    pass(10 * intervalMs + checkMs);
    expect(pingsMs.length).toBeGreaterThanOrEqual(10);
    expect(pingsMs[0]).toBeGreaterThanOrEqual(intervalMs);
    expect(pingsMs[0]).toBeLessThan(intervalMs + checkMs + TICK_MS);
    const gaps = pingsMs.slice(1).map((atMs, index) => atMs - pingsMs[index]);
    expect(new Set(gaps)).toEqual(new Set([intervalMs]));
  });

  it('take one visit for each Ping', () => {
    const visits = vi.spyOn(Link.prototype, 'checkHeartbeat');
    const { pingsMs, pass } = openLink(offsetMs, true);
    pass(10 * intervalMs + checkMs);
    expect(visits).toHaveBeenCalledTimes(pingsMs.length);
  });

  it('find a peer that never answers within a step of the timeout', () => {
    const { connection, pass } = openLink(offsetMs, false);
    const agedMs = pass(timeoutMs + 2 * checkMs);
    expect(connection.closes.map(({ code }) => code)).toEqual([4001]);
    expect(agedMs).toBeGreaterThanOrEqual(timeoutMs);
    expect(agedMs).toBeLessThan(timeoutMs + checkMs + TICK_MS);
  });

  it('find a peer that falls silent after an answer within a step of the timeout', () => {
    const { link, connection, pass } = openLink(offsetMs, false);
    const heardMs = pass(intervalMs + checkMs + 1_300);
    link.onFrame(PONG, false);
    const silentMs = pass(timeoutMs + 2 * checkMs) - heardMs;
    expect(connection.closes.map(({ code }) => code)).toEqual([4001]);
    expect(silentMs).toBeGreaterThanOrEqual(timeoutMs);
    expect(silentMs).toBeLessThan(timeoutMs + checkMs + TICK_MS);
  });
});

it('Pings of links that came one after the other do not leave together', () => {
  const { links, accept } = stageLinks();
  links.start();
  const connections = Array.from({ length: 100 }, () => {
    vi.advanceTimersByTime(checkMs / 100);
    return accept().connection;
  });
  const sent = (): number => connections.reduce((sum, connection) => sum + connection.sent.length, 0);
  let most = 0;
  for (let before = 0; before < connections.length; before = sent()) {
    vi.advanceTimersByTime(TICK_MS);
    most = Math.max(most, sent() - before);
  }
  links.stop();
  expect(most).toBeLessThanOrEqual(5);
});

it('heartbeats keep their interval where timers fire a fraction of a millisecond early', () => {
  const exactMs = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => {
    const early = Math.floor(exactMs() / checkMs) % 2 === 1;
    return early ? exactMs() - 0.9 : exactMs();
  });
  const { pingsMs, pass } = openLink(3_700, true);
  pass(10 * intervalMs + checkMs);
  const gaps = pingsMs.slice(1).map((atMs, index) => Math.round(atMs - pingsMs[index]));
  expect(Math.max(...gaps)).toBeLessThan(intervalMs + checkMs / 2);
});

describe.each([HOUR_MS, -HOUR_MS])('with the wall clock stepped by %d ms', (stepMs) => {
  const step = (): void => {
    vi.setSystemTime(Date.now() + stepMs);
  };

  it('a link that answers lives, and its Pings go on', () => {
    const { connection, pingsMs, pass } = openLink(3_700, true);
    pass(intervalMs + checkMs);
    step();
    pass(4 * intervalMs);
    expect(connection.closes).toEqual([]);
    expect(pingsMs).toHaveLength(5);
  });

  it('a dead link is found in time', () => {
    const { connection, pass } = openLink(3_700, false);
    pass(intervalMs);
    step();
    const agedMs = pass(2 * timeoutMs);
    expect(connection.closes.map(({ code }) => code)).toEqual([4001]);
    expect(agedMs).toBeLessThan(timeoutMs + checkMs + TICK_MS);
  });
});
