import { GATEWAY } from './compile.mjs';
import { prepare } from './prepare.mjs';
import { runScript } from './project.mjs';
import { runTool } from './run.mjs';

/** `npm run readme`: writes the tables of README.md anew from the code. */
await runScript(async () => {
  await prepare(GATEWAY);
  return runTool('dist/tools/write_readme.js', []);
});
