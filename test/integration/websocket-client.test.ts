import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import type { Connection } from '../../src/transport.ts';
import { webSocketLink } from '../../transports/websocket/client.ts';
import { WebSocketListener } from '../../transports/websocket/websocket-listener.ts';
import { frameOf, numberOf, Recorder, until } from '../compliance/transport-harness.ts';

describe('webSocketLink', () => {
  const listeners: WebSocketListener[] = [];
  const recorders: Recorder[] = [];

  afterEach(async () => {
    for (const listener of listeners.splice(0)) await listener.close(DISCONNECT.shutdown);
    recorders.length = 0;
  });

  async function start(onAccept: (connection: Connection) => void = () => {}): Promise<string> {
    const listener = new WebSocketListener();
    listeners.push(listener);
    const { port } = await listener.listen((connection) => {
      onAccept(connection);
      const recorder = new Recorder(connection);
      recorders.push(recorder);
      return recorder;
    });
    return `ws://127.0.0.1:${port}/ws`;
  }

  function recording() {
    const frames: number[] = [];
    const closes: { code: number; reason: string }[] = [];
    return {
      frames,
      closes,
      onFrame: (frame: Uint8Array) => frames.push(numberOf(frame)),
      onClose: (event: { code: number; reason: string }) => closes.push(event),
    };
  }

  it('carries frames both ways, in order, and ends with code and reason', async () => {
    const handlers = recording();
    const link = await webSocketLink(await start((connection) => connection.send(frameOf(8, 99))))(handlers);
    for (let i = 0; i < 100; i++) link.send(frameOf(50, i));
    link.close(4500, 'enough');
    link.close(4501, 'more');
    link.send(frameOf(8));
    await until(() => handlers.closes.length === 1, 'the close');
    expect(recorders[0].frames.map(numberOf)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(recorders[0].closes).toEqual([{ code: 4500, reason: 'enough', by: 'peer' }]);
    expect(handlers).toMatchObject({ frames: [99], closes: [{ code: 4500, reason: 'enough' }] });
  });

  it("sees the gateway's close", async () => {
    const handlers = recording();
    await webSocketLink(await start())(handlers);
    await until(() => recorders.length === 1, 'the connection');
    recorders[0].connection.close(DISCONNECT.kicked);
    await until(() => handlers.closes.length === 1, 'the close');
    expect(handlers.closes).toEqual([DISCONNECT.kicked]);
  });

  it('has no datagrams', async () => {
    const link = await webSocketLink(await start())(recording());
    expect(link.datagramBytesMax).toBe(0);
    expect(link.sendDatagram(frameOf(8))).toBe(false);
  });

  it('rejects where it is refused, and never calls the handlers', async () => {
    const handlers = recording();
    const url = await start();
    await expect(webSocketLink(`${url}/elsewhere`)(handlers)).rejects.toThrow('404');
    await listeners[0].close(DISCONNECT.shutdown);
    await expect(webSocketLink(url)(handlers)).rejects.toThrow('ECONNREFUSED');
    expect(handlers).toMatchObject({ frames: [], closes: [] });
  });

  it('rejects where the answer is an upgrade, but not to this key', async () => {
    const handlers = recording();
    const impostor = createServer((socket) => {
      socket.on('error', () => {});
      socket.resume();
      socket.end(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
          'Sec-WebSocket-Accept: bm90IHlvdXJzIGF0IGFsbC4uLg==\r\n\r\n',
      );
    });
    await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve));
    await expect(webSocketLink(`ws://127.0.0.1:${portOf(impostor)}`)(handlers)).rejects.toThrow('Accept');
    expect(handlers.closes).toEqual([]);
    await new Promise((resolve) => impostor.close(resolve));
  });

  it('an abort ends an attempt that nobody answers, and one that has not begun', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const open = webSocketLink(`ws://127.0.0.1:${portOf(silent)}/ws`);
    const controller = new AbortController();
    const attempt = open(recording(), controller.signal);
    controller.abort(new Error('given up'));
    await expect(attempt).rejects.toThrow('given up');
    await expect(open(recording(), controller.signal)).rejects.toThrow('given up');
    await new Promise((resolve) => silent.close(resolve));
  });
});

function portOf(server: Server): number | undefined {
  const address = server.address();
  return typeof address === 'object' ? address?.port : undefined;
}
