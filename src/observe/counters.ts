/**
 * Plain numbers that the hot path adds to, and that the metrics page reads when it is asked. A cell is bound once, at
 * connect or at start; adding to it is one addition.
 */
export interface Cell {
  value: number;
}

export type MetricKind = 'counter' | 'gauge';

/** A metric with labels: one cell for each combination of label values. Label values come from closed sets. */
export class Family {
  readonly name: string;
  readonly help: string;
  readonly kind: MetricKind;
  readonly labelNames: readonly string[];
  readonly #cells = new Map<string, { labels: readonly string[]; cell: Cell }>();

  constructor(kind: MetricKind, name: string, help: string, labelNames: readonly string[] = []) {
    this.kind = kind;
    this.name = name;
    this.help = help;
    this.labelNames = labelNames;
  }

  /** The cell of these label values, made at the first call. Look it up once and keep it. */
  cell(...labels: readonly string[]): Cell {
    const key = labels.join('\u0000');
    const known = this.#cells.get(key);
    if (known !== undefined) return known.cell;
    const cell = { value: 0 };
    this.#cells.set(key, { labels, cell });
    return cell;
  }

  /** For events that are rare enough for a look-up. */
  add(amount: number, ...labels: readonly string[]): void {
    this.cell(...labels).value += amount;
  }

  /** Sum over all cells, or over those whose first label is `first`. */
  total(first?: string): number {
    let sum = 0;
    for (const { labels, cell } of this.#cells.values()) {
      if (first === undefined || labels[0] === first) sum += cell.value;
    }
    return sum;
  }

  *entries(): IterableIterator<{ labels: Record<string, string>; value: number }> {
    for (const { labels, cell } of this.#cells.values()) {
      yield {
        labels: Object.fromEntries(this.labelNames.map((name, index) => [name, labels[index] ?? ''])),
        value: cell.value,
      };
    }
  }
}

/** Cumulative distribution over fixed upper bounds. `observe` is a short search and two additions. */
export class Distribution {
  readonly name: string;
  readonly help: string;
  /** Upper bounds, ascending, in the base unit of the metric. */
  readonly bounds: readonly number[];
  /** One count for each bound, and one more for what lies above the last. */
  readonly counts: Float64Array;
  sum = 0;

  constructor(name: string, help: string, bounds: readonly number[]) {
    this.name = name;
    this.help = help;
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number, times = 1): void {
    let index = 0;
    while (index < this.bounds.length && value > this.bounds[index]) index++;
    this.counts[index] += times;
    this.sum += value * times;
  }

  get count(): number {
    let count = 0;
    for (const value of this.counts) count += value;
    return count;
  }

  /**
   * Upper bound of the bucket that holds the quantile (0..1); the last bound where it lies above; undefined where
   * nothing was observed.
   */
  quantile(q: number): number | undefined {
    const { count } = this;
    if (count === 0) return undefined;
    const rank = q * count;
    let seen = 0;
    for (let index = 0; index < this.bounds.length; index++) {
      seen += this.counts[index];
      if (seen >= rank) return this.bounds[index];
    }
    return this.bounds[this.bounds.length - 1];
  }
}
