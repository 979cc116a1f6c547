import { configKeys } from '../src/config/keys.ts';
import { Metrics } from '../src/observe/metrics.ts';
import { DISCONNECT, type RetryAdvice, retryAdvice } from '../src/protocol/disconnect.ts';
import { ERROR_CODES } from '../src/protocol/error-codes.ts';

type Row = readonly string[];

const RETRY_TEXT = {
  now: 'reconnects now',
  backoff: 'backs off, then reconnects',
  never: 'stays away until something changes',
} as const satisfies Record<RetryAdvice, string>;

/** The generated tables of README.md by the name in their marker. */
export const README_TABLES: ReadonlyMap<string, () => string> = new Map([
  ['errors', errorTable],
  ['disconnects', disconnectTable],
  ['configuration', configurationTable],
  ['metrics', metricsTable],
]);

/**
 * The README with every table between `<!-- table:name -->` and `<!-- /table -->` written anew. Throws an Error for a
 * marker of an unknown name, a marker without end, and a table without marker.
 */
export function withTables(readme: string): string {
  const seen = new Set<string>();
  const result = readme.replaceAll(
    /<!-- table:(\w+) -->\n[\s\S]*?(<!-- \/table -->|(?=<!-- table:)|$(?![\s\S]))/g,
    (_text, name: string, end: string) => {
      const render = README_TABLES.get(name);
      if (render === undefined) throw new Error(`no table is named ${name}`);
      if (end === '') throw new Error(`table ${name} has no end marker`);
      seen.add(name);
      return `<!-- table:${name} -->\n${render()}\n<!-- /table -->`;
    },
  );
  for (const name of README_TABLES.keys())
    if (!seen.has(name)) throw new Error(`no marker for table ${name}`);
  return result;
}

function errorTable(): string {
  const rows = Object.entries(ERROR_CODES).map(([code, text]) => [inCode(code), text]);
  return table(['Code', 'Meaning'], rows);
}

function disconnectTable(): string {
  const rows = Object.entries(DISCONNECT).map(([name, { code, reason }]) => [
    inCode(String(code)),
    inCode(name),
    reason,
    RETRY_TEXT[retryAdvice(code)],
  ]);
  return table(['Code', 'Name', 'Reason', 'The client'], rows);
}

function configurationTable(): string {
  const rows = configKeys().map(({ path, defaultValue, description }) => [
    inCode(path),
    inCode(JSON.stringify(defaultValue)),
    description,
  ]);
  return table(['Key', 'Default', 'Meaning'], rows);
}

function metricsTable(): string {
  const { families, distributions } = new Metrics();
  const rows = families.map(({ name, kind, labelNames, help }) => [
    inCode(name),
    kind,
    labelNames.map(inCode).join(', '),
    help,
  ]);
  const histograms = distributions.map(({ name, help }) => [inCode(name), 'histogram', '', help]);
  return table(['Metric', 'Type', 'Labels', 'Meaning'], [...rows, ...histograms]);
}

function table(head: Row, rows: readonly Row[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function inCode(text: string): string {
  return `\`${text}\``;
}
