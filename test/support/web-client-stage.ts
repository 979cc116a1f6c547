import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { build } from 'vite';
import type { Discovery } from '../../src/admin/discovery.ts';
import { WebServer } from '../../src/admin/web-server.ts';
import { silentLog } from '../../src/observe/log.ts';
import { type Running, serve } from '../../src/serve.ts';
import { launchChromium } from './chromium.ts';
import { WAIT_MS_MAX } from './deadline.ts';
import { type Settings, testConfig } from './test-gateway.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface PageOptions extends BrowserContextOptions {
  /** Settings of the page, as its address has them. */
  query?: Record<string, string>;
  /** Runs before the page's own code. */
  before?: () => void;
}

/** What clients of a test are told in place of the truth. */
export interface Lies {
  websocket?: Discovery['websocket'];
  webtransport?: Discovery['webtransport'];
  hashes?: readonly string[];
}

/** The web client, bundled from its sources. */
export interface WebClientBundle {
  readonly root: string;
  /** For what goes with it, certificates say. */
  readonly folder: string;
  remove(): Promise<void>;
}

export async function bundleWebClient(): Promise<WebClientBundle> {
  const folder = await mkdtemp(join(tmpdir(), 'dualgate-web-client-'));
  const root = join(folder, 'app');
  await build({ configFile: join(ROOT, 'vite.config.ts'), logLevel: 'warn', build: { outDir: root } });
  return { root, folder, remove: () => rm(folder, { recursive: true }) };
}

/** The web client and a Chromium to open it in. */
export class WebClientStage {
  readonly #bundle: WebClientBundle;
  readonly #browser: Browser;

  private constructor(bundle: WebClientBundle, browser: Browser) {
    this.#bundle = bundle;
    this.#browser = browser;
  }

  static async start(executablePath: string): Promise<WebClientStage> {
    return new WebClientStage(await bundleWebClient(), await launchChromium(executablePath));
  }

  gateway(settings: Settings = {}): Promise<StageGateway> {
    return StageGateway.open(this.#bundle, settings);
  }

  /** Nothing of one page's storage is seen by another. */
  async open(
    gateway: StageGateway,
    { query = {}, before, ...options }: PageOptions = {},
  ): Promise<ClientPage> {
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    if (before !== undefined) await context.addInitScript(before);
    context.setDefaultTimeout(WAIT_MS_MAX);
    const page = await context.newPage();
    const client = new ClientPage(page);
    await page.goto(`${gateway.origin}/?${new URLSearchParams(query)}`);
    return client;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#bundle.remove();
  }
}

/** A gateway and the page that it serves. */
export class StageGateway {
  readonly running: Running;
  readonly origin: string;
  /** Told to pages that load from now on. */
  readonly lies: Lies;
  readonly #web: WebServer;

  private constructor(running: Running, web: WebServer, origin: string, lies: Lies) {
    this.running = running;
    this.#web = web;
    this.origin = origin;
    this.lies = lies;
  }

  /** A gateway of its own, with the web client on a port of its own. */
  static async open({ root, folder }: WebClientBundle, settings: Settings = {}): Promise<StageGateway> {
    const running = await serve(
      testConfig({
        'websocket.host': '127.0.0.1',
        'websocket.port': '0',
        'quic.host': '127.0.0.1',
        'quic.port': '0',
        'quic.cert': join(folder, 'cert.pem'),
        'quic.key': join(folder, 'key.pem'),
        'metrics.enabled': 'false',
        'web.enabled': 'false',
        ...settings,
      }),
      silentLog,
    );
    const lies: Lies = {};
    const web = new WebServer(
      { host: '127.0.0.1', port: 0, root },
      {
        discovery: () => discoveryOf(running, lies),
        certificateHashes: () => lies.hashes ?? hashesOf(running),
      },
    );
    const { host, port } = await web.listen();
    return new StageGateway(running, web, `http://${host}:${port}`, lies);
  }

  portOf(part: 'websocket' | 'webtransport'): number {
    const address = this.running.addresses.get(part);
    if (address === undefined) throw new Error(`${part} does not listen`);
    return address.port;
  }

  async close(): Promise<void> {
    await this.#web.close();
    await this.running.close();
  }
}

function discoveryOf({ addresses }: Running, lies: Lies): Discovery {
  const webSocket = addresses.get('websocket');
  const webTransport = addresses.get('webtransport');
  const real = webSocket === undefined ? null : { port: webSocket.port, path: '/ws' };
  const endpoint = webTransport === undefined ? null : { port: webTransport.port, path: '/wt' };
  return {
    websocket: lies.websocket === undefined ? real : lies.websocket,
    webtransport: lies.webtransport === undefined ? endpoint : lies.webtransport,
  };
}

function hashesOf({ webTransport }: Running): readonly string[] | undefined {
  return 'certificates' in webTransport ? webTransport.certificates.hashes : undefined;
}

/** One open page of the web client. */
export class ClientPage {
  readonly page: Page;
  /** Uncaught errors of the page's own code. */
  readonly faults: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.faults.push(error.message));
  }

  /** The card of a link: `websocket`, `webtransport` or `auto`. */
  card(lane: string): Locator {
    return this.page.locator(`.lane-card[data-lane="${lane}"]`);
  }

  /** Resolves once the link is open, by `transport` where one is given. */
  async isOpen(lane: string, transport?: string): Promise<Locator> {
    const which = transport === undefined ? '' : `[data-transport="${transport}"]`;
    const card = this.page.locator(`.lane-card[data-lane="${lane}"][data-state="open"]${which}`);
    await card.waitFor();
    return card;
  }

  /** How the link came about, as the page tells it. */
  async why(lane: string): Promise<string> {
    return (await this.card(lane).locator('.why').textContent()) ?? '';
  }

  async figure(lane: string, name: string): Promise<string> {
    return (await this.card(lane).locator(`[data-figure="${name}"]`).textContent()) ?? '';
  }

  async press(lane: string, button: string): Promise<void> {
    await this.card(lane).getByRole('button', { name: button, exact: true }).click();
  }

  /** Waits for an entry among errors and events. */
  async note(text: string | RegExp): Promise<void> {
    await this.page.locator('#notes li', { hasText: text }).first().waitFor();
  }

  async chat(lane: string, text: string): Promise<void> {
    await this.page.locator('#chat select').selectOption(lane);
    await this.page.locator('#chat input').fill(text);
    await this.page.locator('#chat input').press('Enter');
  }

  /** Waits for a chat message that came over that link. */
  async heard(lane: string, text: string): Promise<void> {
    const row = this.page.locator(`#chat li[data-lane="${lane}"]`, { hasText: text });
    await row.first().waitFor();
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
