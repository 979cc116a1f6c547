import { webSocketLink } from '../transports/websocket/client.ts';
import type { LoadOptions } from './load-options.ts';
import { LoadRun } from './load-run.ts';

/** A worker of `load --processes`: takes its share as the first message, answers with a snapshot, and ends. */
process.once('message', async (options: LoadOptions) => {
  const run = new LoadRun(options, webSocketLink(options.url));
  process.on('SIGINT', () => run.interrupt());
  const result = await run.run();
  process.send?.(result.snapshot(), () => process.exit());
});
