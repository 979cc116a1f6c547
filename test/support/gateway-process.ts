import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

/** The built gateway in a process of its own, to be killed. */
export class GatewayProcess {
  readonly #flags: readonly string[];
  #child: ChildProcess | undefined;
  #exited: Promise<unknown> = Promise.resolve();
  readonly #onProcessExit = (): void => void this.#child?.kill('SIGKILL');

  /** `settings`: configuration keys, as flags. */
  constructor(settings: Readonly<Record<string, string>>) {
    if (!existsSync(MAIN)) throw new Error('the gateway is not built: npm run build');
    this.#flags = Object.entries(settings).map(([key, value]) => `--${key}=${value}`);
  }

  /** Resolves once it listens. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [MAIN, 'serve', ...this.#flags], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#child = child;
    this.#exited = once(child, 'exit');
    process.once('exit', this.#onProcessExit);
    const ended = this.#exited.then(() => Promise.reject(new Error('the gateway ended at start')));
    ended.catch(() => undefined);
    await Promise.race([once(child.stdout, 'data'), ended]);
    child.stdout.resume();
  }

  /** Ends it at once, as a crash would (SIGKILL). Idempotent. */
  async kill(): Promise<void> {
    process.off('exit', this.#onProcessExit);
    this.#child?.kill('SIGKILL');
    await this.#exited;
    this.#child = undefined;
  }
}
