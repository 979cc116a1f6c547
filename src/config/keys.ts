import { z } from 'zod';
import { configSchema } from './schema.ts';

/** One configuration key with a value of its own (not a section), as the README's table shows it. */
export interface ConfigKey {
  /** Dotted path, as in error messages and flags: `websocket.port`. */
  readonly path: string;
  /** Name of the environment variable: `DUALGATE_WEBSOCKET_PORT`. */
  readonly variable: string;
  readonly defaultValue: unknown;
  readonly description: string;
}

export const VARIABLE_PREFIX = 'DUALGATE_';

/** Every key of the configuration in the order of the schema. */
export function configKeys(): ConfigKey[] {
  return keysBelow(configSchema, '');
}

/** Names of the keys directly below a dotted path; empty where the path is no section. */
export function keysIn(path: string): string[] {
  const section = sectionAt(path);
  return section === undefined ? [] : Object.keys(section.shape);
}

function keysBelow(section: z.ZodObject, prefix: string): ConfigKey[] {
  return Object.entries(section.shape).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const inner = sectionOf(field);
    return inner === undefined ? [leaf(path, field)] : keysBelow(inner, `${path}.`);
  });
}

function leaf(path: string, field: unknown): ConfigKey {
  return {
    path,
    variable: VARIABLE_PREFIX + path.replaceAll('.', '_').toUpperCase(),
    defaultValue: field instanceof z.ZodDefault ? field.def.defaultValue : undefined,
    description: field instanceof z.ZodType ? (field.description ?? '') : '',
  };
}

function sectionOf(field: unknown): z.ZodObject | undefined {
  const inner = field instanceof z.ZodPrefault ? field.def.innerType : field;
  return inner instanceof z.ZodObject ? inner : undefined;
}

function sectionAt(path: string): z.ZodObject | undefined {
  if (path === '') return configSchema;
  return path
    .split('.')
    .reduce<z.ZodObject | undefined>(
      (section, name) => section && sectionOf(section.shape[name]),
      configSchema,
    );
}
