import { expect, it } from 'vitest';
import type { Group, Row } from '../bench/bench.ts';
import { markdownGroup } from '../bench/markdown.ts';

const row = (name: string): Row => ({
  ...{ name, title: `the ${name}` },
  start: async () => ({ measure: async () => ({}), close: async () => {} }),
});

const comparison = { row: 'b', over: 'a', metric: 'perSec', by: 'ratio' } as const;
const group: Group = {
  name: 'g',
  title: 'Some rows',
  rows: [row('a'), row('b')],
  metrics: [
    { name: 'perSec', unit: '/s', digits: 0 },
    { name: 'busy', unit: 'cores', digits: 2 },
  ],
  comparisons: [{ ...comparison, aim: { atLeast: 0.5 } }],
};

it('prints the tables of a group as docs/benchmarks.md has them', () => {
  const samples = [
    { perSec: 1000, busy: 1 },
    { perSec: 2000.4, busy: 0.5 },
    { perSec: 3000, busy: 0.75 },
  ];
  const text = markdownGroup({
    group,
    rows: [
      { row: group.rows[0], samples },
      { row: group.rows[1], samples: [{ perSec: 12.3, busy: 0 }] },
    ],
    comparisons: [
      { comparison: group.comparisons[0], spread: { median: 0.4, min: 0.3, max: 1 }, met: false },
    ],
  });
  expect(text.split('\n')).toEqual([
    '',
    '### `g`: Some rows',
    '',
    '| Row | perSec (/s) | busy (cores) |',
    '| --- | ---: | ---: |',
    '| `a` the a | 2,000 (1,000-3,000) | 0.75 |',
    '| `b` the b | 12 | 0.00 |',
    '',
    '| Against each other, round by round | Median (min-max) | Aim | |',
    '| --- | ---: | --- | --- |',
    '| `b` / `a`, perSec | 0.40 (0.30 to 1.00) | ≥ 0.5 | missed |',
  ]);
});
