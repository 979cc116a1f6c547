import pino from 'pino';

/** What the gateway's parts need of a logger. Objects first, then a fixed message. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A logger that adds `fields` to each line. Bind it once, not per event. */
  child(fields: object): Log;
}

export interface LogOptions {
  readonly level: string;
  /** Where lines go; standard output by default. */
  readonly destination?: { write(line: string): void };
}

/** Keys whose values never reach a log, at the top and one level down. Payloads are not passed to a logger at all. */
const SECRET_KEYS = [
  'token',
  'resumeToken',
  'refreshToken',
  'password',
  'secret',
  'authorization',
  'payload',
];

/** JSON lines by pino. Each gateway has its own; there is no global logger. */
export function createLog(options: LogOptions): Log {
  const settings: pino.LoggerOptions = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
    serializers: { error: pino.stdSerializers.err },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

/** For tests and tools. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child() {
    return silentLog;
  },
};
