import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inProject, ROOT, SetupError, say } from './project.mjs';
import { runTool, TO_STDERR } from './run.mjs';
import { filesUnder, hashFiles, isStamped, writeStamp } from './stamp.mjs';

/**
 * @typedef {object} Target
 * @property {string} config the tsconfig file
 * @property {string} outDir where the result stands, replaced as a whole
 * @property {readonly string[]} sources folders and files whose content decides about the result
 * @property {string} [page] folder in `outDir` for the web client
 */

const CONFIGS = ['tsconfig.json', 'package-lock.json', 'tools/setup/compile.mjs'];
const GATEWAY_SOURCES = ['src', 'transports', 'tools', 'web-client', 'proto'];

/** The gateway and its tools. @type {Target} */
export const GATEWAY = {
  config: 'tsconfig.build.json',
  outDir: 'dist',
  sources: [...GATEWAY_SOURCES, ...CONFIGS, 'tsconfig.build.json', 'vite.config.ts'],
  page: 'web-client/app',
};

/** The same and the benchmarks. @type {Target} */
export const BENCH = {
  config: 'tsconfig.bench.json',
  outDir: 'dist-bench',
  sources: [...GATEWAY_SOURCES, 'test/bench', 'test/support', ...CONFIGS, 'tsconfig.bench.json'],
};

/** What tsc leaves behind because it is not TypeScript. */
const COPIES = ['src/protocol/gen', 'proto'];

/**
 * Compiles `target` when one of its sources changed. The result is made beside the old one and takes its place at the
 * end: what stands in the folder is always whole, and holds nothing of a source that is gone.
 * @param {Target} target
 */
export async function ensureBuild(target) {
  const stamp = stampOf(target);
  const outDir = inProject(target.outDir);
  if (isStamped(join(outDir, '.stamp'), stamp)) return;
  say(`building ${target.outDir}/`);
  const fresh = `${outDir}.new`;
  rmSync(fresh, { recursive: true, force: true });
  await compile(target.config, fresh);
  for (const path of COPIES) copy(path, fresh);
  if (target.page !== undefined) await bundlePage(join(fresh, target.page), fresh);
  writeStamp(join(fresh, '.stamp'), stamp);
  replace(outDir, fresh);
}

/** @param {Target} target */
function stampOf(target) {
  const files = target.sources.flatMap((source) => filesUnder(inProject(source)));
  return hashFiles(ROOT, files, [target.config]);
}

/**
 * @param {string} config
 * @param {string} outDir
 */
async function compile(config, outDir) {
  const args = ['-p', inProject(config), '--outDir', outDir];
  await runStep('node_modules/typescript/bin/tsc', args, outDir);
}

/**
 * @param {string} folder
 * @param {string} outDir what is thrown away on failure
 */
async function bundlePage(folder, outDir) {
  const args = ['build', '--logLevel', 'warn', '--outDir', folder];
  await runStep('node_modules/vite/bin/vite.js', args, outDir);
}

/**
 * @param {string} script
 * @param {readonly string[]} args
 * @param {string} outDir
 */
async function runStep(script, args, outDir) {
  const code = await runTool(script, args, { stdio: [...TO_STDERR] });
  if (code === 0) return;
  rmSync(outDir, { recursive: true, force: true });
  throw new SetupError('the build failed; the lines above tell where');
}

/**
 * @param {string} path
 * @param {string} outDir
 */
function copy(path, outDir) {
  if (!existsSync(inProject(path))) throw new SetupError(`${path} is missing`);
  mkdirSync(dirname(join(outDir, path)), { recursive: true });
  cpSync(inProject(path), join(outDir, path), { recursive: true });
}

/**
 * @param {string} outDir
 * @param {string} fresh
 */
function replace(outDir, fresh) {
  const old = `${outDir}.old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(outDir)) renameSync(outDir, old);
  renameSync(fresh, outDir);
  rmSync(old, { recursive: true, force: true });
}
