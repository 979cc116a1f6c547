import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../support/chromium.ts';
import { type ClientPage, type StageGateway, WebClientStage } from '../support/web-client-stage.ts';

const executable = findChromium();

describe.skipIf(executable === undefined)('links that end, in Chromium', () => {
  let stage: WebClientStage;
  let gateway: StageGateway;
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

  it.each(['websocket', 'webtransport'])('a killed link over %s is replaced and chats on', async (mode) => {
    const page = await open(mode);
    await page.press(mode, 'Kill link');
    await page.note('link ended');
    await page.isOpen(mode);
    await page.chat(mode, 'still here');
    await page.heard(mode, 'still here');
  });

  it.each(['websocket', 'webtransport'])('GoAway moves a link over %s', async (mode) => {
    const page = await open(mode);
    gateway.running.gateway.goAway('this gateway drains', 50);
    await page.note('GoAway: this gateway drains');
    await page.note('link ended');
    await page.isOpen(mode);
    await page.chat(mode, 'moved');
    await page.heard(mode, 'moved');
  });
});
