import type { Comparison, Group } from './bench.ts';
import type { ComparisonResult, GroupResult } from './run-group.ts';
import { type Spread, spreadOf } from './statistics.ts';

/** The tables of one group: medians of its rows, and what its comparisons give. */
export function formatGroup(result: GroupResult): string {
  const { group } = result;
  const head = ['row', '', ...group.metrics.map(({ name, unit }) => `${name}${unit && ` (${unit})`}`)];
  const lines = result.rows.map(({ row, samples }) => [
    row.name,
    row.title,
    ...group.metrics.map(({ name, digits }) =>
      formatSpread(spreadOf(samples.map((sample) => sample[name])), digits),
    ),
  ]);
  return [
    `\n${group.title}`,
    formatTable([head, ...lines]),
    ...(result.comparisons.length === 0 ? [] : [formatTable(result.comparisons.map(comparisonLine))]),
  ].join('\n');
}

function comparisonLine({ comparison, spread, met }: ComparisonResult): string[] {
  const { row, over, metric, by } = comparison;
  const verdict = met === undefined ? '' : met ? 'met' : 'MISSED';
  return [
    `${row} ${by === 'ratio' ? '/' : '-'} ${over}`,
    metric,
    formatSpread(spread, by === 'ratio' ? 2 : 1),
    aimText(comparison),
    verdict,
  ];
}

function aimText({ aim }: Comparison): string {
  if (aim === undefined) return '';
  return 'atLeast' in aim ? `aim >= ${aim.atLeast}` : `aim <= ${aim.atMost}`;
}

function formatSpread({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}..${max.toFixed(digits)})`;
}

function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`.trimEnd())
    .join('\n');
}

/** The names of all groups and rows, for `--list`. */
export function formatList(groups: readonly Group[]): string {
  return groups
    .flatMap((group) => [
      `${group.name}: ${group.title}`,
      formatTable(group.rows.map((row) => [`  ${row.name}`, row.title])),
    ])
    .join('\n');
}

/** Everything that was measured, as plain values. */
export function toJson(results: readonly GroupResult[], about: object): string {
  const groups = results.map(({ group, rows, comparisons }) => ({
    name: group.name,
    title: group.title,
    metrics: group.metrics,
    rows: rows.map(({ row, samples }) => ({ name: row.name, title: row.title, samples })),
    comparisons: comparisons.map(({ comparison, spread, met }) => ({ ...comparison, ...spread, met })),
  }));
  return `${JSON.stringify({ ...about, groups }, undefined, 2)}\n`;
}
