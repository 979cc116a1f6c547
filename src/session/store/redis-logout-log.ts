import { LOGOUTS_MAX, LOGOUTS_PER_READ, type LoggedOut, type Logout, type LogoutLog } from './logout-log.ts';
import type { RedisCommands, RedisScript } from './redis-commands.ts';

const KEY = 'dualgate:logouts';

/** A stream: its ids grow with the clock of Redis, also after Redis has lost it. */
export class RedisLogoutLog implements LogoutLog {
  readonly #redis: RedisCommands;

  constructor(redis: RedisCommands) {
    this.#redis = redis;
  }

  async add({ userId, atMs, nonce }: Logout, ttlMs: number): Promise<void> {
    await this.#redis.run(ADD, [KEY], [LOGOUTS_MAX, Math.ceil(ttlMs), userId, atMs, nonce]);
  }

  async after(place: string): Promise<LoggedOut> {
    const from = place === '' ? '-' : `(${place}`;
    const reply: unknown = await this.#redis.call('XRANGE', KEY, from, '+', 'COUNT', LOGOUTS_PER_READ);
    const entries: unknown[] = Array.isArray(reply) ? reply : [];
    const logouts: Logout[] = [];
    let last = place;
    for (const entry of entries) {
      if (!Array.isArray(entry) || !Array.isArray(entry[1])) continue;
      last = String(entry[0]);
      const [, userId, , atMs, , nonce] = entry[1].map(String);
      logouts.push({ userId, atMs: Number(atMs), nonce });
    }
    return { place: last, logouts };
  }
}

const ADD: RedisScript = {
  lua: `
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'user', ARGV[3], 'at', ARGV[4], 'nonce', ARGV[5])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 1
`,
};

/** For the connection to load. */
export const LOGOUT_SCRIPTS: readonly RedisScript[] = [ADD];
