import { describe, expect, it } from 'vitest';
import { Distribution, Family } from '../../src/observe/counters.ts';
import { Metrics } from '../../src/observe/metrics.ts';
import { PrometheusPage } from '../../src/observe/prometheus.ts';
import { parsePage, sampleOf } from '../support/prometheus-text.ts';

describe('Family', () => {
  it('keeps one cell for each combination of labels', () => {
    const family = new Family('counter', 'x_total', 'X', ['a', 'b']);
    family.cell('1', '2').value += 3;
    family.add(4, '1', '2');
    family.add(1, '12', '');
    expect(family.cell('1', '2')).toBe(family.cell('1', '2'));
    expect([...family.entries()]).toEqual([
      { labels: { a: '1', b: '2' }, value: 7 },
      { labels: { a: '12', b: '' }, value: 1 },
    ]);
    expect([family.total(), family.total('1'), family.total('2')]).toEqual([8, 7, 0]);
  });
});

describe('Distribution', () => {
  it('puts a value that equals a bound below it, and what lies above the last into a bucket of its own', () => {
    const distribution = new Distribution('d', 'D', [1, 2, 5]);
    for (const value of [0, 1, 1.5, 2, 5, 5.1]) distribution.observe(value);
    distribution.observe(3, 10);
    expect([...distribution.counts]).toEqual([2, 2, 11, 1]);
    expect(distribution.count).toBe(16);
    expect(distribution.sum).toBeCloseTo(44.6);
  });

  it('gives the bound of the bucket that holds a quantile', () => {
    const distribution = new Distribution('d', 'D', [1, 2, 5]);
    expect(distribution.quantile(0.99)).toBeUndefined();
    distribution.observe(0.5, 50);
    distribution.observe(1.5, 49);
    distribution.observe(100);
    expect([0, 0.5, 0.51, 0.99, 1].map((q) => distribution.quantile(q))).toEqual([1, 1, 2, 2, 5]);
  });
});

describe('Metrics', () => {
  it('have names with unit and kind, and a help line each', () => {
    const metrics = new Metrics();
    for (const { name, kind, help } of metrics.families) {
      expect(name).toMatch(/^dualgate_[a-z_]+$/);
      expect(name.endsWith('_total'), name).toBe(kind === 'counter');
      expect(help, name).not.toBe('');
    }
    const names = [...metrics.families, ...metrics.distributions].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('share nothing between two gateways, and the cells between the connections of one transport', () => {
    const one = new Metrics();
    const two = new Metrics();
    one.forTransport('memory').framesReceived[2].value += 5;
    expect(one.forTransport('memory')).toBe(one.forTransport('memory'));
    expect(one.framesReceived.total()).toBe(5);
    expect(two.framesReceived.total()).toBe(0);
  });
});

describe('PrometheusPage', () => {
  it('shows every metric with kind and help, and the numbers that are there when it is asked', async () => {
    const metrics = new Metrics();
    const page = new PrometheusPage(metrics);
    const cells = metrics.forTransport('memory');
    cells.connections.value = 3;
    cells.framesReceived[2].value += 7;
    metrics.frameErrors.add(1, 'memory', 'BAD_PAYLOAD');
    await page.render();
    cells.connections.value = 2;
    cells.framesReceived[2].value += 1;
    const text = await page.render();
    const shown = parsePage(text);
    for (const { name, kind, help } of metrics.families) {
      expect(shown.types.get(name), name).toBe(kind);
      expect(shown.helps.get(name), name).toBe(help);
    }
    expect(sampleOf(shown, 'dualgate_connections', { transport: 'memory' })).toBe(2);
    expect(sampleOf(shown, 'dualgate_frames_received_total', { transport: 'memory', route: 'game' })).toBe(8);
    expect(sampleOf(shown, 'dualgate_frame_errors_total', { transport: 'memory', code: 'BAD_PAYLOAD' })).toBe(
      1,
    );
    expect(sampleOf(shown, 'dualgate_acks_sent_total', {})).toBe(0);
    expect(shown.types.get('process_cpu_seconds_total')).toBe('counter');
    expect(page.contentType).toContain('text/plain');
  });

  it('shows a distribution as a histogram with cumulative buckets', async () => {
    const metrics = new Metrics();
    metrics.frameLatency.observe(0.0002, 4);
    metrics.frameLatency.observe(0.3);
    metrics.frameLatency.observe(60);
    const shown = parsePage(await new PrometheusPage(metrics).render());
    const name = 'dualgate_frame_latency_seconds';
    expect(shown.types.get(name)).toBe('histogram');
    const bucket = (le: string): number | undefined => sampleOf(shown, `${name}_bucket`, { le });
    expect(['0.0001', '0.00025', '0.25', '0.5', '10', '+Inf'].map(bucket)).toEqual([0, 4, 4, 5, 5, 6]);
    expect(sampleOf(shown, `${name}_count`, {})).toBe(6);
    expect(sampleOf(shown, `${name}_sum`, {})).toBeCloseTo(60.3008);
  });
});
