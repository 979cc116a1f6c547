import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './project.mjs';

/**
 * Throws when a file that `SHA256SUMS` of `folder` lists is missing or differs. Native code is about to be unpacked from
 * it and loaded, so a damaged or exchanged file must not come as far as `npm ci`.
 * @param {string} folder
 */
export function verifyPrebuilds(folder) {
  for (const { sum, name } of parseSums(readFileSync(join(folder, 'SHA256SUMS'), 'utf8'))) {
    const file = join(folder, name);
    if (!existsSync(file)) throw new SetupError(`${file} is missing, though SHA256SUMS lists it`);
    const found = createHash('sha256').update(readFileSync(file)).digest('hex');
    if (found !== sum) throw new SetupError(`${file} has sha256 ${found}, but SHA256SUMS says ${sum}`);
  }
}

/**
 * The lines of a file as `sha256sum` writes it.
 * @param {string} text
 */
export function parseSums(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const match = /^([0-9a-f]{64}) [ *](.+)$/.exec(line);
    if (!match) throw new SetupError(`SHA256SUMS: cannot read the line "${line}"`);
    return { sum: match[1], name: match[2] };
  });
}
