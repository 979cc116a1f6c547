import type { z } from 'zod';

/** One fault of the configuration: where, what was found, what was expected. */
export interface ConfigFault {
  readonly path: string;
  readonly found: string;
  readonly expected: string;
}

/** The configuration cannot be used. The CLI prints `message` and exits with 2. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[];

  constructor(source: string, faults: readonly ConfigFault[]) {
    super(
      [
        `configuration (${source}):`,
        ...faults.map((f) => `  ${f.path}: found ${f.found}, expected ${f.expected}`),
      ].join('\n'),
    );
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** Rewrites zod's issues as faults. Values under secret-looking keys are never repeated. */
export function faultsOf(
  error: z.ZodError,
  input: unknown,
  knownKeys: (path: string) => string[],
): ConfigFault[] {
  return error.issues.flatMap((issue) => {
    const path = pathText(issue.path);
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(path).join(', ');
      return issue.keys.map((key) => ({
        path: path === '' ? key : `${path}.${key}`,
        found: 'an unknown key',
        expected: known === '' ? 'no key here' : `one of ${known}`,
      }));
    }
    return [
      { path, found: foundText(issue.path, valueAt(input, issue.path)), expected: expectedText(issue) },
    ];
  });
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function foundText(path: readonly PropertyKey[], value: unknown): string {
  if (value === undefined) return 'nothing';
  if (/secret|password|token/.test(String(path.at(-1)))) return `a ${typeof value}`;
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function expectedText(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'an integer' : `a value of type ${issue.expected}`;
    case 'too_small':
      return `at least ${issue.minimum}${issue.origin === 'string' ? ' characters' : ''}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    case 'invalid_value':
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    default:
      return issue.message;
  }
}
