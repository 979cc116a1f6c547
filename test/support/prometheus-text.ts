/** A metrics page, read by the text format's grammar (Prometheus exposition format 0.0.4). */
export interface MetricsPage {
  readonly types: ReadonlyMap<string, string>;
  readonly helps: ReadonlyMap<string, string>;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Throws at a line that is none of the format's, and at a sample that stands twice. */
export function parsePage(text: string): MetricsPage {
  const types = new Map<string, string>();
  const helps = new Map<string, string>();
  const samples = new Map<string, Sample>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/.exec(line);
    if (comment !== null) {
      (comment[1] === 'HELP' ? helps : types).set(comment[2], comment[3]);
      continue;
    }
    const sample = parseSample(line);
    const key = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`;
    if (samples.has(key)) throw new Error(`twice: ${line}`);
    samples.set(key, sample);
  }
  return { types, helps, samples: [...samples.values()] };
}

function parseSample(line: string): Sample {
  const match = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
  if (match === null) throw new Error(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  for (const [, name, value] of (match[2] ?? '').matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g)) {
    labels[name] = value;
  }
  const value = match[3] === '+Inf' ? Number.POSITIVE_INFINITY : Number(match[3]);
  if (Number.isNaN(value) && match[3] !== 'Nan' && match[3] !== 'NaN') throw new Error(`no number: ${line}`);
  return { name: match[1], labels, value };
}

/** The sample with exactly these labels. */
export function sampleOf(
  page: MetricsPage,
  name: string,
  labels: Record<string, string>,
): number | undefined {
  const names = Object.keys(labels);
  return page.samples.find(
    (sample) =>
      sample.name === name &&
      Object.keys(sample.labels).length === names.length &&
      names.every((label) => sample.labels[label] === labels[label]),
  )?.value;
}
