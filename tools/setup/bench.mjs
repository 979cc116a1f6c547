import { BENCH } from './compile.mjs';
import { ensureDebianPackage } from './debian.mjs';
import { prepare } from './prepare.mjs';
import { runScript } from './project.mjs';
import { runTool } from './run.mjs';

/** `npm run bench`: the benchmarks of test/bench, compiled, with the arguments given here. */
await runScript(async () => {
  await prepare(BENCH);
  await ensureDebianPackage('redis-server', 'redis-server');
  return runTool('dist-bench/test/bench/main.js', process.argv.slice(2));
});
