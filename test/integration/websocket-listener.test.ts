import { get, type IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import type { CloseEvent, Connection } from '../../src/transport.ts';
import {
  WebSocketListener,
  type WebSocketListenerOptions,
} from '../../transports/websocket/websocket-listener.ts';
import { until } from '../compliance/transport-harness.ts';

/** What is WebSocket's own: the handshake, the bytes on the wire, and what ws answers by itself. */
describe('WebSocketListener', () => {
  const cleanUps: (() => unknown)[] = [];
  const connections: Connection[] = [];
  const closes: CloseEvent[] = [];
  const refused: string[] = [];

  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
    for (const record of [connections, closes, refused]) record.length = 0;
  });

  async function start(options: WebSocketListenerOptions = {}): Promise<number> {
    const listener = new WebSocketListener({ ...options, onRefused: (reason) => refused.push(reason) });
    cleanUps.push(() => listener.close(DISCONNECT.shutdown));
    const { port } = await listener.listen((connection) => {
      connections.push(connection);
      return {
        onFrame: (frame) => connection.send(new Uint8Array(frame)),
        onText: () => {},
        onDrain: () => {},
        onClose: (event) => closes.push(event),
      };
    });
    return port;
  }

  /** The open WebSocket, or the HTTP status that refused it. */
  function open(port: number, path = '/ws', options: object = {}): Promise<WebSocket | number> {
    return new Promise((resolve, reject) => {
      const webSocket = new WebSocket(`ws://127.0.0.1:${port}${path}`, {
        perMessageDeflate: false,
        ...options,
      });
      cleanUps.push(() => webSocket.terminate());
      webSocket.on('error', reject);
      webSocket.on('open', () => resolve(webSocket));
      webSocket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    });
  }

  /** A TCP connection, and all bytes that came over it. */
  function raw(port: number): { socket: Socket; received: () => Buffer; ended: () => boolean } {
    const chunks: Buffer[] = [];
    let ended = false;
    const socket = connect({ port, host: '127.0.0.1' });
    cleanUps.push(() => socket.destroy());
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      ended = true;
    });
    socket.on('end', () => {
      ended = true;
    });
    return { socket, received: () => Buffer.concat(chunks), ended: () => ended };
  }

  function upgrade(lines: readonly string[] = []): string {
    return [
      'GET /ws HTTP/1.1',
      'Host: localhost',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ...lines,
      '\r\n',
    ].join('\r\n');
  }

  /** Upgrades and returns the connection's bytes from behind the HTTP answer on. */
  async function rawWebSocket(port: number) {
    const { socket, received, ended } = raw(port);
    socket.write(upgrade());
    await until(() => received().includes('\r\n\r\n'), 'the HTTP answer');
    const frames = () => received().subarray(received().indexOf('\r\n\r\n') + 4);
    return { socket, frames, ended };
  }

  describe('handshake', () => {
    it('refuses another path with 404 and ignores the query', async () => {
      const port = await start({ path: '/game' });
      expect(await open(port, '/ws')).toBe(404);
      expect(await open(port, '/game/')).toBe(404);
      expect(await open(port, '/game?x=/ws')).toBeInstanceOf(WebSocket);
      expect(refused).toEqual(['path', 'path']);
    });

    it('refuses an origin that is not listed with 403', async () => {
      const port = await start({ allowedOrigins: ['https://game.example'] });
      expect(await open(port, '/ws', { origin: 'https://evil.example' })).toBe(403);
      expect(await open(port, '/ws', { origin: 'https://game.example.evil.example' })).toBe(403);
      expect(await open(port, '/ws', { origin: 'null' })).toBe(403);
      expect(await open(port, '/ws', { origin: 'https://game.example' })).toBeInstanceOf(WebSocket);
      expect(refused).toEqual(['origin', 'origin', 'origin']);
    });

    it('lets any origin in for *, and requests without one always', async () => {
      expect(await open(await start(), '/ws', { origin: 'https://any.example' })).toBeInstanceOf(WebSocket);
      expect(await open(await start({ allowedOrigins: [] }))).toBeInstanceOf(WebSocket);
    });

    it('refuses handshakes above the rate and its burst with 429', async () => {
      const port = await start({ handshakesPerSec: 0.2 });
      expect(await open(port)).toBeInstanceOf(WebSocket);
      expect(await open(port)).toBe(429);
      expect(refused).toEqual(['rate']);
    });

    it('refuses handshakes of one address above its rate with 429, and others not', async () => {
      const port = await start({ handshakesPerSecPerAddress: 0.2 });
      expect(await open(port)).toBeInstanceOf(WebSocket);
      expect(await open(port)).toBe(429);
      expect(await open(port, '/ws', { localAddress: '127.0.0.2' })).toBeInstanceOf(WebSocket);
      expect(refused).toEqual(['rate-address']);
    });

    it('refuses one connection too many with 503, and lets the next in once one has gone', async () => {
      const port = await start({ connectionsMax: 2 });
      const first = await open(port);
      await open(port);
      expect(await open(port)).toBe(503);
      expect(refused).toEqual(['full']);
      if (first instanceof WebSocket) first.close();
      await until(() => closes.length === 1, 'the first has gone');
      expect(await open(port)).toBeInstanceOf(WebSocket);
    });

    it('refuses one connection too many of an address with 429, and others not', async () => {
      const port = await start({ connectionsPerAddressMax: 1 });
      expect(await open(port)).toBeInstanceOf(WebSocket);
      expect(await open(port)).toBe(429);
      expect(await open(port, '/ws', { localAddress: '127.0.0.2' })).toBeInstanceOf(WebSocket);
      expect(connections.map(({ info }) => info.remoteAddress)).toEqual(['127.0.0.1', '127.0.0.2']);
    });

    it('counts the connections of an address down again', async () => {
      const port = await start({ connectionsPerAddressMax: 2 });
      const first = await open(port);
      await open(port);
      if (first instanceof WebSocket) first.close();
      await until(() => closes.length === 1, 'the first has gone');
      expect(await open(port)).toBeInstanceOf(WebSocket);
      expect(await open(port)).toBe(429);
    });

    it('gives the token of the header, else of the query', async () => {
      const port = await start();
      await open(port, '/ws?token=of%20query', { headers: { authorization: 'Bearer of.header' } });
      await open(port, '/ws?a=1&token=of%20query');
      await open(port, '/ws', { headers: { authorization: 'Basic abc' } });
      expect(connections.map(({ info }) => info.token)).toEqual(['of.header', 'of query', undefined]);
    });

    it('answers plain HTTP with 426 on the path and 404 elsewhere', async () => {
      const port = await start();
      const answer = (path: string) =>
        new Promise<{ status?: number; headers: IncomingHttpHeaders }>((resolve, reject) => {
          get({ port, host: '127.0.0.1', path }, (response) => {
            response.resume();
            resolve({ status: response.statusCode, headers: response.headers });
          }).on('error', reject);
        });
      const onPath = await answer('/ws?x=1');
      expect(onPath.status).toBe(426);
      expect(onPath.headers.upgrade).toBe('websocket');
      expect((await answer('/')).status).toBe(404);
    });

    it.each([
      ['a bad key', upgrade().replace('dGhlIHNhbXBsZSBub25jZQ==', 'x')],
      ['another version', upgrade().replace('Version: 13', 'Version: 99')],
      ['another protocol', upgrade().replace('Upgrade: websocket', 'Upgrade: h2c')],
      ['no HTTP at all', '\x16\x03\x01 this is TLS, or worse\r\n\r\n'],
      ['a header without end', `${upgrade().trimEnd()}\r\nX: ${'x'.repeat(100_000)}`],
    ])('refuses %s and goes on', async (_name, bytes) => {
      const port = await start();
      const { socket, received, ended } = raw(port);
      socket.write(bytes);
      await until(ended, 'the connection is dropped');
      expect(received().toString()).toMatch(/^HTTP\/1\.1 400 /);
      expect(refused).toEqual(['bad-handshake']);
      expect(connections).toHaveLength(0);
      expect(await open(port)).toBeInstanceOf(WebSocket);
    });

    it('drops connections that never send an upgrade, and those that send it byte by byte', async () => {
      const port = await start({ helloTimeoutMs: 100 });
      const silent = raw(port);
      const slow = raw(port);
      slow.socket.write(upgrade().slice(0, 40));
      await until(() => silent.ended() && slow.ended(), 'both are dropped');
      expect(connections).toHaveLength(0);
    });

    it('closes in time with half-open handshakes', async () => {
      const listener = new WebSocketListener();
      const { port } = await listener.listen(() => {
        throw new Error('nobody connects');
      });
      const { socket, ended } = raw(port);
      await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
      socket.write('GET /ws HT');
      await listener.close(DISCONNECT.shutdown);
      await until(ended, 'the handshake is dropped');
    });
  });

  describe('on the wire', () => {
    it('frames of one tick leave as one write, each with a header of the shortest form', async () => {
      const port = await start();
      const { socket, frames } = await rawWebSocket(port);
      const writes: Buffer[] = [];
      socket.on('data', (chunk) => writes.push(chunk));
      const lengths = [0, 125, 126, 1_000];
      for (const length of lengths) connections[0].send(new Uint8Array(length).fill(1));
      expect(connections[0].bufferedBytes).toBe(2 + 2 + 4 + 4 + 1_251);
      await until(() => frames().length === 2 + 2 + 4 + 4 + 1_251, 'all bytes');
      expect(writes).toHaveLength(1);
      const expected = lengths.map((length) => {
        const header = length < 126 ? [0x82, length] : [0x82, 126, length >> 8, length & 0xff];
        return Buffer.from([...header, ...new Uint8Array(length).fill(1)]);
      });
      expect(frames().equals(Buffer.concat(expected))).toBe(true);
    });

    it('a frame above 65,535 bytes has a 64-bit length', async () => {
      const port = await start();
      const { frames } = await rawWebSocket(port);
      connections[0].send(new Uint8Array(65_536));
      await until(() => frames().length === 65_546, 'all bytes');
      expect([...frames().subarray(0, 10)]).toEqual([0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
    });

    it('answers a ping between frames', async () => {
      const port = await start();
      const webSocket = await open(port);
      if (!(webSocket instanceof WebSocket)) throw new Error('refused');
      let pongs = 0;
      let messages = 0;
      webSocket.on('pong', () => pongs++);
      webSocket.on('message', () => messages++);
      for (let i = 0; i < 20; i++) {
        webSocket.send(new Uint8Array(200));
        webSocket.ping('x');
      }
      await until(() => pongs === 20 && messages === 20, 'all pongs and echoes');
    });
  });

  describe("what ws ends by itself has our table's codes", () => {
    // Masked with zeros: RFC 6455 section 5.3 asks for a mask, of whatever value.
    const mask = [0, 0, 0, 0];
    it.each([
      ['an unmasked frame', [0x82, 1, 65], DISCONNECT.protocolError],
      ['a reserved bit', [0xf2, 0x81, ...mask, 65], DISCONNECT.protocolError],
      ['a reserved opcode', [0x83, 0x81, ...mask, 65], DISCONNECT.protocolError],
      ['text that is not UTF-8', [0x81, 0x81, ...mask, 0xff], DISCONNECT.protocolError],
      ['a continuation of nothing', [0x80, 0x81, ...mask, 65], DISCONNECT.protocolError],
      [
        'a length above 2^53',
        [0x82, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255],
        DISCONNECT.frameTooLarge,
      ],
      [
        'fragments that are too large together',
        [0x02, 0x84, ...mask, 1, 2, 3, 4, 0x80, 0x87, ...mask],
        DISCONNECT.frameTooLarge,
      ],
    ])('%s', async (_name, bytes, disconnect) => {
      const port = await start({ frameBytesMax: 10 });
      const { socket, frames } = await rawWebSocket(port);
      socket.write(Buffer.from(bytes));
      await until(() => closes.length === 1, 'onClose');
      expect(closes).toEqual([{ ...disconnect, by: 'local' }]);
      expect(frames()[0]).toBe(0x88);
      expect(frames().readUInt16BE(2)).toBe(disconnect.code);
    });

    it('but a close with such a code by the peer keeps its code', async () => {
      const port = await start();
      const { socket, frames } = await rawWebSocket(port);
      socket.write(Buffer.from([0x88, 0x82, ...mask, 0x03, 0xf1]));
      await until(() => closes.length === 1, 'onClose');
      expect(closes).toEqual([{ code: 1009, reason: '', by: 'peer' }]);
      expect([...frames()]).toEqual([0x88, 2, 0x03, 0xf1]);
    });

    it('a close without a code counts as normal', async () => {
      const port = await start();
      const { socket } = await rawWebSocket(port);
      socket.write(Buffer.from([0x88, 0x80, ...mask]));
      await until(() => closes.length === 1, 'onClose');
      expect(closes).toEqual([{ code: 1000, reason: '', by: 'peer' }]);
    });

    it('a FIN without a close frame is lost', async () => {
      const port = await start();
      const { socket } = await rawWebSocket(port);
      socket.end();
      await until(() => closes.length === 1, 'onClose');
      expect(closes).toEqual([{ code: 0, reason: '', by: 'lost' }]);
    });

    it('a FIN of a peer that does not read is lost in time', async () => {
      const port = await start();
      const { socket } = await rawWebSocket(port);
      socket.pause();
      let rest = 8_192;
      while (rest-- > 0 && connections[0].send(new Uint8Array(16_384))) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      socket.end();
      await until(() => closes.length === 1, 'onClose');
      expect(closes).toEqual([{ code: 0, reason: '', by: 'lost' }]);
    });
  });

  it('a limit above the hard cap is cut to it', async () => {
    const port = await start({ frameBytesHardMax: 100_000 });
    const webSocket = await open(port);
    if (!(webSocket instanceof WebSocket)) throw new Error('refused');
    connections[0].setFrameBytesMax(1_000_000_000);
    webSocket.send(new Uint8Array(100_001));
    await until(() => closes.length === 1, 'onClose');
    expect(closes).toEqual([{ ...DISCONNECT.frameTooLarge, by: 'local' }]);
  });

  it('a limit of 0 is not "unlimited"', async () => {
    const port = await start();
    const webSocket = await open(port);
    if (!(webSocket instanceof WebSocket)) throw new Error('refused');
    connections[0].setFrameBytesMax(0);
    webSocket.send(new Uint8Array(2));
    await until(() => closes.length === 1, 'onClose');
    expect(closes).toEqual([{ ...DISCONNECT.frameTooLarge, by: 'local' }]);
  });
});
