import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { browserWebSocketLink } from '../../web-client/sdk/websocket-link.ts';

/** What the link uses of the platform's WebSocket, driven by the test. */
class StubSocket {
  static readonly OPEN = 1;
  static last: StubSocket | undefined;
  readonly url: string;
  binaryType = 'blob';
  readyState = 0;
  bufferedAmount = 0;
  readonly sent: Uint8Array[] = [];
  closedWith: [number | undefined, string | undefined] | undefined;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  constructor(url: string) {
    if (!url.startsWith('ws')) throw new SyntaxError('bad URL');
    this.url = url;
    StubSocket.last = this;
  }

  send(frame: Uint8Array): void {
    this.sent.push(frame);
  }

  close(code?: number, reason?: string): void {
    this.closedWith = [code, reason];
    this.readyState = 2;
  }
}

beforeEach(() => {
  vi.stubGlobal('WebSocket', StubSocket);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function lastSocket(): StubSocket {
  if (StubSocket.last === undefined) throw new Error('no socket was made');
  return StubSocket.last;
}

async function opened() {
  const frames: number[][] = [];
  const closes: { code: number; reason: string }[] = [];
  const opening = browserWebSocketLink('ws://127.0.0.1/ws')({
    onFrame: (frame, datagram) => frames.push([...frame, Number(datagram)]),
    onClose: (event) => closes.push(event),
  });
  const socket = lastSocket();
  socket.readyState = StubSocket.OPEN;
  socket.onopen?.();
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
  lastSocket().onclose?.({ code: 1006, reason: '' });
  await expect(opening).rejects.toThrow('ws://127.0.0.1/ws');
  await expect(browserWebSocketLink('nonsense')(HANDLERS)).rejects.toThrow('bad URL');
});

test('an abort ends the attempt, before it and during it', async () => {
  await expect(browserWebSocketLink('ws://a/')(HANDLERS, AbortSignal.abort('early'))).rejects.toBe('early');
  const abort = new AbortController();
  const opening = browserWebSocketLink('ws://a/')(HANDLERS, abort.signal);
  abort.abort('late');
  await expect(opening).rejects.toBe('late');
  expect(lastSocket().closedWith).toBeDefined();
});
