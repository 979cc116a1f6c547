import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Firefox, findFirefox } from '../support/firefox.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { bundleWebClient, StageGateway, type WebClientBundle } from '../support/web-client-stage.ts';

const executable = findFirefox();
if (executable === undefined) {
  process.stdout.write(
    'Firefox is not installed: its tests are skipped (Debian: apt-get install firefox-esr)\n',
  );
}
const FALLBACK_MS_MAX = 8_000;

describe.skipIf(executable === undefined)('the web client in Firefox', () => {
  let bundle: WebClientBundle;
  let gateway: StageGateway;
  let firefox: Firefox;

  beforeAll(async () => {
    bundle = await bundleWebClient();
    gateway = await StageGateway.open(bundle);
    firefox = await Firefox.launch(executable ?? '');
  }, 60_000);

  afterAll(async () => {
    await firefox?.close();
    await gateway?.close();
    await bundle?.remove();
  });

  async function open(query: string): Promise<void> {
    await firefox.open('about:blank');
    await firefox.open(`${gateway.origin}/?${query}`);
    await firefox.evaluate('localStorage.clear()');
  }

  const card = (lane: string) => `document.querySelector('.lane-card[data-lane="${lane}"]')`;
  const state = (lane: string) => `${card(lane)}.dataset.state + ' ' + ${card(lane)}.dataset.transport`;
  const why = (lane: string) => `${card(lane)}.querySelector('.why').textContent`;
  const figure = (lane: string, name: string) =>
    `${card(lane)}.querySelector('[data-figure="${name}"]').textContent`;

  it('connects by both transports, and probes come back by message and by datagram', async () => {
    await open('mode=both&rate=30');
    await firefox.until(state('websocket'), /^open websocket$/);
    await firefox.until(state('webtransport'), /^open webtransport$/);
    await firefox.until(figure('websocket', 'p50'), /ms$/);
    await firefox.until(figure('webtransport', 'p50'), /ms$/);
    await firefox.until(figure('webtransport', 'datagrams'), /^[1-9]\d* \/ [1-9]/);
  });

  it('takes WebTransport after an echo by stream and by datagram', async () => {
    // WebSocket does not win, however long WebTransport takes here.
    const proxy = await startTcpProxy(gateway.portOf('websocket'));
    proxy.refuse();
    gateway.lies.websocket = { port: proxy.port, path: '/ws' };
    await open('mode=auto&rate=0');
    await firefox.until(state('auto'), /^open webtransport$/);
    expect(await firefox.evaluate(why('auto'))).toContain('echo came back: stream and datagram');
    gateway.lies.websocket = undefined;
    await proxy.close();
  });

  it('falls back to WebSocket where the certificate is not the one that was named', async () => {
    gateway.lies.hashes = ['ab'.repeat(32)];
    await open('mode=auto&rate=0');
    const text = await firefox.until(why('auto'), /^WebSocket in/);
    expect(Number(/in (\d+) ms/.exec(text)?.[1])).toBeLessThan(FALLBACK_MS_MAX);
    expect(text).toMatch(/WebTransport failed|no WebTransport within/);
    gateway.lies.hashes = undefined;
  });
});
