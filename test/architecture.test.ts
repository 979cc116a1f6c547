import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  forbiddenImports,
  importCycles,
  longFiles,
  moduleState,
  type Row,
  type Sources,
  typeEscapes,
} from './architecture/rules.ts';
import { scan } from './architecture/scan.ts';
import { TABLE } from './architecture/table.ts';

const ROOT = join(import.meta.dirname, '..');

const shipped = sourcesOf('src', 'transports', 'web-client', 'tools');
const all: Sources = new Map([...shipped, ...sourcesOf('test')]);

/** All TypeScript of `folders` but for generated code. */
function sourcesOf(...folders: string[]): Sources {
  const paths = folders
    .flatMap((folder) => filesOf(folder))
    .filter((path) => !path.startsWith('src/protocol/gen/'));
  return new Map(paths.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
}

function filesOf(folder: string): string[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
}

function sources(files: Record<string, string>): Sources {
  return new Map(Object.entries(files));
}

describe('the project', () => {
  it('is found by the scanner', () => {
    expect(shipped.has('src/transport.ts')).toBe(true);
    expect([...shipped].flatMap(([, source]) => scan(source).imports).length).toBeGreaterThan(50);
  });

  it('imports along the layers only', () => expect(forbiddenImports(shipped, TABLE)).toEqual([]));
  it('has no import cycle', () => expect(importCycles(shipped)).toEqual([]));
  it('has no file over 400 lines', () => expect(longFiles(all)).toEqual([]));
  it('does not go around the type checker', () => expect(typeEscapes(all)).toEqual([]));
  it('keeps no state in modules', () => expect(moduleState(shipped)).toEqual([]));

  it('names each package in one row of the table', () => {
    const packages = TABLE.flatMap((row) => row.packages);
    expect(packages).toEqual([...new Set(packages)]);
  });
});

describe('the rules', () => {
  const table: readonly Row[] = [
    { folder: 'src/low', may: [], packages: [], node: false },
    { folder: 'src/high', may: ['src/low'], packages: ['ws', '@scope/name'], node: true },
  ];

  it('let allowed imports pass', () => {
    const source = `import a from '../low/a.ts'; import ws from 'ws'; import x from '@scope/name/x.js'; import 'node:fs'; import './b.ts';`;
    expect(forbiddenImports(sources({ 'src/high/a.ts': source }), table)).toEqual([]);
  });

  it.each([
    ['a layer above', `import { a } from '../high/a.ts';`, '../high/a.ts'],
    ['a type of a layer above', `import type { A } from '../high/a.ts';`, '../high/a.ts'],
    ['a re-export', `export * from '../high/a.ts';`, '../high/a.ts'],
    ['a dynamic import', `const a = await import('../high/a.ts');`, '../high/a.ts'],
    ['an import for its effects', `import '../high/a.ts';`, '../high/a.ts'],
    ['an import over several lines', `import {\n  a,\n  b,\n} from '../high/a.ts';`, '../high/a.ts'],
    ['a package of another row', `import ws from 'ws';`, 'ws'],
    ['a Node module in browser code', `import fs from 'node:fs';`, 'node:fs'],
    ['a folder whose name only begins alike', `import { a } from '../lower/a.ts';`, '../lower/a.ts'],
  ])('find %s', (_name, source, specifier) => {
    expect(forbiddenImports(sources({ 'src/low/a.ts': source }), table)).toEqual([
      `src/low/a.ts: may not import ${specifier}`,
    ]);
  });

  it('find a file that no row covers', () => {
    expect(forbiddenImports(sources({ 'src/other/a.ts': '' }), table)).toEqual([
      'src/other/a.ts: no row of the table covers it',
    ]);
  });

  it('find a cycle over three files', () => {
    const ring = {
      'a.ts': `import './b.ts';`,
      'b.ts': `export * from './c.ts';`,
      'c.ts': `import { a } from './a.ts';`,
    };
    expect(importCycles(sources(ring))).toEqual(['a.ts -> b.ts -> c.ts -> a.ts']);
  });

  it.each([`import type { A } from './a.ts';`, `import { type A, type B } from './a.ts';`])(
    'leave out of cycles what is erased: %s',
    (back) => expect(importCycles(sources({ 'a.ts': `import './b.ts';`, 'b.ts': back }))).toEqual([]),
  );

  it('count an import as a value when one of its names is', () => {
    const back = `import { type A, b } from './a.ts';`;
    expect(importCycles(sources({ 'a.ts': `import './b.ts';`, 'b.ts': back }))).toHaveLength(1);
  });

  it('allow 400 lines and find 401', () => {
    const lines = (count: number) => 'x;\n'.repeat(count);
    expect(longFiles(sources({ 'a.ts': lines(400), 'b.ts': lines(401) }))).toEqual([
      'b.ts: 401 lines, at most 400',
    ]);
  });

  it.each([
    'let a: any;', // text for the check to find fault with, no type of this file
    'const a = b as any;', // text for the check, as above
    'const a: Map<string, any> = c;', // text for the check, as above
    'const a: any[] = [];', // text for the check, as above
  ])('find any in: %s', (source) => expect(typeEscapes(sources({ 'a.ts': source }))).toEqual(['a.ts: any']));

  it('find a directive that silences the compiler', () => {
    const source = '// @ts-ignore\nx;'; // text for the check to find fault with, no directive of this file
    expect(typeEscapes(sources({ 'a.ts': source }))).toEqual(['a.ts: @ts-ignore']);
  });

  it('take words in text for what they are', () => {
    const source = [
      '// any', // text for the check to pass: a comment has the word
      "const a = 'as any'; Promise.any(b);", // text for the check to pass: a string and a method have it
      `const c = \`any \${d({ e: \`any\` })} any\`;`, // text for the check to pass: templates have it
      `/any["']/.test(c);`, // text for the check to pass: a pattern has it
    ].join('\n');
    expect(typeEscapes(sources({ 'a.ts': source }))).toEqual([]);
    const text = `const a = "import x from 'y'"; // import z from 'z'\n/* import './w.ts' */`;
    expect(scan(text).imports).toEqual([]);
  });

  it('find variables of a module, not of a function', () => {
    const source = `export let a = 1;\nconst f = () => {\n  g(\`\${a}\`);\n  let b = 0;\n  for (let i = 0; i < 9; i++) b += i;\n};\nvar { c } = f;\nlet d;`;
    expect(moduleState(sources({ 'a.ts': source }))).toEqual([
      'a.ts: module-level variable a',
      'a.ts: module-level variable {',
      'a.ts: module-level variable d',
    ]);
  });
});
