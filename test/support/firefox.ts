import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { WAIT_MS_MAX } from './deadline.ts';
import { isObject } from './reflect.ts';

const CANDIDATES = ['/usr/bin/firefox-esr', '/usr/bin/firefox'];
/** A fresh profile asks nobody for anything. */
const PREFERENCES: Readonly<Record<string, boolean | number | string>> = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage': 'about:blank',
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.enabled': false,
};
const START_MS_MAX = 40_000;
const COMMAND_MS_MAX = 30_000;
const POLL_MS = 100;

/** Where Firefox is: `DUALGATE_TEST_FIREFOX`, else where Debian puts it; undefined: none here. */
export function findFirefox(): string | undefined {
  return [process.env.DUALGATE_TEST_FIREFOX ?? '', ...CANDIDATES].find(
    (path) => path !== '' && existsSync(path),
  );
}

/** A Firefox without windows, driven by WebDriver BiDi (W3C) over its WebSocket; one page. */
export class Firefox {
  readonly #child: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: object) => void>();
  #lastId = 0;
  #context = '';

  private constructor(child: ChildProcess, profile: string, socket: WebSocket) {
    this.#child = child;
    this.#profile = profile;
    this.#socket = socket;
    socket.on('message', (data) => this.#receive(JSON.parse(String(data))));
  }

  static async launch(executable: string): Promise<Firefox> {
    const profile = await mkdtemp(join(tmpdir(), 'dualgate-firefox-'));
    const lines = Object.entries(PREFERENCES).map(
      ([key, value]) => `user_pref(${JSON.stringify(key)}, ${JSON.stringify(value)});`,
    );
    await writeFile(join(profile, 'user.js'), lines.join('\n'));
    const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'];
    const child = spawn(executable, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const address = await addressOf(child);
    const socket = new WebSocket(`${address}/session`);
    await once(socket, 'open');
    const firefox = new Firefox(child, profile, socket);
    await firefox.#begin();
    return firefox;
  }

  async open(url: string): Promise<void> {
    await this.#command('browsingContext.navigate', { context: this.#context, url, wait: 'complete' });
  }

  /** What the expression gives in the page, as text. Rejects with what it throws. */
  async evaluate(expression: string): Promise<string> {
    const answer = await this.#command('script.evaluate', {
      expression: `(async () => String(await (${expression})))()`,
      target: { context: this.#context },
      awaitPromise: true,
    });
    const result = member(answer, 'result');
    if (member(answer, 'type') === 'success') return String(member(result, 'value'));
    throw new Error(`${expression}: ${member(member(answer, 'exceptionDetails'), 'text')}`);
  }

  /** Evaluates again until the pattern fits. */
  async until(expression: string, pattern: RegExp, deadlineMs = WAIT_MS_MAX): Promise<string> {
    const endMs = performance.now() + deadlineMs;
    for (;;) {
      const text = await this.evaluate(expression);
      if (pattern.test(text)) return text;
      if (performance.now() > endMs) throw new Error(`${expression} gives ${text}, not ${pattern}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  async close(): Promise<void> {
    this.#socket.terminate();
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exited = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await exited;
    }
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  async #begin(): Promise<void> {
    await this.#command('session.new', { capabilities: {} });
    const created = await this.#command('browsingContext.create', { type: 'tab' });
    this.#context = String(member(created, 'context'));
  }

  #command(method: string, params: object): Promise<object> {
    this.#lastId++;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error(`${method}: no answer within ${COMMAND_MS_MAX} ms`));
      }, COMMAND_MS_MAX);
      this.#waiting.set(id, (answer) => {
        clearTimeout(timer);
        const result = member(answer, 'result');
        if (isObject(result)) resolve(result);
        else reject(new Error(`${method}: ${member(answer, 'message')}`));
      });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  #receive(answer: unknown): void {
    const id = member(answer, 'id');
    if (typeof id !== 'number' || !isObject(answer)) return;
    const settle = this.#waiting.get(id);
    this.#waiting.delete(id);
    settle?.(answer);
  }
}

/** Firefox tells on its standard error where its WebDriver BiDi listens. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(
      () => reject(new Error(`no Firefox within ${START_MS_MAX} ms: ${text}`)),
      START_MS_MAX,
    );
    child.once('exit', (code) => reject(new Error(`Firefox ended with ${code}: ${text}`)));
    child.stderr?.on('data', (bytes) => {
      text = (text + String(bytes)).slice(-10_000);
      const address = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(text)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
  });
}

function member(value: unknown, name: string): unknown {
  return isObject(value) ? Reflect.get(value, name) : undefined;
}
