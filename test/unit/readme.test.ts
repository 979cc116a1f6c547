import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configKeys } from '../../src/config/keys.ts';
import { Metrics } from '../../src/observe/metrics.ts';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import { ERROR_CODES } from '../../src/protocol/error-codes.ts';
import { withTables } from '../../tools/readme-tables.ts';

const PROJECT = join(import.meta.dirname, '../..');
const readme = readFileSync(join(PROJECT, 'README.md'), 'utf8');

/** First cells of the rows of the table under a heading, without backticks. */
function namesUnder(heading: string): string[] {
  const section = readme.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1]);
}

describe('the tables of README.md', () => {
  it('are those that the code says; `npm run readme` writes them anew', () => {
    expect(readme).toBe(withTables(readme));
  });

  it('name every key, code and metric', () => {
    expect(namesUnder('Configuration')).toEqual(configKeys().map(({ path }) => path));
    expect(namesUnder('Error codes')).toEqual(Object.keys(ERROR_CODES));
    expect(namesUnder('Disconnect codes')).toEqual(Object.values(DISCONNECT).map(({ code }) => String(code)));
    const { families, distributions } = new Metrics();
    expect(namesUnder('Metrics')).toEqual([...families, ...distributions].map(({ name }) => name));
  });

  it('list the folders that there are', () => {
    const listed = namesUnder('Folders');
    for (const folder of listed) expect(existsSync(join(PROJECT, folder)), folder).toBe(true);
    const inSrc = readdirSync(join(PROJECT, 'src'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    for (const { name } of inSrc) expect(listed).toContain(`src/${name}/`);
  });
});

describe('withTables', () => {
  const marked = ['errors', 'disconnects', 'configuration', 'metrics'].map(
    (name) => `<!-- table:${name} -->\nSTALE\n<!-- /table -->\n`,
  );

  it('changes what is between the markers and nothing else', () => {
    const text = withTables(`before\n${marked.join('in-between\n')}after\n`);
    expect(text).toMatch(/^before\n<!-- table:errors -->\n\| Code \| Meaning \|\n/);
    expect(text).toMatch(/<!-- \/table -->\nafter\n$/);
    expect(text).not.toContain('STALE');
    expect(text.match(/^in-between$/gm)).toHaveLength(3);
    expect(withTables(text)).toBe(text);
  });

  it('refuses unknown, missing and unended markers', () => {
    expect(() => withTables(`${marked.join('')}<!-- table:x -->\n<!-- /table -->`)).toThrowError(
      'no table is named x',
    );
    expect(() => withTables(marked.slice(1).join(''))).toThrowError('no marker for table errors');
    expect(() => withTables(`<!-- table:errors -->\n${marked.join('')}`)).toThrowError('errors has no end');
    expect(() => withTables(`${marked.join('')}<!-- table:errors -->\nrest`)).toThrowError(
      'errors has no end',
    );
  });
});
