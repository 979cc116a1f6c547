import { spawn } from 'node:child_process';
import { GATEWAY } from './compile.mjs';
import { prepare } from './prepare.mjs';
import { inProject, ROOT, runScript } from './project.mjs';
import { exitCodeOf } from './run.mjs';
import { endWithParent, passSignals } from './signals.mjs';

/** `npm start`: all set-up, then `dualgate serve` with the arguments given here. */
await runScript(async () => {
  await prepare(GATEWAY);
  const args = [inProject('dist', 'src', 'main.js'), 'serve', ...process.argv.slice(2)];
  const gateway = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  passSignals(gateway);
  if (process.env.npm_lifecycle_event) endWithParent(gateway);
  return exitCodeOf(gateway);
});
