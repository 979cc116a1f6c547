import type { Metric } from './bench.ts';

/** Of rows that do one thing as often as they can: how often, and what it costs. `digits`: of the cost. */
export function throughputMetrics(things: string, thing: string, digits = 2): readonly Metric[] {
  return [
    { name: 'perSec', unit: `${things}/s`, digits: 0 },
    { name: 'serverUs', unit: `us CPU per ${thing}`, digits },
    { name: 'serverBusy', unit: 'cores', digits: 2 },
    { name: 'loadBusy', unit: 'cores', digits: 2 },
  ];
}
