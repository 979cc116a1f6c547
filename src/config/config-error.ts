import type { z } from 'zod';

/** A private key in the place of the public one is among them. */
const SECRET_KEY = /secret|password|token|public_key/;
/** `user:password@` of a URL or an address. */
const CREDENTIALS = /[^\s"/,]*@/g;

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

/**
 * Rewrites zod's issues as faults. What may hold a secret is never repeated: values under secret-looking keys, user and
 * password of a URL, and whatever stands in the place of a section or a list.
 */
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
    return [{ path, found: foundText(issue, valueAt(input, issue.path)), expected: expectedText(issue) }];
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

function foundText(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value) && value.length === 0) return 'an empty list';
  if (Array.isArray(value) && !value.every((item) => typeof item === 'string')) return 'a list';
  if (typeof value === 'object' && !Array.isArray(value)) return 'an object';
  const isSection = issue.code === 'invalid_type' && issue.expected === 'object';
  if (isSection || issue.path.some((key) => SECRET_KEY.test(String(key)))) return `a ${typeof value}`;
  const text = (JSON.stringify(value) ?? String(value)).replaceAll(CREDENTIALS, '[hidden]@');
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function expectedText(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'never') return 'no entry';
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
