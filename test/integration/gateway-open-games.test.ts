import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { encodeFrame, ROUTE } from '../../src/protocol/header.ts';
import { gameFrame, gamePayload } from '../support/frames.ts';
import { eventually } from '../support/recording-sink.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

let test: TestGateway;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  test = await startTestGateway({ settings: { games: '[]' } });
});
afterEach(async () => {
  vi.useRealTimers();
  await test.close();
});

it('a client whose game was forgotten for others plays on', async () => {
  const nameless = (seq: number): Uint8Array =>
    encodeFrame({ seq, route: ROUTE.game, flags: 0, msgId: 1001 }, new Uint8Array(0));
  const [player, flooder] = [test.openMemory(), test.openMemory()];
  player.send(gameFrame(1));
  await test.backend.frames(1);
  vi.advanceTimersByTime(600_000);
  for (let index = 1; index <= 1000; index++) {
    flooder.send(gameFrame(index, { payload: gamePayload(1, 7, `g${index}`) }));
    if (index % 100 === 0) await flooder.fence();
  }
  expect(flooder.inbox).toEqual([]);
  await eventually(() => test.gateway.dispatcher.pendingFrames === 0, 'the topics to be idle');
  vi.advanceTimersByTime(600_000);
  player.send(nameless(2));
  player.send(gameFrame(3));
  await player.fence();
  expect(player.inbox).toEqual([]);
  expect((await test.backend.frames(3)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
});
