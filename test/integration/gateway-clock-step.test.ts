import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { encodePong, SYSTEM } from '../../src/protocol/system.ts';
import { gameFrame } from '../support/frames.ts';
import type { TestClient } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

/** The wall clock of a gateway is stepped while it runs, as NTP or an operator may do; the monotonic one goes on. */
const HOUR_MS = 3_600_000;

let test: TestGateway;
let client: TestClient;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] });
  test = await startTestGateway({ settings: { 'limits.frames_per_sec': '10', 'limits.frames_burst': '10' } });
  client = test.openMemory();
});
afterEach(async () => {
  vi.useRealTimers();
  await test.close();
});

it.each([HOUR_MS, -HOUR_MS])('frames bear the new time a second after a step of %d ms', async (stepMs) => {
  client.send(gameFrame(1));
  await client.fence();
  vi.setSystemTime(Date.now() + stepMs);
  await vi.advanceTimersByTimeAsync(1000);
  client.send(gameFrame(2));
  const [, second] = await test.backend.frames(2);
  expect(Math.abs(second.receivedAtMs - Date.now())).toBeLessThanOrEqual(1);
});

it('a rate limit is what it was after a step back', async () => {
  for (let seq = 1; seq <= 11; seq++) client.send(gameFrame(seq));
  const { retryAfterMs } = await client.takeError(11);
  expect(retryAfterMs).toBe(100);
  vi.setSystemTime(Date.now() - HOUR_MS);
  await vi.advanceTimersByTimeAsync(retryAfterMs);
  client.send(gameFrame(12));
  expect((await test.backend.frames(11)).map(({ seq }) => seq)).toContain(12);
});

it('the round trip of a Ping is measured on the monotonic clock, once for each Ping', async () => {
  await vi.advanceTimersByTimeAsync(30_000);
  const ping = await client.take('Ping', ({ msgId }) => msgId === SYSTEM.ping);
  vi.setSystemTime(Date.now() + HOUR_MS);
  client.send(encodePong({ sentAtMs: 5, serverTimeMs: 0, received: 0 }, ping.seq + 1));
  await vi.advanceTimersByTimeAsync(70);
  const pong = encodePong({ sentAtMs: 5, serverTimeMs: 0, received: 0 }, ping.seq);
  client.send(pong);
  client.send(pong);
  await client.fence();
  const { pingRtt } = test.metrics;
  expect(pingRtt.count).toBe(1);
  expect(pingRtt.sum).toBeCloseTo(0.07, 6);
});
