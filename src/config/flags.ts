import { ConfigError } from './config-error.ts';
import type { ConfigSources } from './load.ts';

/** Used where neither `--config` nor DUALGATE_CONFIG names a file, and it is there. */
export const DEFAULT_CONFIG_FILE = 'config/gateway.json';

/**
 * Reads `--config path` and `--section.key value` (or `--section.key=value`) from the command line. Throws a
 * ConfigError for what is neither. `exists` tells whether the default file is there.
 */
export function configSources(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  exists: (file: string) => boolean,
): ConfigSources {
  const flags = new Map<string, string>();
  let file = env.DUALGATE_CONFIG || undefined;
  for (let index = 0; index < args.length; index++) {
    const match = /^--([a-z][a-z0-9_.]*)(?:=(.*))?$/s.exec(args[index]);
    if (match === null) throw fault(args[index], 'an argument', '--config path or --section.key=value');
    const name = match[1];
    const value = match[2] ?? args[++index];
    if (value === undefined) throw fault(`--${name}`, 'nothing after it', 'a value');
    if (name === 'config') file = value;
    else flags.set(name, value);
  }
  file ??= exists(DEFAULT_CONFIG_FILE) ? DEFAULT_CONFIG_FILE : undefined;
  return { file, env, flags };
}

function fault(path: string, found: string, expected: string): ConfigError {
  return new ConfigError('flags', [{ path, found, expected }]);
}
