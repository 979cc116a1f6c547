import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/observe/log.ts';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import { encodeFrame, FLAG, payloadOf, ROUTE, readHeader } from '../../src/protocol/header.ts';
import { decodeWelcome, encodeHello, SYSTEM } from '../../src/protocol/system.ts';
import { type Running, serve } from '../../src/serve.ts';
import { certificateHash } from '../../transports/webtransport/certificate-check.ts';
import { expectSame, frames } from '../compliance/transport-checks.ts';
import { frameOf, until } from '../compliance/transport-harness.ts';
import { type BrowserClient, ChromiumStage, findChromium } from '../support/chromium.ts';
import { gameFrame, gamePayload } from '../support/frames.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { openWebSocketClient, type TestClient } from '../support/test-client.ts';
import { testConfig } from '../support/test-gateway.ts';
import { TestServer } from '../support/webtransport-server.ts';

/** A reload takes most of a second, and several on a busy machine. */
const RELOADS_TIMEOUT_MS = 120_000;

const executable = findChromium();

describe.skipIf(executable === undefined)('Chromium', () => {
  let folder: string;
  let redis: RedisServer;
  let running: Running;
  let stage: ChromiumStage;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dualgate-chromium-'));
    redis = await startRedis();
    stage = await ChromiumStage.launch(executable ?? '');
    running = await serve(
      testConfig({
        'bridge.kind': 'redis',
        'redis.addr': redis.addr,
        'websocket.host': '127.0.0.1',
        'websocket.port': '0',
        'quic.host': '127.0.0.1',
        'quic.port': '0',
        'quic.cert': join(folder, 'cert.pem'),
        'quic.key': join(folder, 'key.pem'),
        'quic.allowed_origins': JSON.stringify([stage.origin]),
        'metrics.host': '127.0.0.1',
        'metrics.port': '0',
        'web.enabled': 'false',
      }),
      silentLog,
    );
  });

  afterAll(async () => {
    await stage?.close();
    await running?.close();
    await redis?.stop();
    await rm(folder, { recursive: true });
  });

  function addressOf(part: string): string {
    const address = running.addresses.get(part);
    if (address === undefined) throw new Error(`${part} does not listen`);
    return `${address.host}:${address.port}`;
  }

  async function hashes(): Promise<string[]> {
    const response = await fetch(`http://${addressOf('metrics')}/cert-hash`);
    const answer: { algorithm: string; hashes: string[] } = await response.json();
    expect(answer.algorithm).toBe('sha-256');
    return answer.hashes;
  }

  async function openBrowser(): Promise<BrowserClient> {
    const client = await stage.open();
    await client.open(`https://${addressOf('webtransport')}/wt`, await hashes());
    return client;
  }

  /** Hello and Welcome on the stream. */
  async function greet(client: BrowserClient) {
    await client.send(encodeHello({ protocol: 1, client: 'smoke/1' }, 1));
    const frame = await client.frame();
    expect(readHeader(frame)).toMatchObject({ route: ROUTE.system, msgId: SYSTEM.welcome });
    return decodeWelcome(payloadOf(frame));
  }

  function openWebSocket(): Promise<TestClient> {
    return openWebSocketClient(`ws://${addressOf('websocket')}/ws`);
  }

  it('is welcomed, and its frames come back by stream and by datagram', async () => {
    const client = await openBrowser();
    expect(await greet(client)).toMatchObject({ datagramBytesMax: expect.any(Number), epoch: 1 });
    await client.send(gameFrame(10));
    const echo = await client.frame();
    expect(readHeader(echo)).toEqual({ seq: 10, route: ROUTE.game, flags: FLAG.response, msgId: 1001 });
    expect(payloadOf(echo)).toEqual(gamePayload(10));
    let heard: Uint8Array | undefined;
    const datagram = client.datagram().then((bytes) => {
      heard = bytes;
    });
    // Datagrams may be lost: it is sent until one has come back.
    for (let tries = 0; heard === undefined && tries < 100; tries++) {
      await client.sendDatagram(gameFrame(11, { flags: FLAG.latest }));
      await Promise.race([datagram, new Promise((resolve) => setTimeout(resolve, 50))]);
    }
    expect(readHeader(heard ?? new Uint8Array(8))).toMatchObject({ seq: 11, route: ROUTE.game });
    await client.close(1000, 'done');
    await client.page.close();
  });

  it('chats with a WebSocket client through Redis, both ways', async () => {
    const [client, other] = [await openBrowser(), await openWebSocket()];
    await greet(client);
    await other.hello();
    const chat = (text: string) =>
      encodeFrame(
        { seq: 20, route: ROUTE.chat, flags: 0, msgId: 2001 },
        new Uint8Array([...gamePayload(20), 0x22, text.length, ...new TextEncoder().encode(text)]),
      );
    await client.send(chat('from the browser'));
    const heard = await other.take('the chat', (frame) => frame.route === ROUTE.chat);
    expect(Buffer.from(heard.payload).toString()).toContain('from the browser');
    expect(Buffer.from(await client.frame()).toString()).toContain('from the browser');
    other.send(chat('to the browser'));
    expect(Buffer.from(await client.frame()).toString()).toContain('to the browser');
    await other.close();
    await client.page.close();
  });

  it('reads the close code of the gateway', async () => {
    const client = await openBrowser();
    await greet(client);
    const listener = 'listener' in running.webTransport ? running.webTransport.listener : undefined;
    const { certificates } =
      'certificates' in running.webTransport ? running.webTransport : { certificates: undefined };
    if (certificates === undefined) throw new Error('no WebTransport');
    await listener?.replaceCertificate(certificates.pair);
    expect(await client.ended()).toEqual({
      closeCode: DISCONNECT.certificateChanged.code,
      reason: DISCONNECT.certificateChanged.reason,
    });
    await client.page.close();
  });

  it('of another origin is refused', async () => {
    const stranger = await ChromiumStage.launch(executable ?? '');
    try {
      const client = await stranger.open();
      const opened = client.open(`https://${addressOf('webtransport')}/wt`, await hashes());
      await expect(opened).rejects.toThrow(/WebTransport/);
    } finally {
      await stranger.close();
    }
  });

  it('is heard after each pause of the gateway, whenever that resumes', async () => {
    const server = await TestServer.start();
    const client = await stage.open();
    await client.open(server.url, [certificateHash(server.certificate.certPem)]);
    const ways = [(resume: () => void) => resume(), queueMicrotask, setImmediate];
    for (let i = 0; i < 30; i++) {
      await client.send(frameOf(100, i));
      await until(() => server.recorders[0]?.frames.length === i + 1, `frame ${i}`);
      // The first frame brings the connection.
      const { connection } = server.recorders[0];
      server.recorders[0].onEach = () => {
        connection.pause();
        ways[i % ways.length](() => connection.resume());
      };
    }
    expectSame(server.recorders[0].frames, frames(30, 100));
    await client.page.close();
    await server.close();
  });

  it(
    'reloads under traffic without harm',
    async () => {
      for (let reload = 0; reload < 10; reload++) {
        const client = await openBrowser();
        await greet(client);
        await client.flood(gameFrame(30));
        await client.frame();
        await client.page.reload();
        await client.page.close();
      }
      const client = await openBrowser();
      expect(await greet(client)).toBeDefined();
      await client.page.close();
    },
    RELOADS_TIMEOUT_MS,
  );
});
