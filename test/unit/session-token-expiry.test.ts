import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stageLinks } from '../support/link-stage.ts';

/** How far apart the looks at a token are, whatever its life. */
const LOOK_MS = 60_000;
const HOUR_MS = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A session whose token lives for another `lifeMs` on the wall clock. */
function expiringIn(lifeMs: number) {
  const { lifecycle, accept } = stageLinks();
  lifecycle.start();
  const { link, connection } = accept();
  const expiresAtMs = Date.now() + lifeMs;
  lifecycle.grant(link.session, { verified: true, permissions: [], attributes: {}, expiresAtMs });
  return { codes: () => connection.closes.map(({ code }) => code), stop: () => lifecycle.stop() };
}

describe('a token that expires in mid-session', () => {
  it('ends the session within a step of its time', () => {
    const { codes, stop } = expiringIn(3 * LOOK_MS);
    vi.advanceTimersByTime(3 * LOOK_MS - 1);
    expect(codes()).toEqual([]);
    vi.advanceTimersByTime(251);
    expect(codes()).toEqual([4204]);
    stop();
  });

  it('ends it within a minute where the wall clock has stepped beyond that', () => {
    const { codes, stop } = expiringIn(HOUR_MS);
    vi.advanceTimersByTime(1000);
    vi.setSystemTime(Date.now() + HOUR_MS);
    vi.advanceTimersByTime(LOOK_MS);
    expect(codes()).toEqual([4204]);
    stop();
  });

  it('ends it no sooner where the wall clock was put back', () => {
    const { codes, stop } = expiringIn(LOOK_MS);
    vi.setSystemTime(Date.now() - HOUR_MS);
    vi.advanceTimersByTime(HOUR_MS + LOOK_MS - 1000);
    expect(codes()).toEqual([]);
    vi.advanceTimersByTime(2000);
    expect(codes()).toEqual([4204]);
    stop();
  });
});
