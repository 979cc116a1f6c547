import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { browserWebSocketLink } from '../../web-client/sdk/websocket-link.ts';
import { StubSocket } from '../support/stub-socket.ts';

beforeEach(() => {
  vi.stubGlobal('WebSocket', StubSocket);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

async function opened() {
  const frames: number[][] = [];
  const closes: { code: number; reason: string }[] = [];
  const opening = browserWebSocketLink('ws://127.0.0.1/ws')({
    onFrame: (frame, datagram) => frames.push([...frame, Number(datagram)]),
    onClose: (event) => closes.push(event),
  });
  const socket = StubSocket.last;
  socket.open();
  return { link: await opening, socket, frames, closes };
}

const HANDLERS = { onFrame: () => {}, onClose: () => {} };

test('moves frames both ways, binary only', async () => {
  const { link, socket, frames } = await opened();
  expect(socket.binaryType).toBe('arraybuffer');
  socket.onmessage?.({ data: new Uint8Array([1, 2]).buffer });
  socket.onmessage?.({ data: 'text' });
  expect(frames).toEqual([[1, 2, 0]]);
  link.send(new Uint8Array([3]));
  expect(socket.sent).toEqual([new Uint8Array([3])]);
  expect(link.sendDatagram(new Uint8Array([4]))).toBe(false);
  expect(link.datagramBytesMax).toBe(0);
});

test('reports the bytes that the platform still holds', async () => {
  const { link, socket } = await opened();
  socket.bufferedAmount = 17;
  expect(link.bufferedBytes).toBe(17);
});

test('sends nothing once it closes', async () => {
  const { link, socket } = await opened();
  link.close(4000, 'bye');
  link.send(new Uint8Array([1]));
  expect(socket.closedWith).toEqual([4000, 'bye']);
  expect(socket.sent).toEqual([]);
});

test.each([
  [4205, 4205],
  [1000, 1000],
  [1006, 0],
])('a close with %i is told as %i', async (code, told) => {
  const { socket, closes } = await opened();
  socket.onclose?.({ code, reason: 'r' });
  expect(closes).toEqual([{ code: told, reason: 'r' }]);
});

test('rejects where the gateway refuses, and where the address is none', async () => {
  const opening = browserWebSocketLink('ws://127.0.0.1/ws')(HANDLERS);
  StubSocket.last.onclose?.({ code: 1006, reason: '' });
  await expect(opening).rejects.toThrow('ws://127.0.0.1/ws');
  await expect(browserWebSocketLink('nonsense')(HANDLERS)).rejects.toThrow('bad URL');
});

test('an abort ends the attempt, before it and during it', async () => {
  await expect(browserWebSocketLink('ws://a/')(HANDLERS, AbortSignal.abort('early'))).rejects.toBe('early');
  const abort = new AbortController();
  const opening = browserWebSocketLink('ws://a/')(HANDLERS, abort.signal);
  abort.abort('late');
  await expect(opening).rejects.toBe('late');
  expect(StubSocket.last.closedWith).toBeDefined();
});
