import { GENERATED, staleFiles } from './generate.mjs';
import { prepare } from './prepare.mjs';
import { runScript, say } from './project.mjs';
import { runTool } from './run.mjs';

/** @type {ReadonlyArray<readonly [string, () => Promise<boolean>]>} */
const STEPS = [
  ['types', () => tool('node_modules/typescript/bin/tsc', ['-p', 'tsconfig.json', '--noEmit'])],
  ['format and lint', () => tool('node_modules/@biomejs/biome/bin/biome', ['ci', '.'])],
  ['architecture', () => tool('node_modules/vitest/vitest.mjs', ['run', 'test/architecture.test.ts'])],
  ['generated code', generatedCodeIsFresh],
];

/** `npm run check`: every step runs, so that one run shows all faults. Writes nothing. */
await runScript(async () => {
  await prepare();
  /** @type {string[]} */
  const failed = [];
  for (const [name, step] of STEPS) {
    say(`check: ${name}`);
    if (!(await step())) failed.push(name);
  }
  say(failed.length === 0 ? 'check: all fine' : `check: failed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
});

/**
 * @param {string} script
 * @param {readonly string[]} args
 */
async function tool(script, args) {
  return (await runTool(script, args)) === 0;
}

async function generatedCodeIsFresh() {
  const stale = await staleFiles();
  for (const file of stale)
    say(`${GENERATED}/${file} is not what proto/gateway.proto gives; run: npm run proto`);
  return stale.length === 0;
}
