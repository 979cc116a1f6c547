import { parseArgs } from 'node:util';

/** Bad flags: printed as it is, without a stack; the command exits 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** The flags that a command knows, without their dashes. */
export interface FlagNames {
  readonly values: readonly string[];
  readonly switches: readonly string[];
}

/** The flags of one command line, read one by one. Every reader throws a UsageError that names flag and value. */
export class Flags {
  readonly #values: Readonly<Record<string, unknown>>;

  /** Throws a UsageError for a flag that `names` does not hold, a value flag without value, and stray words. */
  constructor(args: string[], names: FlagNames) {
    const options: Record<string, { type: 'string' | 'boolean' }> = {};
    for (const name of names.values) options[name] = { type: 'string' };
    for (const name of names.switches) options[name] = { type: 'boolean' };
    try {
      this.#values = parseArgs({ args, options, strict: true, allowPositionals: false }).values;
    } catch (error) {
      const [sentence] = (error instanceof Error ? error.message : String(error)).split('. ');
      throw new UsageError(
        `${sentence}; known: ${[...names.values, ...names.switches].map(dashed).join(' ')}`,
      );
    }
  }

  isOn(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string, fallback: string): string {
    const value = this.#values[name];
    return typeof value === 'string' ? value : fallback;
  }

  /** A whole number in decimal, `min` and `max` included. */
  integer(name: string, fallback: number, range: { min: number; max: number }): number {
    const text = this.text(name, String(fallback));
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= range.min && value <= range.max) return value;
    throw refused(name, text, `a whole number from ${range.min} to ${range.max}`);
  }

  /** A number in decimal, fractions allowed, `min` and `max` included. */
  number(name: string, fallback: number, range: { min: number; max: number }): number {
    const text = this.text(name, String(fallback));
    const value = /^\d{1,12}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
    if (value >= range.min && value <= range.max) return value;
    throw refused(name, text, `a number from ${range.min} to ${range.max}`);
  }

  choice<Choice extends string>(name: string, fallback: Choice, choices: readonly Choice[]): Choice {
    const text = this.text(name, fallback);
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    throw refused(name, text, `one of ${choices.join(', ')}`);
  }

  /** `host:port`, an IPv6 host in brackets. */
  address(name: string, fallback: string): string {
    const text = this.text(name, fallback);
    const match = /^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):(\d{1,5})$/.exec(text);
    const port = Number(match?.[2] ?? 0);
    if (port >= 1 && port <= 65_535) return text;
    throw refused(name, text, 'host:port, such as 127.0.0.1:8081');
  }

  /** The path of a URL, from its slash on. */
  path(name: string, fallback: string): string {
    const text = this.text(name, fallback);
    if (/^\/[^\s#]*$/.test(text)) return text;
    throw refused(name, text, 'a path that begins with /');
  }
}

function dashed(name: string): string {
  return `--${name}`;
}

function refused(name: string, found: string, expected: string): UsageError {
  return new UsageError(`--${name}: found ${JSON.stringify(found)}, expected ${expected}`);
}
