import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Distribution, Family } from './counters.ts';
import type { Metrics } from './metrics.ts';

/** The metrics page: reads the plain numbers of `Metrics` when it is asked, so that adding to them costs nothing. */
export class PrometheusPage {
  readonly #registry = new Registry();
  readonly #distributions: readonly Distribution[];

  constructor(metrics: Metrics) {
    this.#distributions = metrics.distributions;
    collectDefaultMetrics({ register: this.#registry });
    for (const family of metrics.families) registerFamily(this.#registry, family);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async render(): Promise<string> {
    const families = await this.#registry.metrics();
    return [families, ...this.#distributions.map(histogramText)].join('\n');
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

/**
 * A histogram in the text format (Prometheus exposition format 0.0.4). Written here because prom-client's Histogram has
 * no way in for buckets that are counted elsewhere.
 */
function histogramText({ name, help, bounds, counts, sum, count }: Distribution): string {
  let cumulative = 0;
  const buckets = bounds.map((bound, index) => {
    cumulative += counts[index];
    return `${name}_bucket{le="${bound}"} ${cumulative}`;
  });
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} histogram`,
    ...buckets,
    `${name}_bucket{le="+Inf"} ${count}`,
    `${name}_sum ${sum}`,
    `${name}_count ${count}`,
    '',
  ].join('\n');
}
