import type { BenchContext, Comparison, Group, Row, Sample, Subject } from './bench.ts';
import { type Spread, spreadOf } from './statistics.ts';

export interface GroupResult {
  readonly group: Group;
  readonly rows: readonly RowResult[];
  readonly comparisons: readonly ComparisonResult[];
}

export interface RowResult {
  readonly row: Row;
  /** One sample for each round. */
  readonly samples: readonly Sample[];
}

export interface ComparisonResult {
  readonly comparison: Comparison;
  readonly spread: Spread;
  /** Whether the median meets the aim; undefined without one. */
  readonly met: boolean | undefined;
}

export interface RunOptions {
  readonly seconds: number;
  readonly rounds: number;
  onProgress(text: string): void;
}

/** Runs the rows of a group in turn, round after round, behind one round that is not counted. */
export async function runGroup(
  group: Group,
  context: BenchContext,
  options: RunOptions,
): Promise<GroupResult> {
  const rounds = Math.min(options.rounds, group.rounds ?? options.rounds);
  const samples = new Map<string, Sample[]>(group.rows.map((row) => [row.name, []]));
  const runner = group.fresh === true ? new FreshRunner(context) : await StandingRunner.start(group, context);
  try {
    for (let round = group.fresh === true ? 1 : 0; round <= rounds; round++) {
      for (const row of group.rows) {
        options.onProgress(`${group.name}: round ${round} of ${rounds}, ${row.name}`);
        const sample = await runner.measure(row, options.seconds * 1000);
        if (round > 0) samples.get(row.name)?.push(sample);
      }
    }
  } finally {
    await runner.close();
  }
  const rows = group.rows.map((row) => ({ row, samples: samples.get(row.name) ?? [] }));
  return { group, rows, comparisons: group.comparisons.map((comparison) => compare(comparison, samples)) };
}

interface Runner {
  measure(row: Row, ms: number): Promise<Sample>;
  close(): Promise<void>;
}

/** All rows of the group stand from the beginning to the end; only one works at a time. */
class StandingRunner implements Runner {
  readonly #subjects = new Map<string, Subject>();

  static async start(group: Group, context: BenchContext): Promise<StandingRunner> {
    const runner = new StandingRunner();
    try {
      for (const row of group.rows) runner.#subjects.set(row.name, await row.start(context));
    } catch (error) {
      await runner.close();
      throw error;
    }
    return runner;
  }

  measure(row: Row, ms: number): Promise<Sample> {
    const subject = this.#subjects.get(row.name);
    if (subject === undefined) throw new Error(`row ${row.name} is not running`);
    return subject.measure(ms);
  }

  async close(): Promise<void> {
    for (const subject of this.#subjects.values()) await subject.close();
  }
}

class FreshRunner implements Runner {
  readonly #context: BenchContext;

  constructor(context: BenchContext) {
    this.#context = context;
  }

  async measure(row: Row, ms: number): Promise<Sample> {
    const subject = await row.start(this.#context);
    try {
      return await subject.measure(ms);
    } finally {
      await subject.close();
    }
  }

  async close(): Promise<void> {}
}

function compare(comparison: Comparison, samples: ReadonlyMap<string, readonly Sample[]>): ComparisonResult {
  const { row, over, metric, by, aim } = comparison;
  const own = samples.get(row) ?? [];
  const control = samples.get(over) ?? [];
  const values = own.map((sample, round) =>
    by === 'ratio' ? sample[metric] / control[round][metric] : sample[metric] - control[round][metric],
  );
  const spread = spreadOf(values);
  if (aim === undefined) return { comparison, spread, met: undefined };
  return {
    comparison,
    spread,
    met: 'atLeast' in aim ? spread.median >= aim.atLeast : spread.median <= aim.atMost,
  };
}
