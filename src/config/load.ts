import { readFileSync } from 'node:fs';
import { parse as parseYaml, YAMLError } from 'yaml';
import { messageOf } from '../errors.ts';
import { ConfigError, faultsOf } from './config-error.ts';
import { type ConfigKey, configKeys, keysIn, VARIABLE_PREFIX } from './keys.ts';
import { type Config, configSchema } from './schema.ts';

/** Where a configuration comes from, weakest first: defaults, file, environment, flags. */
export interface ConfigSources {
  /** A JSON or YAML file; undefined: none. */
  readonly file?: string | undefined;
  /** Environment variables; only `DUALGATE_*` are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `websocket.port` -> text of the value, from the command line. */
  readonly flags: ReadonlyMap<string, string>;
}

/** Variables with the prefix that are not configuration keys. */
const RESERVED_VARIABLES = new Set(['DUALGATE_CONFIG']);

/** Reads, merges and checks. Throws a ConfigError that names every fault; unknown keys are faults. */
export function loadConfig(sources: ConfigSources): Config {
  const input = sources.file === undefined ? {} : readFile(sources.file);
  const keys = configKeys();
  applyVariables(input, keys, sources.env);
  applyFlags(input, keys, sources.flags);
  chooseBridge(input);
  const result = configSchema.safeParse(input);
  if (!result.success) {
    throw new ConfigError(sources.file ?? 'environment and flags', faultsOf(result.error, input, keysIn));
  }
  return result.data;
}

function readFile(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw fileError(file, messageOf(error), 'a readable file');
  }
  let value: unknown;
  try {
    value = parseYaml(text, { logLevel: 'error' });
  } catch (error) {
    throw fileError(file, syntaxError(error), 'JSON or YAML');
  }
  if (value === null || value === undefined) return {};
  if (!isRecord(value)) throw fileError(file, Array.isArray(value) ? 'a list' : typeof value, 'an object');
  return value;
}

/** Without the parser's own words: they quote the lines around, secrets among them. */
function syntaxError(error: unknown): string {
  if (!(error instanceof YAMLError)) return 'a syntax error';
  const at = error.linePos?.[0];
  const where = at === undefined ? '' : ` at line ${at.line}, column ${at.col}`;
  return `a syntax error (${error.code})${where}`;
}

function fileError(file: string, found: string, expected: string): ConfigError {
  return new ConfigError(file, [{ path: 'file', found, expected }]);
}

function applyVariables(
  input: Record<string, unknown>,
  keys: readonly ConfigKey[],
  env: ConfigSources['env'],
): void {
  const byVariable = new Map(keys.map((key) => [key.variable, key]));
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith(VARIABLE_PREFIX) || RESERVED_VARIABLES.has(variable) || text === undefined)
      continue;
    const key = byVariable.get(variable);
    if (key === undefined) throw unknownKey('environment', variable, 'a key as DUALGATE_<SECTION>_<KEY>');
    setAt(input, key.path, valueFromText(text, key));
  }
}

function applyFlags(
  input: Record<string, unknown>,
  keys: readonly ConfigKey[],
  flags: ConfigSources['flags'],
): void {
  const byPath = new Map(keys.map((key) => [key.path, key]));
  for (const [path, text] of flags) {
    const key = byPath.get(path);
    if (key === undefined) throw unknownKey('flags', `--${path}`, 'a key as --section.key=value');
    setAt(input, key.path, valueFromText(text, key));
  }
}

function unknownKey(source: string, path: string, expected: string): ConfigError {
  return new ConfigError(source, [{ path, found: 'an unknown key', expected }]);
}

/** Text from outside a file: as it is where the key holds a string, else as JSON if it parses. */
function valueFromText(text: string, key: ConfigKey): unknown {
  if (typeof key.defaultValue === 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function setAt(input: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop();
  if (last === undefined) return;
  let section = input;
  for (const name of names) {
    const inner = section[name];
    if (isRecord(inner)) {
      section = inner;
      continue;
    }
    const made: Record<string, unknown> = {};
    section[name] = made;
    section = made;
  }
  section[last] = value;
}

/** A configuration that names a Redis and no kind of bridge means that Redis. */
function chooseBridge(input: Record<string, unknown>): void {
  const redis = input.redis;
  const bridge = input.bridge;
  if (!isRecord(redis) || redis.addr === undefined) return;
  if (isRecord(bridge) ? bridge.kind === undefined : bridge === undefined)
    setAt(input, 'bridge.kind', 'redis');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
