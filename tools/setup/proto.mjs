import { GENERATED, generate } from './generate.mjs';
import { prepare } from './prepare.mjs';
import { inProject, runScript, say } from './project.mjs';

/** `npm run proto`: writes the protobuf code anew. Needed after each change of proto/gateway.proto. */
await runScript(async () => {
  await prepare();
  await generate(inProject(GENERATED));
  say(`wrote ${GENERATED}/`);
  return 0;
});
