import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { type Browser, chromium, type Page } from 'playwright-core';
import { installPageClient } from './page-client.ts';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const HTML = '<!doctype html><title>WebTransport</title>';

/** Where Chromium is: `DUALGATE_TEST_CHROMIUM`, else where distributions put it; undefined: none here. */
export function findChromium(): string | undefined {
  return [process.env.DUALGATE_TEST_CHROMIUM ?? '', ...CANDIDATES].find(
    (path) => path !== '' && existsSync(path),
  );
}

/** A Chromium without windows, as every test here wants it. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS });
}

/** A Chromium with one page, served from `http://localhost`, a secure context as WebTransport demands. */
export class ChromiumStage {
  readonly origin: string;
  readonly #browser: Browser;
  readonly #closeServer: () => void;

  private constructor(origin: string, browser: Browser, closeServer: () => void) {
    this.origin = origin;
    this.#browser = browser;
    this.#closeServer = closeServer;
  }

  static async launch(executablePath: string): Promise<ChromiumStage> {
    const server = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end(HTML);
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port was given');
    const browser = await launchChromium(executablePath);
    return new ChromiumStage(`http://localhost:${address.port}`, browser, () => {
      server.close();
      server.closeAllConnections();
    });
  }

  async open(): Promise<BrowserClient> {
    const page = await this.#browser.newPage();
    await page.addInitScript(installPageClient);
    await page.goto(this.origin);
    return new BrowserClient(page);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#closeServer();
  }
}

/** The client in the page. Calls resolve as those of the PageClient do. */
export class BrowserClient {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(url: string, hashes: readonly string[]): Promise<void> {
    await this.page.evaluate(([to, pins]) => globalThis.client.open(to, pins), [url, hashes] as const);
  }

  async send(frame: Uint8Array): Promise<void> {
    await this.page.evaluate((bytes) => globalThis.client.send(bytes), [...frame]);
  }

  async sendDatagram(frame: Uint8Array): Promise<void> {
    await this.page.evaluate((bytes) => globalThis.client.sendDatagram(bytes), [...frame]);
  }

  async frame(): Promise<Uint8Array> {
    return Uint8Array.from(await this.page.evaluate(() => globalThis.client.frame()));
  }

  async datagram(): Promise<Uint8Array> {
    return Uint8Array.from(await this.page.evaluate(() => globalThis.client.datagram()));
  }

  ended() {
    return this.page.evaluate(() => globalThis.client.ended());
  }

  async close(closeCode: number, reason: string): Promise<void> {
    await this.page.evaluate(([code, why]) => globalThis.client.close(code, why), [
      closeCode,
      reason,
    ] as const);
  }

  /** Sends frames and datagrams without end; the page goes away under them. */
  async flood(frame: Uint8Array): Promise<void> {
    await this.page.evaluate(
      (bytes) => {
        globalThis.client.flood(bytes).catch(() => {});
      },
      [...frame],
    );
  }
}
