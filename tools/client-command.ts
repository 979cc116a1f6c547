import { type ClientOptions, ClientRun } from './client-run.ts';
import { ENDPOINT_FLAGS, ENDPOINT_USAGE, openersOf, parseEndpoint } from './endpoint.ts';
import { Flags } from './flags.ts';
import { parseMessageOptions } from './load-options.ts';
import { onInterrupts, runCommand } from './output.ts';

const USAGE = `usage: client [flags]
${ENDPOINT_USAGE}
  --messages 10       to send                      --interval 1000     ms between them
  --route game        game (awaits each response) or chat (awaits its relayed copy)
  --msg-id 1001       of the header                --game demo         game_id
  --user 1            user_id                      --token T           token for the Hello
  --size 64           bytes of a payload           --timeout 10000     ms to wait for an answer
  --json              one JSON object on stdout`;

const NAMES = {
  values: [
    ...ENDPOINT_FLAGS,
    ...['messages', 'interval', 'route', 'msg-id', 'game'],
    ...['user', 'token', 'size', 'timeout'],
  ],
  switches: ['secure', 'json', 'help'],
};
const HOUR_MS = 3_600_000;

/** Undefined: help was asked for. Throws a UsageError. */
export function parseClientOptions(args: string[]): ClientOptions | undefined {
  const flags = new Flags(args, NAMES);
  if (flags.isOn('help')) return undefined;
  return {
    ...parseEndpoint(flags),
    messages: flags.integer('messages', 10, { min: 0, max: 1_000_000 }),
    intervalMs: flags.integer('interval', 1_000, { min: 0, max: HOUR_MS }),
    ...parseMessageOptions(flags),
  };
}

/**
 * `client`: one connection that sends and shows each answer. Resolves with the exit code: 0 when each message was
 * answered, 1 otherwise, 2 for bad flags. Never rejects.
 */
export function runClient(args: string[]): Promise<number> {
  return runCommand(async () => {
    const options = parseClientOptions(args);
    if (options === undefined) {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    const stop = new AbortController();
    const interrupts = onInterrupts(() => stop.abort());
    try {
      const [open] = await openersOf(options);
      return await new ClientRun(options, open, stop.signal).run();
    } finally {
      interrupts.release();
    }
  });
}
