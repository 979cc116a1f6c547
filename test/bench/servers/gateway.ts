import { configSchema } from '../../../src/config/schema.ts';
import { createLog } from '../../../src/observe/log.ts';
import { serve } from '../../../src/serve.ts';
import { argument, reportTo } from './serve-child.ts';

/** This gateway, with the configuration of the command line over its defaults. */
const running = await serve(
  configSchema.parse(argument()),
  createLog({ level: 'warn', destination: process.stderr }),
);
reportTo(process, running.addresses.get('websocket')?.port ?? 0, () => running.close());
