import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../support/chromium.ts';
import {
  type ClientPage,
  type PageOptions,
  type StageGateway,
  WebClientStage,
} from '../support/web-client-stage.ts';

const executable = findChromium();
const SHOTS = join(import.meta.dirname, '../../test-results');

describe.skipIf(executable === undefined)('the web client in Chromium', () => {
  let stage: WebClientStage;
  let gateway: StageGateway;
  const pages: ClientPage[] = [];

  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true });
    stage = await WebClientStage.start(executable ?? '');
    gateway = await stage.gateway();
  });

  afterEach(async () => {
    for (const client of pages.splice(0)) {
      expect(client.faults).toEqual([]);
      await client.close();
    }
  });

  afterAll(async () => {
    await gateway?.close();
    await stage?.close();
  });

  async function open(query: Record<string, string> = {}, options: PageOptions = {}): Promise<ClientPage> {
    const client = await stage.open(gateway, { ...options, query });
    pages.push(client);
    return client;
  }

  /** Sent and received datagrams. */
  async function datagrams(client: ClientPage, lane: string): Promise<number[]> {
    return (await client.figure(lane, 'datagrams')).split('/').map(Number);
  }

  it('connects by both transports side by side; probes go by datagram where there are any', async () => {
    const client = await open({ rate: '40' });
    await client.isOpen('websocket', 'websocket');
    await client.isOpen('webtransport', 'webtransport');
    await expect.poll(() => datagrams(client, 'webtransport')).not.toContain(0);
    await expect.poll(() => client.figure('websocket', 'p50')).toMatch(/ms$/);
    await expect.poll(() => client.figure('webtransport', 'p50')).toMatch(/ms$/);
    expect(await datagrams(client, 'websocket')).toEqual([0, 0]);
    expect(await client.page.locator('canvas').count()).toBeGreaterThanOrEqual(2);
  });

  it('sends what does not fit a datagram by the stream', async () => {
    const client = await open({ mode: 'webtransport', rate: '20', bytes: '1100' });
    await client.isOpen('webtransport');
    await expect.poll(() => datagrams(client, 'webtransport')).not.toContain(0);
    await client.page.locator('#settings input[name="rate"]').fill('0');
    await client.page.locator('#game summary').click();
    await client.page.locator('#game select').nth(1).selectOption('latest');
    await client.page.locator('#game textarea').fill(`1: 5 2: "demo" 15: "${'x'.repeat(1_200)}"`);
    await client.page.locator('#game button').click();
    const row = client.page.locator('#frames tr', { hasText: 'xxxxxxxx' });
    await row.filter({ hasText: 'in' }).first().waitFor();
    const carried = await row.locator('td.way').allTextContents();
    expect(carried.every((way) => way.startsWith('stream'))).toBe(true);
  });

  it('chats between a page on WebSocket and a page on WebTransport, both ways', async () => {
    const left = await open({ mode: 'websocket', user: '1' });
    const right = await open({ mode: 'webtransport', user: '2' });
    await left.isOpen('websocket');
    await right.isOpen('webtransport');
    await left.chat('websocket', 'hello from the left');
    await right.heard('webtransport', 'user 1 hello from the left');
    await right.chat('webtransport', 'hello from the right');
    await left.heard('websocket', 'user 2 hello from the right');
  });

  it('shows every frame with its header, and what the gateway refuses', async () => {
    const client = await open({ mode: 'webtransport', rate: '0' });
    await client.isOpen('webtransport');
    await client.page.locator('#frames tr', { hasText: '2 welcome' }).waitFor();
    await client.page.locator('#raw summary').click();
    await client.page.locator('#raw input[name="flags"]').fill('64');
    await client.page.locator('#raw button').click();
    await client.note('RESERVED_FLAG');
    await client.page.locator('#raw input[name="flags"]').fill('0');
    await client.page.locator('#raw textarea').fill('08 01 12 04 64 65 6d 6f 1a 03 61 62 63');
    await client.page.locator('#raw button').click();
    const echo = client.page.locator('#frames tr', { hasText: '1: 1 2: "demo" 3: "abc"' });
    await echo.filter({ hasText: 'response' }).waitFor();
    await client.page.locator('#raw textarea').fill('0');
    await client.page.locator('#raw button').click();
    await client.note('hex: pairs of 0-9 a-f');
  });

  it('keeps its settings in the address', async () => {
    const client = await open({ mode: 'websocket', user: '77' });
    await client.isOpen('websocket');
    await client.page.locator('#settings input[name="rate"]').fill('5');
    await client.page.locator('#settings select[name="delivery"]').selectOption('reliable');
    await client.page.locator('#tab-arena').press('Enter');
    const params = new URL(client.page.url()).searchParams;
    expect(Object.fromEntries(params)).toEqual({
      view: 'arena',
      mode: 'websocket',
      user: '77',
      rate: '5',
      delivery: 'reliable',
    });
    await client.page.reload();
    await client.page.locator('#arenas .arena[data-lane="websocket"]').waitFor();
    expect(await client.page.locator('#settings input[name="rate"]').inputValue()).toBe('5');
  });

  it('plays in the arena: each page sees the other, over both transports', async () => {
    const first = await open({ view: 'arena', user: '1', autopilot: '1' });
    const second = await open({ view: 'arena', user: '2', autopilot: '1' });
    for (const lane of ['websocket', 'webtransport']) {
      for (const client of [first, second]) {
        const figures = client.page.locator(`.arena[data-lane="${lane}"] .arena-figures`);
        await figures.filter({ hasText: '2 players' }).waitFor();
      }
    }
    const canvas = first.page.locator('.arena[data-lane="webtransport"] canvas');
    await canvas.focus();
    await first.page.keyboard.press('ArrowLeft');
    await first.page.keyboard.press('Space');
    await first.page.screenshot({ path: join(SHOTS, 'web-client-arena.png') });
  });

  it('works by keyboard alone', async () => {
    const client = await open({ mode: 'websocket', connect: '0' });
    const focused = () => client.page.evaluate(() => document.activeElement?.textContent);
    for (let step = 0; step < 10 && (await focused()) !== 'Connect'; step++) {
      await client.page.keyboard.press('Tab');
    }
    await client.page.keyboard.press('Enter');
    await client.isOpen('websocket');
  });

  it.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['phone', { viewport: { width: 390, height: 844 }, colorScheme: 'light', hasTouch: true }],
  ] as const)('fits its window: %s', async (name, options) => {
    const client = await open({ rate: '40', user: '7' }, options);
    await client.isOpen('websocket');
    await client.isOpen('webtransport');
    await client.chat('webtransport', 'hello from this page');
    await client.heard('websocket', 'hello from this page');
    const received = async () => Number(await client.figure('webtransport', 'received'));
    await expect.poll(received).toBeGreaterThan(60);
    await client.page.evaluate(() => scrollTo(0, 0));
    const overhang = await client.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overhang).toBe(0);
    await client.page.screenshot({ path: join(SHOTS, `web-client-${name}.png`), fullPage: true });
  });
});
