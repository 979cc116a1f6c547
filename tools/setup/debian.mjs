import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupError, say } from './project.mjs';
import { run, TO_STDERR } from './run.mjs';

/**
 * Makes sure that `binary` is in PATH: found there, or installed from the Debian package `packageName` where this process
 * may do so (root, apt-get at hand), or else a SetupError whose message names the command to type. A service that the
 * package brings along is neither used nor touched: tests start servers of their own on free ports.
 * @param {string} binary
 * @param {string} packageName
 */
export async function ensureDebianPackage(binary, packageName) {
  if (findInPath(binary)) return;
  const byHand = `${binary} is needed and not in PATH; install it, on Debian or Ubuntu with: sudo apt-get install ${packageName}`;
  if (process.getuid?.() !== 0 || !findInPath('apt-get')) throw new SetupError(byHand);
  say(`installing ${packageName} (apt-get)`);
  await aptGet(['update', '-qq']);
  await aptGet(['install', '-y', '-qq', '--no-install-recommends', packageName]);
  if (!findInPath(binary)) throw new SetupError(byHand);
}

/**
 * The full path of a program, undefined when PATH has none.
 * @param {string} binary
 * @param {string} [path]
 */
export function findInPath(binary, path = process.env.PATH ?? '') {
  const candidates = path
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, binary));
  return candidates.find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  if (!existsSync(file)) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch (_denied) {
    return false;
  }
}

/**
 * Its chatter goes to stderr; dpkg must not ask questions nobody answers.
 * @param {readonly string[]} args
 */
async function aptGet(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const code = await run('apt-get', args, { stdio: [...TO_STDERR], env });
  if (code !== 0) throw new SetupError(`apt-get ${args.join(' ')} failed with exit code ${code}`);
}
