import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Distribution, Family } from './counters.ts';
import type { Metrics } from './metrics.ts';

/** The metrics page: reads the plain numbers of `Metrics` when it is asked, so that adding to them costs nothing. */
export class PrometheusPage {
  readonly #registry = new Registry();

  constructor(metrics: Metrics) {
    collectDefaultMetrics({ register: this.#registry });
    for (const family of metrics.families) registerFamily(this.#registry, family);
    for (const distribution of metrics.distributions) {
      this.#registry.registerMetric(new DistributionMetric(distribution));
    }
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  render(): Promise<string> {
    return this.#registry.metrics();
  }
}

function registerFamily(registry: Registry, family: Family): void {
  const common = {
    name: family.name,
    help: family.help,
    labelNames: family.labelNames,
    registers: [registry],
  };
  if (family.kind === 'gauge') {
    new Gauge({
      ...common,
      collect() {
        this.reset();
        for (const { labels, value } of family.entries()) this.set(labels, value);
      },
    });
    return;
  }
  new Counter({
    ...common,
    collect() {
      this.reset();
      for (const { labels, value } of family.entries()) this.inc(labels, value);
    },
  });
}

/** A histogram whose buckets are counted elsewhere. */
class DistributionMetric extends Histogram {
  readonly #distribution: Distribution;

  constructor(distribution: Distribution) {
    super({
      name: distribution.name,
      help: distribution.help,
      buckets: [...distribution.bounds],
      registers: [],
    });
    this.#distribution = distribution;
  }

  override async get() {
    const base = await super.get();
    const { name, bounds, counts, sum, count } = this.#distribution;
    let cumulative = 0;
    const buckets = bounds.map((bound, index) => {
      cumulative += counts[index];
      return { value: cumulative, labels: { le: bound }, metricName: `${name}_bucket` };
    });
    const values = [
      ...buckets,
      { value: count, labels: { le: '+Inf' }, metricName: `${name}_bucket` },
      { value: sum, labels: {}, metricName: `${name}_sum` },
      { value: count, labels: {}, metricName: `${name}_count` },
    ];
    return { ...base, values };
  }
}
