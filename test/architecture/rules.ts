import { posix } from 'node:path';
import { anyTypes, moduleVariables, scan } from './scan.ts';

/** Sources by path relative to the project, with forward slashes. */
export type Sources = ReadonlyMap<string, string>;

/** What one folder (or file) may import beside itself. */
export interface Row {
  readonly folder: string;
  /** Folders and files of this project. */
  readonly may: readonly string[];
  /** npm packages. */
  readonly packages: readonly string[];
  /** False where the code also runs in browsers: no `node:` modules. */
  readonly node: boolean;
}

const FILE_LINES_MAX = 400;

/**
 * Imports that the table does not allow. Type-only imports count: a file that names a type of a layer above knows that
 * layer, and a change up there reaches down to it.
 */
export function forbiddenImports(sources: Sources, table: readonly Row[]): string[] {
  return [...sources].flatMap(([path, source]) => {
    const row = rowOf(path, table);
    if (row === undefined) return [`${path}: no row of the table covers it`];
    const bad = scan(source).imports.filter(({ specifier }) => !isAllowed(path, specifier, row));
    return bad.map(({ specifier }) => `${path}: may not import ${specifier}`);
  });
}

/** The longest folder that holds `path` decides. */
function rowOf(path: string, table: readonly Row[]): Row | undefined {
  const rows = table.filter(({ folder }) => isInside(path, folder));
  return rows.sort((left, right) => right.folder.length - left.folder.length)[0];
}

function isAllowed(path: string, specifier: string, row: Row): boolean {
  if (specifier.startsWith('node:')) return row.node;
  if (!specifier.startsWith('.')) return row.packages.includes(packageOf(specifier));
  const target = resolve(path, specifier);
  return [row.folder, ...row.may].some((folder) => isInside(target, folder));
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

function resolve(path: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(path), specifier));
}

/**
 * Import cycles, each as `a -> b -> a`. Type-only imports do not count here: the compiler erases them, so they cannot
 * make a module run before the one that it needs, which is the harm that a cycle does.
 */
export function importCycles(sources: Sources): string[] {
  const edges = new Map([...sources].map(([path, source]) => [path, valueImports(path, source)]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at !== -1) cycles.push([...trail.slice(at), path].join(' -> '));
    if (at !== -1 || done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return cycles;
}

function valueImports(path: string, source: string): string[] {
  const imports = scan(source).imports.filter(
    ({ specifier, typeOnly }) => specifier.startsWith('.') && !typeOnly,
  );
  return imports.map(({ specifier }) => resolve(path, specifier));
}

/** Files longer than 400 lines. */
export function longFiles(sources: Sources): string[] {
  const counted = [...sources].map(([path, source]) => ({
    path,
    lines: source.trimEnd().split('\n').length,
  }));
  const long = counted.filter(({ lines }) => lines > FILE_LINES_MAX);
  return long.map(({ path, lines }) => `${path}: ${lines} lines, at most ${FILE_LINES_MAX}`);
}

/** Ways around the type checker. */
export function typeEscapes(sources: Sources): string[] {
  return [...sources].flatMap(([path, source]) => {
    const { code, comments } = scan(source);
    const directive = /@ts-(?:ignore|nocheck|expect-error)/.exec(comments)?.[0];
    const faults = directive === undefined ? [] : [`${path}: ${directive}`];
    return anyTypes(code) === 0 ? faults : [...faults, `${path}: any`];
  });
}

/** `let` and `var` at module level: two gateways run in one process and must share no state. */
export function moduleState(sources: Sources): string[] {
  return [...sources].flatMap(([path, source]) =>
    moduleVariables(scan(source).code).map((name) => `${path}: module-level variable ${name}`),
  );
}
