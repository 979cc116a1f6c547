import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject, SetupError } from './project.mjs';
import { runTool } from './run.mjs';

/** The folder of the generated protobuf code, inside the project. */
export const GENERATED = 'src/protocol/gen';

const FILES = ['gateway.js', 'gateway.d.ts', 'system.js', 'system.d.ts'];
/** Begins each part of proto/gateway.proto. */
const PART = '\n// ------';

/** `--force-long` keeps all 64 bits of an id; comments stay in because pbjs makes the types from them. */
const OPTIONS = [
  ...['-t', 'static-module', '-w', 'esm', '--es6', '--dependency', 'protobufjs/minimal.js'],
  ...['--no-verify', '--no-delimited', '--no-typeurl', '--no-service', '--no-convert', '--force-long', '-d'],
];

/**
 * Generates the protobuf code into `folder`: `system.js` of the messages of route 3, all that a client needs, and
 * `gateway.js` of all others. No bundler can tell them apart within one file.
 * @param {string} folder
 */
export async function generate(folder) {
  const { system, gateway } = partsOf(readFileSync(inProject('proto', 'gateway.proto'), 'utf8'));
  const scratch = mkdtempSync(join(tmpdir(), 'dualgate-proto-'));
  try {
    for (const [name, text] of [
      ['system', system],
      ['gateway', gateway],
    ]) {
      const proto = join(scratch, `${name}.proto`);
      writeFileSync(proto, text);
      await runPbjs(proto, join(folder, `${name}.js`), name);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * `root`: where the code keeps its messages at run time; the files would overwrite each other's under one name.
 * @param {string} proto
 * @param {string} out
 * @param {string} root
 */
async function runPbjs(proto, out, root) {
  const args = [...OPTIONS, '-r', root, '-o', out, proto];
  const code = await runTool('node_modules/protobufjs-cli/bin/pbjs', args);
  if (code !== 0) throw new SetupError(`pbjs failed with exit code ${code}`);
}

/**
 * The messages of route 3, which stand first, and the others. Neither refer to the other ones.
 * @param {string} proto
 */
function partsOf(proto) {
  const begin = proto.indexOf(PART);
  const end = proto.indexOf(PART, begin + 1);
  if (end < 0) throw new SetupError('proto/gateway.proto has no parts');
  return { system: proto.slice(0, end), gateway: proto.slice(0, begin) + proto.slice(end) };
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
