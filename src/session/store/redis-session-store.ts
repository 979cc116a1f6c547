import type { RedisCommands, RedisScript } from './redis-commands.ts';
import { LOGOUT_SCRIPTS, RedisLogoutLog } from './redis-logout-log.ts';
import { RedisUserIndex, USER_SCRIPTS } from './redis-user-index.ts';
import {
  decodeDetails,
  encodeDetails,
  type SessionDetails,
  type SessionRecord,
  type SessionState,
} from './session-record.ts';
import type {
  Appended,
  Claim,
  ClaimRequest,
  Fence,
  Renewal,
  SessionStore,
  StoredChange,
  StoredSession,
  StoredWrite,
} from './session-store.ts';
import type { UserEntry } from './user-index.ts';

/** Keys that backends may read (docs/sessions.md); the braces keep a session's keys in one slot of a cluster. */
export function sessionKey(id: string): string {
  return `dualgate:session:{${id}}`;
}

function gatewayKey(gatewayId: string): string {
  return `dualgate:gateway:${gatewayId}`;
}

function positionKey(run: string): string {
  return `dualgate:position:${run}`;
}

/** A set of their ids; those that died stay until somebody looks. */
const GATEWAYS_KEY = 'dualgate:gateways';
/** Batches of sessions, for gateways that start. */
export const LEFT_KEY = 'dualgate:left';
const FRAMES_PER_CALL = 1000;
const KEEP_ALL = 0xffff_ffff;
const NO_FRAMES: readonly Uint8Array[] = [];

/** A session is a hash, its log a list beside it. */
export class RedisSessionStore implements SessionStore {
  readonly users: RedisUserIndex;
  readonly logouts: RedisLogoutLog;
  readonly #redis: RedisCommands;
  readonly #run: string;

  /** `run`: names the process whose sessions these are. */
  constructor(redis: RedisCommands, run = '') {
    this.#redis = redis;
    this.#run = run;
    this.users = new RedisUserIndex(redis);
    this.logouts = new RedisLogoutLog(redis);
  }

  set onUp(listener: (() => void) | undefined) {
    this.#redis.onUp = listener;
  }

  async save(
    session: StoredSession,
    { log, added, position, ttlMs, releasedTo }: StoredWrite,
  ): Promise<boolean> {
    const { id, gatewayId, epoch, state, secretHash, earlierHash, next, taken, details } = session;
    const frames = log ?? added ?? NO_FRAMES;
    const first = frames.slice(0, FRAMES_PER_CALL);
    const how = log !== undefined ? 'replace' : added !== undefined ? 'add' : 'keep';
    const at = (count: number): number => (next - frames.length + count) >>> 0;
    const counts = [at(first.length), taken];
    const fields = [gatewayId, epoch, state, secretHash, earlierHash, ...counts, encodeDetails(details)];
    // Others may come between the calls: nobody may take the session before the last.
    const parted = frames.length > FRAMES_PER_CALL && releasedTo !== '';
    const released = parted ? '' : releasedTo;
    const args = [...fields, Math.ceil(ttlMs), how, released, position, this.#run, ...first];
    const saved = this.#redis.run(SAVE, keysOf(id), args);
    const rest: Promise<unknown>[] = [];
    for (let from = FRAMES_PER_CALL; from < frames.length; from += FRAMES_PER_CALL) {
      const more = frames.slice(from, from + FRAMES_PER_CALL);
      const upTo = at(from + more.length);
      rest.push(this.append(session, { frames: more, keep: KEEP_ALL, next: upTo, taken, position }));
    }
    if (parted) rest.push(this.save(session, { log: undefined, position, ttlMs, releasedTo }));
    else if (details.userId !== '0') void this.users.prolong(details.userId, ttlMs).catch(ignore);
    const [done] = await Promise.all([saved, ...rest]);
    if (Number(done) === GAP) throw new Error('the stored log ends earlier than what is to be added begins');
    return Number(done) === 1;
  }

  async append(fence: Fence, change: StoredChange): Promise<Appended> {
    const { id, gatewayId, epoch } = fence;
    const { frames, keep, next, taken, position } = change;
    const args = [gatewayId, epoch, next, taken, Math.max(1, keep), position, ...frames];
    return appendedOf(await this.#redis.run(APPEND, keysOf(id), args));
  }

  async confirm({ id, gatewayId, epoch }: Fence): Promise<void> {
    await this.#redis.run(CONFIRM, keysOf(id), [gatewayId, epoch]);
  }

  async claim(request: ClaimRequest, ttlMs: number): Promise<Claim> {
    const { id, secretHash, received, gatewayId, nonce, force } = request;
    const how = [Math.ceil(ttlMs), nonce, force ? '1' : '0', this.#run];
    const args = [secretHash, received ?? '', gatewayId, ...how];
    const reply: unknown = await this.#redis.run(CLAIM, keysOf(id), args);
    if (!Array.isArray(reply)) return { outcome: 'unknown' };
    const details = decodeDetails(String(reply[5]));
    if (String(reply[0]) === 'incomplete') {
      const from = String(reply[1]);
      this.#unbind(details?.userId, { id, gatewayId: from });
      return { outcome: 'incomplete', gatewayId: from, epoch: Number(reply[2]) };
    }
    const claim = details === undefined ? undefined : claimOf(reply, request, details);
    const userId = claim?.outcome === 'taken' ? claim.session.details.userId : '0';
    if (userId !== '0') void this.users.move(userId, request, ttlMs).catch(ignore);
    return claim ?? { outcome: 'unknown' };
  }

  async remove({ id, gatewayId, epoch }: Fence): Promise<void> {
    await this.#redis.run(REMOVE, keysOf(id), [gatewayId, epoch]);
  }

  async renew({ id, gatewayId, epoch, ttlMs }: Renewal): Promise<Appended> {
    const args = [gatewayId, epoch, Math.ceil(ttlMs)];
    return appendedOf(await this.#redis.run(RENEW, keysOf(id), args));
  }

  async leave(batches: readonly string[], ttlMs: number): Promise<void> {
    // In one write: a gateway that dies in between would leave a key for ever.
    await Promise.all([
      this.#redis.call('RPUSH', LEFT_KEY, ...batches),
      this.#redis.call('PEXPIRE', LEFT_KEY, Math.ceil(ttlMs)),
    ]);
  }

  async takeLeft(): Promise<string | undefined> {
    const batch = await this.#redis.call('LPOP', LEFT_KEY);
    return batch === null ? undefined : String(batch);
  }

  async announce(gatewayId: string, ttlMs: number): Promise<boolean> {
    const key = gatewayKey(gatewayId);
    if (ttlMs === 0) {
      const [removed] = await Promise.all([
        this.#redis.call('DEL', key),
        this.#redis.call('SREM', GATEWAYS_KEY, gatewayId),
      ]);
      return Number(removed) === 1;
    }
    const [before] = await Promise.all([
      this.#redis.call('SET', key, this.#run, 'PX', Math.ceil(ttlMs), 'GET'),
      this.#redis.call('SADD', GATEWAYS_KEY, gatewayId),
    ]);
    return before !== null;
  }

  async livingGateways(): Promise<readonly string[]> {
    const reply = await this.#redis.call('SMEMBERS', GATEWAYS_KEY);
    const ids = Array.isArray(reply) ? reply.map(String) : [];
    const alive = await Promise.all(ids.map((id) => this.isAlive(id)));
    const dead = ids.filter((_, index) => !alive[index]);
    if (dead.length > 0) await this.#redis.call('SREM', GATEWAYS_KEY, ...dead);
    return ids.filter((_, index) => alive[index]);
  }

  async savePosition(run: string, position: string, ttlMs: number): Promise<void> {
    await this.#redis.call('SET', positionKey(run), position, 'PX', Math.ceil(ttlMs));
  }

  async positionOf(run: string): Promise<string> {
    const position = await this.#redis.call('GET', positionKey(run));
    return position === null ? '' : String(position);
  }

  async isAlive(gatewayId: string, run = ''): Promise<boolean> {
    const running = await this.#redis.call('GET', gatewayKey(gatewayId));
    return running !== null && (run === '' || String(running) === run);
  }

  async get(id: string): Promise<SessionRecord | undefined> {
    const fields = ['gateway', 'epoch', 'state', 'details', 'run'];
    const reply = await this.#redis.call('HMGET', sessionKey(id), ...fields);
    if (!Array.isArray(reply) || reply[0] === null) return undefined;
    const details = decodeDetails(String(reply[3]));
    const state = stateOf(String(reply[2]));
    if (details === undefined || state === undefined) return undefined;
    const run = reply[4] === null ? '' : String(reply[4]);
    return { id, gatewayId: String(reply[0]), run, epoch: Number(reply[1]), state, details };
  }

  /** Of a session that is gone. */
  #unbind(userId = '0', entry: UserEntry): void {
    if (userId !== '0') void this.users.unbind(userId, [entry]).catch(ignore);
  }
}

const NO_BYTES = new Uint8Array(0);

function keysOf(id: string): readonly [string, string] {
  return [sessionKey(id), `${sessionKey(id)}:log`];
}

function hashOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : NO_BYTES;
}

/** Of a session that is held, or was taken; undefined: it is neither. */
function claimOf(
  reply: readonly unknown[],
  { id, gatewayId }: ClaimRequest,
  details: SessionDetails,
): Claim | undefined {
  const from = String(reply[1]);
  const position = String(reply[9] ?? '');
  const held = stateOf(String(reply[2]));
  if (String(reply[0]) === 'held' && held !== undefined) {
    const released = String(reply[3]) !== '';
    return { outcome: 'held', gatewayId: from, state: held, details, released, position };
  }
  if (String(reply[0]) !== 'taken') return undefined;
  const log: unknown[] = Array.isArray(reply[6]) ? reply[6] : [];
  const session: StoredSession = {
    ...{ id, gatewayId, epoch: Number(reply[2]), state: 'detached', details },
    ...{ secretHash: hashOf(reply[7]), earlierHash: hashOf(reply[8]) },
    ...{ next: Number(reply[3]), taken: Number(reply[4]) },
  };
  return {
    outcome: 'taken',
    from,
    session,
    log: log.filter((frame) => frame instanceof Uint8Array),
    position,
    released: String(reply[10]) !== '',
  };
}

function appendedOf(reply: unknown): Appended {
  const outcome = Number(reply);
  return outcome === 1 ? 'written' : outcome < 0 ? 'missing' : 'fenced';
}

function stateOf(text: string): SessionState | undefined {
  return text === 'attached' || text === 'durable' || text === 'detached' ? text : undefined;
}

function ignore(): void {}

/** Somebody else has it, or had it later. */
const FENCED = `
local gateway, epoch = unpack(redis.call('HMGET', KEYS[1], 'gateway', 'epoch'))
`;

/** A log that others would read would have a hole: Redis has lost its latest writes, as in a failover. */
const GAP = -1;
const FITS = `
local function fits(frames, upTo)
  local next = tonumber(redis.call('HGET', KEYS[1], 'next') or 0)
  return (next + frames) % 4294967296 == tonumber(upTo)
end
`;

const SAVE: RedisScript = {
  lua: `${FENCED}${FITS}
if gateway and (tonumber(epoch) > tonumber(ARGV[2]) or (tonumber(epoch) == tonumber(ARGV[2]) and gateway ~= ARGV[1])) then
  return 0
end
if gateway and ARGV[10] == 'add' and not fits(#ARGV - 13, ARGV[6]) then return ${GAP} end
redis.call('HSET', KEYS[1], 'gateway', ARGV[1], 'epoch', ARGV[2], 'state', ARGV[3], 'secret', ARGV[4],
  'earlier', ARGV[5], 'next', ARGV[6], 'taken', ARGV[7], 'details', ARGV[8], 'released', ARGV[11], 'run', ARGV[13])
redis.call('PEXPIRE', KEYS[1], ARGV[9])
if ARGV[10] == 'replace' then redis.call('DEL', KEYS[2]) end
if ARGV[10] ~= 'keep' then redis.call('HSET', KEYS[1], 'position', ARGV[12]) end
for index = 14, #ARGV do redis.call('RPUSH', KEYS[2], ARGV[index]) end
redis.call('PEXPIRE', KEYS[2], ARGV[9])
return 1
`,
};

const APPEND: RedisScript = {
  lua: `${FENCED}${FITS}
if not gateway then return ${GAP} end
if gateway ~= ARGV[1] or epoch ~= ARGV[2] then return 0 end
if not fits(#ARGV - 6, ARGV[3]) then return ${GAP} end
redis.call('HSET', KEYS[1], 'next', ARGV[3], 'taken', ARGV[4], 'position', ARGV[6])
for index = 7, #ARGV do redis.call('RPUSH', KEYS[2], ARGV[index]) end
if #ARGV > 6 then
  redis.call('LTRIM', KEYS[2], -tonumber(ARGV[5]), -1)
  redis.call('PEXPIRE', KEYS[2], math.max(1, redis.call('PTTL', KEYS[1])))
end
return 1
`,
};

const CONFIRM: RedisScript = {
  lua: `${FENCED}
if gateway == ARGV[1] and epoch == ARGV[2] then redis.call('HSET', KEYS[1], 'earlier', '') end
return 1
`,
};

const CLAIM: RedisScript = {
  lua: `
local gateway, epoch, state, secret, earlier, next, taken, details, released, position =
  unpack(redis.call('HMGET', KEYS[1], 'gateway', 'epoch', 'state', 'secret', 'earlier', 'next', 'taken', 'details',
  'released', 'position'))
if not gateway or (secret ~= ARGV[1] and earlier ~= ARGV[1]) then return {'unknown'} end
if state == 'attached' or (released ~= ARGV[5] and ARGV[6] ~= '1') then
  return {'held', gateway, state, released, '', details, '', '', '', position or ''}
end
if ARGV[2] ~= '' then
  local missing = (tonumber(next) - tonumber(ARGV[2])) % 4294967296
  if missing > redis.call('LLEN', KEYS[2]) then
    redis.call('DEL', KEYS[1], KEYS[2])
    return {'incomplete', gateway, epoch, '', '', details}
  end
  secret, earlier = '', ARGV[1]
end
local log = redis.call('LRANGE', KEYS[2], 0, -1)
epoch = tostring(tonumber(epoch) + 1)
redis.call('HSET', KEYS[1], 'gateway', ARGV[3], 'epoch', epoch, 'state', 'detached', 'secret', secret,
  'earlier', earlier, 'released', '', 'run', ARGV[7])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return {'taken', gateway, epoch, next, taken, details, log, secret, earlier, position or '', released}
`,
};

const REMOVE: RedisScript = {
  lua: `${FENCED}
if gateway ~= ARGV[1] or tonumber(epoch) > tonumber(ARGV[2]) then return 0 end
redis.call('DEL', KEYS[1], KEYS[2])
return 1
`,
};

const RENEW: RedisScript = {
  lua: `${FENCED}
if not gateway then return -1 end
local ahead = tonumber(epoch) - tonumber(ARGV[2])
if ahead > 0 or (ahead == 0 and gateway ~= ARGV[1]) then return 0 end
if ahead < 0 then return -1 end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1
`,
};

/** For the connection to load. */
export const SESSION_SCRIPTS: readonly RedisScript[] = [
  ...[SAVE, APPEND, CONFIRM, CLAIM, REMOVE, RENEW],
  ...USER_SCRIPTS,
  ...LOGOUT_SCRIPTS,
];
