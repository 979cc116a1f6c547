import { afterEach, expect, it, vi } from 'vitest';
import { WriteBatcher } from '../../transports/websocket/write-batcher.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

let test: TestGateway;
afterEach(() => test.close());

it('a push to a group is one frame in memory for all members, and one on the wire of WebSocket', async () => {
  test = await startTestGateway();
  const clients = [test.openMemory(), test.openMemory(), test.openMemory()];
  for (const client of clients) await client.fence();
  const sends = [...test.gateway.hub.all()].map((session) => {
    test.gateway.hub.join('room', session);
    return vi.spyOn(session, 'send');
  });
  const message = { group: 'room', route: 2, msgId: 1, payload: Uint8Array.of(1, 2, 3) };
  await test.backend.push({ message });
  for (const client of clients)
    await client.take('the push', ({ msgId, route }) => route === 2 && msgId === 1);
  const frames = sends.map((send) => send.mock.calls[0][0]);
  expect(frames.map((frame) => frame === frames[0])).toEqual([true, true, true]);
  const batcher = new WriteBatcher();
  const wire = frames.map((frame) => batcher.encode(frame));
  expect(wire.map((bytes) => bytes === wire[0])).toEqual([true, true, true]);
});
