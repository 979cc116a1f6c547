import { messageOf } from '../src/errors.ts';
import { UsageError } from './flags.ts';

const PROGRESS_TTY_MS = 250;
const PROGRESS_PLAIN_MS = 2_000;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** Shows how a run goes, on stderr: one line that is rewritten on a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #line: () => string;
  readonly #timer: NodeJS.Timeout;

  /** `line` is asked for the text each time. */
  constructor(line: () => string) {
    this.#line = line;
    this.#timer = setInterval(() => this.#show(), process.stderr.isTTY ? PROGRESS_TTY_MS : PROGRESS_PLAIN_MS);
  }

  /** Idempotent. */
  stop(): void {
    clearInterval(this.#timer);
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
  }

  #show(): void {
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[2K${this.#line()}` : `${this.#line()}\n`);
  }
}

/** Rows of name and value, the names padded to one width. */
export function formatTable(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

/** Milliseconds with three digits behind the point, from microseconds. */
export function formatMs(us: number): string {
  return `${(us / 1_000).toFixed(3)} ms`;
}

/** `none`, or each reason with its count. */
export function formatCounts(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([reason, value]) => `${value} x ${reason}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

/** Calls `onInterrupt` at each SIGINT until `release` is called. */
export function onInterrupts(onInterrupt: () => void): { release(): void } {
  process.on('SIGINT', onInterrupt);
  return { release: () => process.off('SIGINT', onInterrupt) };
}

/** Runs a command: its exit code, 2 for bad flags, 1 for any other failure, each told on stderr in one line. */
export async function runCommand(run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED;
  }
}
