import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeBatch } from '../../src/protocol/batch.ts';
import { encodeFrame, FLAG, ROUTE } from '../../src/protocol/header.ts';
import { SYSTEM } from '../../src/protocol/system.ts';
import { gameFrame, gamePayload } from '../support/frames.ts';
import { eventually } from '../support/recording-sink.ts';
import type { TestClient } from '../support/test-client.ts';
import { errorCount, type Settings, startTestGateway, type TestGateway } from '../support/test-gateway.ts';

let test: TestGateway;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await test.close();
});

async function start(settings: Settings): Promise<TestClient> {
  test = await startTestGateway({ settings });
  return test.openMemory();
}

const game = (seq: number, user: number): Uint8Array => gameFrame(seq, { payload: gamePayload(1, user) });
const seqsTaken = (): number[] => test.backend.received.map(({ seq }) => seq);

/** A frame with some more bytes in it. */
function sized(seq: number, moreBytes: number): Uint8Array {
  const more = new Uint8Array(moreBytes).fill(0x78);
  return gameFrame(seq, { payload: new Uint8Array([...gamePayload(1), 0x22, moreBytes, ...more]) });
}

describe('retryAfterMs', () => {
  const frames = { 'limits.frames_per_sec': '3', 'limits.frames_burst': '4' };
  const bytes = { 'limits.bytes_per_sec': '70', 'limits.bytes_burst': '100' };

  it.each<[string, Settings]>([
    ['frames', frames],
    ['bytes', bytes],
    ['both', { ...frames, ...bytes }],
  ])('of a limit on %s is the time after which the frame is taken, and no less is', async (_name, limits) => {
    const client = await start(limits);
    const moreBytes = 20;
    for (let seq = 1; seq <= 20; seq++) client.send(sized(seq, moreBytes));
    let { code, retryAfterMs } = await client.takeError(20);
    for (let seq = 21; seq <= 30; seq += 2) {
      expect(code).toBe('RATE_LIMITED');
      await vi.advanceTimersByTimeAsync(retryAfterMs - 1);
      client.send(sized(seq, moreBytes));
      expect(await client.takeError(seq)).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 1 });
      await vi.advanceTimersByTimeAsync(1);
      client.send(sized(seq + 1, moreBytes));
      client.send(sized(100 + seq, moreBytes));
      ({ code, retryAfterMs } = await client.takeError(100 + seq));
    }
    await eventually(() => seqsTaken().includes(30), 'the last frame');
    expect(seqsTaken().filter((seq) => seq > 20)).toEqual([22, 24, 26, 28, 30]);
  });
});

describe('what is no frame', () => {
  const reserved = FLAG.batch | 0x40;
  it.each<[string, (client: TestClient) => void]>([
    ['short frames', (client) => client.send(new Uint8Array(3))],
    ['text', (client) => client.sendText('x')],
    ['batches without a frame', (client) => client.send(encodeBatch([]))],
    [
      'batches that break off',
      (client) =>
        client.send(encodeFrame({ seq: 1, route: 3, flags: FLAG.batch, msgId: 0 }, new Uint8Array(3))),
    ],
    [
      'batches with a reserved flag',
      (client) => client.send(encodeFrame({ seq: 1, route: ROUTE.system, flags: reserved, msgId: 0 })),
    ],
    [
      'frames with a reserved flag',
      (client) => client.send(encodeFrame({ seq: 1, route: ROUTE.system, flags: 0x40, msgId: SYSTEM.ping })),
    ],
  ])('is limited as frames are: %s', async (_name, send) => {
    const client = await start({
      ...{ 'limits.frames_per_sec': '5', 'limits.frames_burst': '10', 'limits.rate_strikes': '20' },
    });
    for (let count = 0; count < 40; count++) send(client);
    expect((await client.closed).code).toBe(4103);
    expect(errorCount(test.metrics, 'RATE_LIMITED')).toBe(21);
  });
});

describe('a user', () => {
  it('has one limit for all sessions, and others are not in it', async () => {
    const first = await start({ 'limits.user_frames_per_sec': '2', 'auth.mode': 'trust-first-message' });
    const [second, stranger] = [test.openMemory(), test.openMemory()];
    // The first frame of a session is charged before its user is known.
    for (const client of [first, second]) client.send(game(1, 7));
    stranger.send(game(2, 8));
    for (let seq = 3; seq <= 4; seq++) for (const client of [first, second]) client.send(game(seq, 7));
    second.send(game(5, 7));
    stranger.send(game(6, 8));
    const { code, retryAfterMs } = await second.takeError(5);
    expect([code, retryAfterMs]).toEqual(['RATE_LIMITED', 500]);
    await vi.advanceTimersByTimeAsync(retryAfterMs - 1);
    first.send(game(7, 7));
    expect(await first.takeError(7)).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 1 });
    await vi.advanceTimersByTimeAsync(1);
    second.send(game(8, 7));
    await eventually(() => seqsTaken().includes(8), 'the last frame');
    expect(seqsTaken().sort()).toEqual([1, 1, 2, 3, 3, 4, 4, 6, 8]);
  });
});
