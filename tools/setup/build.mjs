import { GATEWAY } from './compile.mjs';
import { prepare } from './prepare.mjs';
import { runScript } from './project.mjs';

/** `npm run build`: all set-up, nothing started. */
await runScript(async () => {
  await prepare(GATEWAY);
  return 0;
});
