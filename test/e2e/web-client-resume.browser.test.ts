import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../support/chromium.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { startUdpProxy, type UdpProxy } from '../support/udp-proxy.ts';
import { type ClientPage, type StageGateway, WebClientStage } from '../support/web-client-stage.ts';

const executable = findChromium();

describe.skipIf(executable === undefined)('links that end, in Chromium', () => {
  let stage: WebClientStage;
  let gateway: StageGateway;
  let proxy: UdpProxy | undefined;
  let tcpProxy: TcpProxy | undefined;
  let client: ClientPage | undefined;

  beforeAll(async () => {
    stage = await WebClientStage.start(executable ?? '');
    gateway = await stage.gateway({
      'session.heartbeat_interval_sec': '1',
      'session.heartbeat_ttl_sec': '10',
    });
  });

  afterEach(async () => {
    expect(client?.faults ?? []).toEqual([]);
    await client?.close();
    client = undefined;
    gateway.lies.webtransport = undefined;
    gateway.lies.websocket = undefined;
    await proxy?.close();
    proxy = undefined;
    await tcpProxy?.close();
    tcpProxy = undefined;
  });

  afterAll(async () => {
    await gateway?.close();
    await stage?.close();
  });

  async function open(mode: string): Promise<ClientPage> {
    client = await stage.open(gateway, { query: { mode, rate: '0', user: '5' } });
    await client.isOpen(mode);
    return client;
  }

  async function sessionOf(page: ClientPage, lane: string): Promise<string | null> {
    return await page.card(lane).getAttribute('data-session');
  }

  it.each(['websocket', 'webtransport'])('GoAway moves a link over %s', async (mode) => {
    const page = await open(mode);
    const session = await sessionOf(page, mode);
    gateway.running.gateway.goAway('this gateway drains', 50);
    await page.note('GoAway: this gateway drains');
    await page.note('link ended');
    await page.isOpen(mode);
    await page.chat(mode, 'moved');
    await page.heard(mode, 'moved');
    expect(await sessionOf(page, mode)).toBe(session);
  });

  it.each(['websocket', 'webtransport'])(
    'a session over %s is resumed after its link was killed',
    async (mode) => {
      const page = await open(mode);
      const session = await sessionOf(page, mode);
      await page.press(mode, 'Kill link');
      await page.note('resumed');
      await page.isOpen(mode);
      expect(await sessionOf(page, mode)).toBe(session);
      await page.chat(mode, 'still here');
      await page.heard(mode, 'still here');
      await page.press(mode, 'Resume');
      await expect.poll(() => page.figure(mode, 'resumed')).toBe('2 / 2');
      expect(await sessionOf(page, mode)).toBe(session);
    },
  );

  it.each(['websocket', 'webtransport'])(
    'what is said while %s is away comes once and in order',
    async (mode) => {
      const page = await open(mode);
      const speaker = await stage.open(gateway, { query: { mode: 'websocket', rate: '0', user: '6' } });
      try {
        await speaker.isOpen('websocket');
        const words = Array.from({ length: 12 }, (_, index) => `word ${index}`);
        for (const [index, word] of words.entries()) {
          await speaker.chat('websocket', word);
          if (index % 4 === 2) await page.press(mode, 'Kill link');
          if (index % 4 === 3) await page.isOpen(mode);
        }
        await page.heard(mode, 'word 11');
        const heard = await page.page.locator('#chat li').allTextContents();
        expect(heard.map((text) => /word \d+/.exec(text)?.[0])).toEqual(words);
        await expect.poll(() => page.figure(mode, 'resumed')).toBe('3 / 3');
      } finally {
        await speaker.close();
      }
    },
  );

  it.each(['websocket', 'webtransport'])('a page that goes away closes its link over %s', async (mode) => {
    const page = await open(mode);
    const byPeer = () => {
      const rows = [...gateway.running.metrics.closed.entries()];
      return rows.filter(({ labels }) => labels.transport === mode && labels.by === 'peer');
    };
    const before = sumOf(byPeer());
    await page.page.goto('about:blank');
    await expect.poll(() => sumOf(byPeer())).toBe(before + 1);
  });

  it('a session goes from WebTransport to WebSocket when UDP stops', { timeout: 60_000 }, async () => {
    proxy = await startUdpProxy(gateway.portOf('webtransport'));
    gateway.lies.webtransport = { port: proxy.port, path: '/wt' };
    // WebSocket does not win, however long WebTransport takes here.
    tcpProxy = await startTcpProxy(gateway.portOf('websocket'));
    tcpProxy.refuse();
    gateway.lies.websocket = { port: tcpProxy.port, path: '/ws' };
    const page = await open('auto');
    await page.isOpen('auto', 'webtransport');
    const session = await sessionOf(page, 'auto');
    tcpProxy.accept();
    proxy.cut();
    await page.isOpen('auto', 'websocket');
    await page.note('resumed');
    expect(await sessionOf(page, 'auto')).toBe(session);
    await page.chat('auto', 'on the other transport');
    await page.heard('auto', 'on the other transport');
  });
});

function sumOf(rows: readonly { value: number }[]): number {
  return rows.reduce((sum, { value }) => sum + value, 0);
}
