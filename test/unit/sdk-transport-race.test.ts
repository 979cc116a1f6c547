import { beforeEach, expect, test } from 'vitest';
import type { Link } from '../../web-client/sdk/link.ts';
import { TransportMemory } from '../../web-client/sdk/transport-memory.ts';
import { TransportRace } from '../../web-client/sdk/transport-race.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeOpen, memoryStorage, RecordingHandlers } from '../support/fake-open.ts';

const ORIGIN = 'https://gateway:8082/wt';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let clock: FakeClock;
let webSocket: FakeOpen;
let webTransport: FakeOpen;
let handlers: RecordingHandlers;
let race: TransportRace;

beforeEach(() => {
  clock = new FakeClock();
  webSocket = new FakeOpen('websocket');
  webTransport = new FakeOpen('webtransport');
  handlers = new RecordingHandlers();
  race = raceWith(webTransport);
});

function raceWith(second: FakeOpen | undefined, storage = memoryStorage()): TransportRace {
  return new TransportRace({
    webSocket: webSocket.open,
    webTransport: second?.open,
    absent: 'WebTransport is not supported here',
    memory: new TransportMemory(storage, ORIGIN, clock),
    clock,
  });
}

/** One race that WebSocket wins because WebTransport fails at once. */
async function loseOnce(): Promise<void> {
  const opening = race.open(handlers);
  await webTransport.last.fail('no route');
  await webSocket.last.succeed();
  await opening;
}

test('WebTransport that is there within its head start runs alone', async () => {
  const opening = race.open(handlers);
  await clock.advance(499);
  await webTransport.last.succeed();
  expect((await opening).transport).toBe('webtransport');
  await clock.advance(HOUR_MS);
  expect(webSocket.attempts).toEqual([]);
  expect(race.choice).toMatchObject({ transport: 'webtransport', cause: 'echo', afterMs: 499 });
  expect(clock.pending).toBe(0);
});

test('WebSocket starts after 500 ms and wins when it is first', async () => {
  const opening = race.open(handlers);
  await clock.advance(499);
  expect(webSocket.attempts).toHaveLength(0);
  await clock.advance(1);
  expect(webSocket.attempts).toHaveLength(1);
  await clock.advance(20);
  await webSocket.last.succeed();
  expect((await opening).transport).toBe('websocket');
  expect(race.choice).toEqual({
    transport: 'websocket',
    cause: 'late',
    detail: 'no WebTransport within 500 ms',
    afterMs: 520,
  });
});

test('a loser that still connects is let finish and closed then, unheard', async () => {
  const opening = race.open(handlers);
  await clock.advance(500);
  await webSocket.last.succeed();
  await opening;
  expect(webTransport.last.signal?.aborted).toBe(false);
  webTransport.last.handlers.onFrame(new Uint8Array(8), false);
  await webTransport.last.succeed();
  expect(webTransport.last.closedWith).toEqual({ code: 1000, reason: 'the other transport won' });
  webTransport.last.handlers.onClose({ code: 1000, reason: '' });
  expect(handlers.frames).toEqual([]);
  expect(handlers.closes).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('a loser that never finishes is given up after 30 s', async () => {
  const opening = race.open(handlers);
  await clock.advance(500);
  await webSocket.last.succeed();
  await opening;
  await clock.advance(29_999);
  expect(webTransport.last.signal?.aborted).toBe(false);
  await clock.advance(1);
  expect(webTransport.last.signal?.aborted).toBe(true);
});

test('WebTransport may still win after its head start; WebSocket is the loser then', async () => {
  const opening = race.open(handlers);
  await clock.advance(510);
  await webTransport.last.succeed();
  expect((await opening).transport).toBe('webtransport');
  await webSocket.last.succeed();
  expect(webSocket.last.closedWith?.code).toBe(1000);
});

test('a failure of WebTransport starts WebSocket at once', async () => {
  const opening = race.open(handlers);
  await clock.advance(30);
  await webTransport.last.fail('certificate unknown');
  expect(webSocket.attempts).toHaveLength(1);
  await webSocket.last.succeed();
  await opening;
  expect(race.choice).toMatchObject({
    cause: 'failed',
    detail: 'WebTransport failed: certificate unknown',
    afterMs: 30,
  });
});

test('without WebTransport there is no race', async () => {
  race = raceWith(undefined);
  const opening = race.open(handlers);
  await webSocket.last.succeed();
  await opening;
  expect(race.choice).toMatchObject({
    cause: 'unavailable',
    detail: 'WebTransport is not supported here',
    afterMs: 0,
  });
  expect(clock.pending).toBe(0);
});

test('both failing is an error that names both', async () => {
  const opening = expect(race.open(handlers)).rejects.toThrow('no route; refused');
  await webTransport.last.fail('no route');
  await webSocket.last.fail('refused');
  await opening;
  expect(clock.pending).toBe(0);
});

test('WebSocket failing first leaves it to WebTransport', async () => {
  const opening = race.open(handlers);
  await clock.advance(500);
  await webSocket.last.fail('refused');
  await webTransport.last.succeed();
  expect((await opening).transport).toBe('webtransport');
});

test('an abort ends both attempts', async () => {
  const controller = new AbortController();
  const opening = expect(race.open(handlers, controller.signal)).rejects.toThrow('enough');
  await clock.advance(500);
  controller.abort(new Error('enough'));
  await opening;
  expect([webTransport.last.signal?.aborted, webSocket.last.signal?.aborted]).toEqual([true, true]);
  await webSocket.last.succeed();
  expect(webSocket.last.closedWith?.code).toBe(1000);
  expect(clock.pending).toBe(0);
});

test("the winner's frames and end reach the owner", async () => {
  const opening = race.open(handlers);
  webTransport.last.handlers.onFrame(new Uint8Array([1]), false);
  await webTransport.last.succeed();
  await opening;
  webTransport.last.handlers.onFrame(new Uint8Array([2]), true);
  webTransport.last.handlers.onClose({ code: 4000, reason: 'bye' });
  expect(handlers.frames).toEqual([[1]]);
  expect(handlers.datagrams).toEqual([[2]]);
  expect(handlers.closes).toEqual([{ code: 4000, reason: 'bye' }]);
});

test('after one failure the head start is short, after two only WebSocket is tried for ten minutes', async () => {
  await loseOnce();
  race.open(handlers);
  await clock.advance(99);
  expect(webSocket.attempts).toHaveLength(1);
  await clock.advance(1);
  expect(webSocket.attempts).toHaveLength(2);
  await webSocket.last.succeed();
  const only = race.open(handlers);
  expect(webTransport.attempts).toHaveLength(2);
  await webSocket.last.succeed();
  await only;
  expect(race.choice).toMatchObject({
    cause: 'remembered',
    detail: 'WebTransport failed before; tried again in 10 min',
  });
  await clock.advance(10 * MINUTE_MS);
  race.open(handlers);
  expect(webTransport.attempts).toHaveLength(3);
});

test('a success forgets the failures, a late one too', async () => {
  await loseOnce();
  const opening = race.open(handlers);
  await clock.advance(100);
  await webSocket.last.succeed();
  await opening;
  await webTransport.last.succeed();
  race.open(handlers);
  await clock.advance(499);
  expect(webTransport.attempts).toHaveLength(3);
  expect(webSocket.attempts).toHaveLength(2);
});

test('failures are not counted where WebSocket fails too: the network is away', async () => {
  for (let attempt = 0; attempt < 3; attempt++) {
    const opening = expect(race.open(handlers)).rejects.toThrow('away');
    await webTransport.last.fail('away');
    await webSocket.last.fail('away');
    await opening;
  }
  race.open(handlers);
  expect(webTransport.attempts).toHaveLength(4);
});

test('what is remembered outlives the client, and is forgotten after six hours', async () => {
  const storage = memoryStorage();
  race = raceWith(webTransport, storage);
  await loseOnce();
  await loseOnce();
  race = raceWith(webTransport, storage);
  race.open(handlers);
  expect(webTransport.attempts).toHaveLength(2);
  await clock.advance(6 * HOUR_MS + 1);
  race = raceWith(webTransport, storage);
  race.open(handlers);
  await clock.advance(499);
  expect(webTransport.attempts).toHaveLength(3);
  expect(webSocket.attempts).toHaveLength(3);
});

test.each(['no JSON', '{"failures":"2"}', 'null', '[]'])(
  'what is stored wrongly (%s) is left out',
  (stored) => {
    race = raceWith(webTransport, { getItem: () => stored, setItem: () => {} });
    race.open(handlers);
    expect(webTransport.attempts).toHaveLength(1);
  },
);

test('a storage that throws remembers nothing and harms nothing', async () => {
  const refuse = () => {
    throw new Error('forbidden');
  };
  race = raceWith(webTransport, { getItem: refuse, setItem: refuse });
  const opening: Promise<Link> = race.open(handlers);
  await webTransport.last.succeed();
  expect((await opening).transport).toBe('webtransport');
});
