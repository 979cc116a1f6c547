import { configSchema } from '../../../src/config/schema.ts';
import { createLog } from '../../../src/observe/log.ts';
import { serve } from '../../../src/serve.ts';
import { argument, reportTo } from './serve-child.ts';

/** This gateway, with the configuration of the command line over its defaults. Its port is that of WebTransport, if on. */
const running = await serve(
  configSchema.parse(argument()),
  createLog({ level: 'warn', destination: process.stderr }),
);
const { addresses } = running;
const address = addresses.get('webtransport') ?? addresses.get('websocket');
reportTo(process, address?.port ?? 0, () => running.close());
