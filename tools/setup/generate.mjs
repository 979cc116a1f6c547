import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject, SetupError } from './project.mjs';
import { runTool } from './run.mjs';

/** The folder of the generated protobuf code, inside the project. */
export const GENERATED = 'src/protocol/gen';

const FILES = ['gateway.js', 'gateway.d.ts'];

/** `--force-long` keeps all 64 bits of an id; comments stay in because pbjs makes the types from them. */
const OPTIONS = [
  ...['-t', 'static-module', '-w', 'esm', '--es6', '--dependency', 'protobufjs/minimal.js'],
  ...['--no-verify', '--no-delimited', '--no-typeurl', '--no-service', '--no-convert', '--force-long', '-d'],
];

/**
 * Generates the protobuf code into `folder`.
 * @param {string} folder
 */
export async function generate(folder) {
  const args = [...OPTIONS, '-o', join(folder, 'gateway.js'), inProject('proto', 'gateway.proto')];
  const code = await runTool('node_modules/protobufjs-cli/bin/pbjs', args);
  if (code !== 0) throw new SetupError(`pbjs failed with exit code ${code}`);
}

/** Names of the generated files that differ from a fresh generation. */
export async function staleFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'dualgate-gen-'));
  try {
    await generate(folder);
    return FILES.filter((file) => !sameText(join(folder, file), inProject(GENERATED, file)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Line ends do not count: a checkout on Windows may have its own.
 * @param {string} left
 * @param {string} right
 */
function sameText(left, right) {
  return textOf(left) === textOf(right);
}

/** @param {string} file */
function textOf(file) {
  return readFileSync(file, 'utf8').replace(/\r\n/g, '\n');
}
