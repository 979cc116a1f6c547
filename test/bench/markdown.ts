import type { Comparison, Metric } from './bench.ts';
import type { ComparisonResult, GroupResult, RowResult } from './run-group.ts';
import { type Spread, spreadOf } from './statistics.ts';

/** The tables of one group, as docs/benchmarks.md has them. */
export function markdownGroup({ group, rows, comparisons }: GroupResult): string {
  const head = ['Row', ...group.metrics.map(({ name, unit }) => (unit === '' ? name : `${name} (${unit})`))];
  const lines = [
    `\n### \`${group.name}\`: ${group.title}\n`,
    line(head),
    line(['---', ...group.metrics.map(() => '---:')]),
    ...rows.map((row) => rowLine(row, group.metrics)),
  ];
  if (comparisons.length === 0) return lines.join('\n');
  return [
    ...lines,
    '\n| Against each other, round by round | Median (min-max) | Aim | |',
    line(['---', '---:', '---', '---']),
    ...comparisons.map(comparisonLine),
  ].join('\n');
}

function rowLine({ row, samples }: RowResult, metrics: readonly Metric[]): string {
  const cells = metrics.map((metric) =>
    valueCell(spreadOf(samples.map((sample) => sample[metric.name])), metric),
  );
  return line([`\`${row.name}\` ${row.title}`, ...cells]);
}

/** Cores stand beside the figures to show where the limit was: their median says it. */
function valueCell({ median, min, max }: Spread, { unit, digits }: Metric): string {
  const text = number(median, digits);
  return unit === 'cores' || min === max ? text : `${text} (${number(min, digits)}-${number(max, digits)})`;
}

function comparisonLine({ comparison, spread, met }: ComparisonResult): string {
  const { row, over, metric, by } = comparison;
  const [sign, digits] = by === 'ratio' ? ['/', 2] : ['-', 1];
  const { median, min, max } = spread;
  const value = `${number(median, digits)} (${number(min, digits)} to ${number(max, digits)})`;
  const verdict = met === undefined ? '' : met ? 'met' : 'missed';
  return line([`\`${row}\` ${sign} \`${over}\`, ${metric}`, value, aimText(comparison), verdict]);
}

function aimText({ aim }: Comparison): string {
  if (aim === undefined) return '';
  return 'atLeast' in aim ? `≥ ${aim.atLeast}` : `≤ ${aim.atMost}`;
}

function number(value: number, digits: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
