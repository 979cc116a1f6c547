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
