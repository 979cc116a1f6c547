import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import {
  WebSocketListener,
  type WebSocketListenerOptions,
} from '../../transports/websocket/websocket-listener.ts';
import { eventually } from '../support/recording-sink.ts';

const V1 = Buffer.from('PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n');
const V2 = Buffer.from('0d0a0d0a000d0a515549540a2111000cc00002017f0000013039d431', 'hex');
const HANDSHAKE = Buffer.from(
  'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
);
/** A client's masked binary frame of one byte (RFC 6455 section 5.2), mask 0. */
const FRAME = Buffer.from('8281000000002a', 'hex');

let listener: WebSocketListener;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await listener.close(DISCONNECT.shutdown);
});

async function start(options: WebSocketListenerOptions) {
  const addresses: (string | undefined)[] = [];
  const frames: number[] = [];
  const refused: string[] = [];
  listener = new WebSocketListener({ ...options, onRefused: (reason) => refused.push(reason) });
  const { port } = await listener.listen(({ info }) => {
    addresses.push(info.remoteAddress);
    return { onFrame: (frame) => frames.push(frame[0]), onText() {}, onDrain() {}, onClose() {} };
  });
  return { addresses, frames, refused, port };
}

/** Writes the parts one by one; resolves with what is answered first, empty where the connection is dropped. */
async function exchange(port: number, ...parts: readonly Buffer[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.setNoDelay(true).on('error', () => {});
  await once(socket, 'connect');
  const answer = new Promise<string>((resolve) => {
    socket.once('data', (data) => resolve(data.toString('latin1').split('\r\n')[0]));
    socket.once('close', () => resolve(''));
  });
  for (const part of parts) {
    await new Promise((resolve) => socket.write(part, resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return await answer;
}

const TRUSTING = { proxyProtocol: true, trustedProxies: ['127.0.0.1'] };
const SWITCHING = 'HTTP/1.1 101 Switching Protocols';
const bytewise = (bytes: Buffer): Buffer[] => Array.from(bytes, (byte) => Buffer.from([byte]));

describe('PROXY headers', () => {
  it.each([
    ['version 1, all at once', [Buffer.concat([V1, HANDSHAKE, FRAME])]],
    ['version 2, all at once', [Buffer.concat([V2, HANDSHAKE, FRAME])]],
    ['version 1, by itself', [V1, HANDSHAKE, FRAME]],
    ['version 1, byte by byte', [...bytewise(V1), HANDSHAKE, FRAME]],
    ['version 2, byte by byte', [...bytewise(Buffer.concat([V2, HANDSHAKE])), FRAME]],
  ])('%s name the client', async (_name, parts) => {
    const { addresses, frames, port } = await start(TRUSTING);
    expect(await exchange(port, ...parts)).toBe(SWITCHING);
    await eventually(() => frames.length === 1, 'the frame');
    expect([addresses, frames]).toEqual([['192.0.2.1'], [42]]);
  });

  it('that name nobody leave the address of the proxy', async () => {
    const { addresses, port } = await start(TRUSTING);
    expect(await exchange(port, Buffer.from('PROXY UNKNOWN\r\n'), HANDSHAKE)).toBe(SWITCHING);
    expect(addresses).toEqual(['127.0.0.1']);
  });

  it('count for the limits of an address', async () => {
    const { refused, port } = await start({ ...TRUSTING, connectionsPerAddressMax: 1 });
    expect(await exchange(port, V1, HANDSHAKE)).toBe(SWITCHING);
    expect(await exchange(port, V2, HANDSHAKE)).toContain('429');
    expect(await exchange(port, Buffer.from('PROXY UNKNOWN\r\n'), HANDSHAKE)).toBe(SWITCHING);
    expect(refused).toEqual(['full-address']);
  });

  it('are needed from trusted proxies: without, the connection is dropped and counted', async () => {
    const { addresses, refused, port } = await start(TRUSTING);
    expect(await exchange(port, HANDSHAKE)).toBe('');
    expect(await exchange(port, Buffer.from('PROXY TCP4 nonsense\r\n'), HANDSHAKE)).toBe('');
    expect([addresses, refused]).toEqual([[], ['proxy-header', 'proxy-header']]);
  });

  it('that do not come in time end the connection', async () => {
    const { refused, port } = await start({ ...TRUSTING, helloTimeoutMs: 100 });
    expect(await exchange(port, V1.subarray(0, 20))).toBe('');
    expect(refused).toEqual(['proxy-header']);
  });

  it('of anybody else, or where they are not configured, are bad requests', async () => {
    for (const options of [
      { ...TRUSTING, trustedProxies: ['10.0.0.1'] },
      { trustedProxies: ['127.0.0.1'] },
    ]) {
      const { addresses, port } = await start(options);
      expect(await exchange(port, V1, HANDSHAKE)).toContain('400');
      expect(await exchange(port, HANDSHAKE)).toBe(SWITCHING);
      expect(addresses).toEqual(['127.0.0.1']);
      await listener.close(DISCONNECT.shutdown);
    }
  });

  it('that are awaited do not hold up the close', async () => {
    const { port } = await start(TRUSTING);
    const dropped = exchange(port, V1.subarray(0, 20));
    await eventually(() => sockets.length === 1 && !sockets[0].connecting, 'the connection');
    await listener.close(DISCONNECT.shutdown);
    expect(await dropped).toBe('');
  });
});

describe('X-Forwarded-For', () => {
  it.each([
    ['a trusted proxy is believed', ['127.0.0.1'], '192.0.2.7'],
    ['anybody else is ignored', ['10.0.0.1'], '127.0.0.1'],
    ['anybody is ignored where no proxy is named', [], '127.0.0.1'],
  ])('of %s', async (_name, trustedProxies, expected) => {
    const { addresses, port } = await start({ trustedProxies });
    const headers = { 'X-Forwarded-For': '203.0.113.9, 192.0.2.7' };
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers });
    await once(socket, 'open');
    expect(addresses).toEqual([expected]);
    socket.terminate();
  });
});
