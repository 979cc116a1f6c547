import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/**
 * Files below `path` (or `path` itself when it is a file), sorted; nothing when it does not exist.
 * @param {string} path
 * @returns {string[]}
 */
export function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  const entries = readdirSync(path).sort();
  return entries.flatMap((entry) => filesUnder(join(path, entry)));
}

/**
 * A hash over names and contents of `files`, and over `extras`. Contents rather than times: a branch switched there and
 * back costs no rebuild, and a copied or restored tree with odd times is still told apart. Some 200 files take 10 ms.
 * @param {string} root names are taken relative to it, so a moved checkout keeps its stamp
 * @param {readonly string[]} files
 * @param {readonly string[]} [extras] whatever else decides about the result, such as the platform
 */
export function hashFiles(root, files, extras = []) {
  const hash = createHash('sha256');
  for (const extra of extras) hash.update(`${JSON.stringify(extra)}\n`);
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${JSON.stringify(relative(root, file).split(sep).join('/'))} ${content.length}\n`);
    hash.update(content);
  }
  return hash.digest('hex');
}

/**
 * True when `stampFile` holds exactly `stamp`.
 * @param {string} stampFile
 * @param {string} stamp
 */
export function isStamped(stampFile, stamp) {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8').trim() === stamp;
}

/**
 * Written last, inside the folder that it vouches for: who deletes the folder deletes the stamp, and work that was cut
 * short has none.
 * @param {string} stampFile
 * @param {string} stamp
 */
export function writeStamp(stampFile, stamp) {
  writeFileSync(stampFile, `${stamp}\n`);
}
