import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually } from './recording-sink.ts';

const PROJECT = join(import.meta.dirname, '../..');
const MAIN = join(PROJECT, 'dist/src/main.js');

/** The command line as users run it: the built file in a process of its own, with no DUALGATE_* of this one. */
export class Cli {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const outer = Object.entries(process.env).filter(([name]) => !name.startsWith('DUALGATE_'));
    this.#child = spawn(process.execPath, [MAIN, ...args], {
      cwd: PROJECT,
      env: { ...Object.fromEntries(outer), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', (bytes) => {
      this.stdout += String(bytes);
    });
    this.#child.stderr?.on('data', (bytes) => {
      this.stderr += String(bytes);
    });
    this.#exited = once(this.#child, 'close').then(() => this.#child.exitCode);
  }

  /** The exit code; null where a signal ended it. */
  exit(): Promise<number | null> {
    return this.#exited;
  }

  signal(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  /** What `pattern` captures in the output, once it is there. */
  async shown(pattern: RegExp): Promise<string> {
    let ended = false;
    void this.#exited.then(() => {
      ended = true;
    });
    await eventually(() => ended || pattern.test(this.stdout), `${pattern} in the output`);
    const match = pattern.exec(this.stdout);
    if (match === null) throw new Error(`not shown: ${pattern}\n${this.stdout}\n${this.stderr}`);
    return match[1] ?? match[0];
  }
}

/** Runs a command to its end. */
export async function runCli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const cli = new Cli(args, env);
  const code = await cli.exit();
  return { code, stdout: cli.stdout, stderr: cli.stderr };
}
