import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../support/chromium.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import {
  type ClientPage,
  type PageOptions,
  type StageGateway,
  WebClientStage,
} from '../support/web-client-stage.ts';

const executable = findChromium();
/** What a player waits at most where WebTransport does not work, on a machine that is busy with other tests. */
const FALLBACK_MS_MAX = 8_000;
/** The head start of WebTransport may be over before a busy machine has come to its failure. */
const FAILED_OR_LATE = /WebTransport failed|no WebTransport within/;
const WRONG_HASH = 'ab'.repeat(32);

describe.skipIf(executable === undefined)('automatic choice in Chromium', () => {
  let stage: WebClientStage;
  let gateway: StageGateway;
  let client: ClientPage | undefined;

  beforeAll(async () => {
    stage = await WebClientStage.start(executable ?? '');
    gateway = await stage.gateway();
  });

  afterEach(async () => {
    expect(client?.faults ?? []).toEqual([]);
    await client?.close();
    client = undefined;
    gateway.lies.websocket = undefined;
    gateway.lies.webtransport = undefined;
    gateway.lies.hashes = undefined;
  });

  afterAll(async () => {
    await gateway?.close();
    await stage?.close();
  });

  async function open(from = gateway, options: PageOptions = {}): Promise<ClientPage> {
    client = await stage.open(from, { ...options, query: { mode: 'auto', rate: '0' } });
    return client;
  }

  /** Waits for the link by WebSocket, and returns why it is one. */
  async function fellBack(page: ClientPage): Promise<string> {
    await page.isOpen('auto', 'websocket');
    const why = await page.why('auto');
    const afterMs = Number(/in (\d+) ms/.exec(why)?.[1]);
    expect(afterMs).toBeLessThan(FALLBACK_MS_MAX);
    return why;
  }

  it('takes WebTransport after an echo by stream and by datagram', async () => {
    // WebSocket does not win, however long WebTransport takes here.
    const proxy = await startTcpProxy(gateway.portOf('websocket'));
    proxy.refuse();
    gateway.lies.websocket = { port: proxy.port, path: '/ws' };
    const page = await open();
    await page.isOpen('auto', 'webtransport');
    expect(await page.why('auto')).toContain('echo came back: stream and datagram');
    await proxy.close();
  });

  it('falls back where the gateway has no WebTransport', async () => {
    const without = await stage.gateway({ 'quic.enabled': 'false' });
    try {
      expect(await fellBack(await open(without))).toContain('the gateway has no WebTransport');
    } finally {
      await client?.close();
      client = undefined;
      await without.close();
    }
  });

  it('falls back where the browser has no WebTransport', async () => {
    const before = () => Reflect.deleteProperty(globalThis, 'WebTransport');
    expect(await fellBack(await open(gateway, { before }))).toContain('WebTransport is not supported here');
  });

  it('falls back where UDP disappears on the way', async () => {
    const hole = await bind();
    gateway.lies.webtransport = { port: hole.address().port, path: '/wt' };
    expect(await fellBack(await open())).toContain('no WebTransport within 500 ms');
    hole.close();
  });

  it('falls back where nothing listens on the UDP port', async () => {
    const closed = await bind();
    const { port } = closed.address();
    closed.close();
    gateway.lies.webtransport = { port, path: '/wt' };
    expect(await fellBack(await open())).toMatch(FAILED_OR_LATE);
  });

  it('falls back where the certificate is not the one that was named', async () => {
    gateway.lies.hashes = [WRONG_HASH];
    expect(await fellBack(await open())).toMatch(FAILED_OR_LATE);
  });

  it('falls back where HTTP/3 refuses the path', async () => {
    gateway.lies.webtransport = { port: gateway.portOf('webtransport'), path: '/elsewhere' };
    expect(await fellBack(await open())).toMatch(FAILED_OR_LATE);
  });

  it('remembers two failures, and does not try a third time', async () => {
    gateway.lies.webtransport = { port: gateway.portOf('webtransport'), path: '/elsewhere' };
    const page = await open();
    await fellBack(page);
    await page.page.reload();
    await fellBack(page);
    await page.page.reload();
    expect(await fellBack(page)).toContain('WebTransport failed before; tried again in 10 min');
  });

  it('fails with WebTransport alone, and says why', async () => {
    gateway.lies.hashes = [WRONG_HASH];
    client = await stage.open(gateway, { query: { mode: 'webtransport' } });
    await client.note('no connection');
    expect(await client.card('webtransport').getAttribute('data-state')).toBe('idle');
  });
});

async function bind(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}
