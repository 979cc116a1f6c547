import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Names of groups, or parts of names of rows; empty: everything. */
  readonly filter: readonly string[];
  /** Of each row in each round. */
  readonly seconds: number;
  readonly rounds: number;
  /** File for the results. */
  readonly json: string;
  /** Folder for CPU profiles of the servers; undefined: none. */
  readonly profileDir: string | undefined;
  readonly list: boolean;
  /** Tables as docs/benchmarks.md has them. */
  readonly markdown: boolean;
}

export const BENCH_USAGE = `usage: npm run bench -- [names] [flags]
  names                 groups, or parts of names of rows, which bring their controls along
  --seconds 1           of each row in each round
  --rounds 7            each row once per round, in turn
  --json file           results (test-results/bench.json)
  --profile dir         CPU profiles of the servers (the figures suffer)
  --markdown            tables for docs/benchmarks.md
  --list                the rows, without running them`;

/** Undefined: help was asked for. Throws for flags that are not known or not in range. */
export function parseBenchOptions(args: string[]): BenchOptions | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '7' },
      json: { type: 'string', default: 'test-results/bench.json' },
      profile: { type: 'string' },
      list: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    filter: positionals,
    seconds: numberIn('seconds', values.seconds, { min: 0.05, max: 60 }),
    rounds: Math.round(numberIn('rounds', values.rounds, { min: 1, max: 100 })),
    json: values.json,
    profileDir: values.profile,
    list: values.list,
    markdown: values.markdown,
  };
}

function numberIn(name: string, text: string, range: { min: number; max: number }): number {
  const value = Number(text);
  if (value >= range.min && value <= range.max) return value;
  throw new RangeError(`--${name}: found ${text}, expected ${range.min} to ${range.max}`);
}
