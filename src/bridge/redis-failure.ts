/**
 * Says in a few words what went wrong with Redis. Only known words and codes are passed on: texts of the server or the
 * library may name a user or repeat the arguments of a command, credentials among them.
 */
export function redisFailure(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  if ('lastNodeError' in error && error.lastNodeError instanceof Error)
    return redisFailure(error.lastNodeError);
  if ('code' in error && typeof error.code === 'string') return error.code;
  const refusal = /^(?:-)?([A-Z]{3,20})(?: |$)/.exec(error.message)?.[1];
  if (refusal !== undefined) return REFUSALS.get(refusal) ?? `refused with ${refusal}`;
  if (error.message.startsWith('All sentinels are unreachable')) return 'no sentinel can be reached';
  if (error.message === 'Command timed out') return 'no answer in time';
  return 'connection failed';
}

const TROUBLE_CODES =
  'NOSCRIPT|READONLY|LOADING|OOM|MISCONF|BUSY|NOREPLICAS|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|UNBLOCKED|NOAUTH';
/** As Redis answers; as a script of an old Redis wraps it; and as ioredis does, once it has tried often enough. */
const SERVER_TROUBLE = [
  new RegExp(`^-?(?:${TROUBLE_CODES}) `),
  new RegExp(`^ERR Error running script .*: -(?:${TROUBLE_CODES}) `),
  /^Too many Cluster redirections\./,
];
/** What ioredis says where it has no connection to send on. */
const NO_CONNECTION =
  /^(?:Connection is closed\.|Stream isn't writeable|Cluster isn't ready|Cluster is ended\.|None of startup nodes|Failed to refresh slots cache\.)/;

/**
 * True for a refusal that speaks of the server's state, or of the way there, and not of the message: it passes, and the
 * same message may be taken later.
 */
export function isServerTrouble(error: Error): boolean {
  if ('lastNodeError' in error && error.lastNodeError instanceof Error) return true;
  return NO_CONNECTION.test(error.message) || SERVER_TROUBLE.some((pattern) => pattern.test(error.message));
}

const REFUSALS = new Map([
  ['WRONGPASS', 'authentication refused (WRONGPASS)'],
  ['NOAUTH', 'authentication required (NOAUTH)'],
  ['NOPERM', 'the user lacks a permission (NOPERM)'],
  ['LOADING', 'loading its data (LOADING)'],
  ['READONLY', 'read-only replica (READONLY)'],
  ['CLUSTERDOWN', 'cluster is down (CLUSTERDOWN)'],
]);

/** An error without the server's text, arguments or cause: it may be logged. */
export function redisError(what: string): Error {
  return new Error(`redis: ${what}`);
}
