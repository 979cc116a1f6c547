import { ENDPOINT_FLAGS, ENDPOINT_USAGE, type EndpointOptions, parseEndpoint } from './endpoint.ts';
import { Flags } from './flags.ts';

/** What `client` and `load` have in common. */
export interface MessageOptions {
  route: 'chat' | 'game';
  msgId: number;
  gameId: string;
  /** Of the first connection; each further one has the next id. */
  userId: number;
  token: string;
  /** Of a payload. */
  bytes: number;
  /** Answers awaited after the last message, and the wait for a Welcome. */
  timeoutMs: number;
  json: boolean;
}

/** What `load` runs with. Plain values: they travel to worker processes. */
export interface LoadOptions extends MessageOptions, EndpointOptions {
  connections: number;
  /** Per connection. */
  messages: number;
  /** Between two messages of a connection; 0: as fast as answers come. */
  intervalMs: number;
  rampUpMs: number;
  /** Unanswered messages per connection; 0: no limit. */
  inFlight: number;
  /** An answer is the ack instead of the response. */
  ack: boolean;
  /** Connections stay open so long after the last answer. */
  holdMs: number;
  processes: number;
}

export const LOAD_USAGE = `usage: load [flags]
${ENDPOINT_USAGE}
  --conn 100          connections                  --msg 10            messages of each
  --interval 100      ms between them; 0: as fast as answers come
  --rampup 5          seconds until the last connection opens
  --in-flight 0       unanswered messages per connection; 0: no limit (1 with --interval 0)
  --ack               an answer is the acknowledgement, not the response
  --hold 0            seconds that connections stay open at the end
  --processes 1       processes that share the connections
  --route game        game or chat                 --msg-id 1001       of the header
  --game demo         game_id                      --user 1            user_id of the first connection
  --token T           token for the Hello          --size 64           bytes of a payload
  --timeout 10000     ms to wait for answers       --json              one JSON object on stdout`;

const NAMES = {
  values: [
    ...ENDPOINT_FLAGS,
    ...['conn', 'msg', 'interval', 'rampup', 'in-flight', 'hold'],
    ...['processes', 'route', 'msg-id', 'game', 'user', 'token', 'size', 'timeout'],
  ],
  switches: ['secure', 'ack', 'json', 'help'],
};
const HOUR_SEC = 3_600;
const HOUR_MS = HOUR_SEC * 1_000;

/** Undefined: help was asked for. Throws a UsageError. */
export function parseLoadOptions(args: string[]): LoadOptions | undefined {
  const flags = new Flags(args, NAMES);
  if (flags.isOn('help')) return undefined;
  const connections = flags.integer('conn', 100, { min: 1, max: 100_000 });
  const intervalMs = flags.integer('interval', 100, { min: 0, max: HOUR_MS });
  return {
    ...parseEndpoint(flags),
    connections,
    messages: flags.integer('msg', 10, { min: 0, max: 1_000_000_000 }),
    intervalMs,
    rampUpMs: flags.number('rampup', 5, { min: 0, max: HOUR_SEC }) * 1_000,
    inFlight: flags.integer('in-flight', intervalMs === 0 ? 1 : 0, { min: 0, max: 65_536 }),
    ack: flags.isOn('ack'),
    holdMs: flags.number('hold', 0, { min: 0, max: 24 * HOUR_SEC }) * 1_000,
    processes: flags.integer('processes', 1, { min: 1, max: Math.min(64, connections) }),
    ...parseMessageOptions(flags),
  };
}

/** The flags that `client` and `load` share. */
export function parseMessageOptions(flags: Flags): MessageOptions {
  return {
    route: flags.choice('route', 'game', ['chat', 'game']),
    msgId: flags.integer('msg-id', 1_001, { min: 0, max: 65_535 }),
    gameId: flags.text('game', 'demo'),
    userId: flags.integer('user', 1, { min: 0, max: Number.MAX_SAFE_INTEGER }),
    token: flags.text('token', ''),
    bytes: flags.integer('size', 64, { min: 1, max: 16 * 1024 * 1024 }),
    timeoutMs: flags.integer('timeout', 10_000, { min: 1, max: HOUR_MS }),
    json: flags.isOn('json'),
  };
}

/** The share of worker `index`: connections split evenly, user ids without overlap, the pace per connection kept. */
export function shareOf(options: LoadOptions, index: number): LoadOptions {
  const first = Math.floor((options.connections * index) / options.processes);
  const end = Math.floor((options.connections * (index + 1)) / options.processes);
  return { ...options, connections: end - first, userId: options.userId + first, processes: 1 };
}
