import type { RedisCommands, RedisScript } from './redis-commands.ts';
import type { BindOutcome, BindRequest, IndexedSession, UserEntry, UserIndex } from './user-index.ts';

/** A key that backends may read (docs/sessions.md); the braces keep a user's keys in one slot of a cluster. */
function userKeyName(userId: string): string {
  return `dualgate:user:{${userId}}`;
}

/** A user is a hash of session id to gateway, and beside it one of session id to device, for those that named one. */
export class RedisUserIndex implements UserIndex {
  readonly #redis: RedisCommands;

  constructor(redis: RedisCommands) {
    this.#redis = redis;
  }

  async bind(request: BindRequest): Promise<BindOutcome> {
    const { session, limit, whenCrowded, returning, gone, ttlMs } = request;
    const { userId, id, gatewayId, device } = session;
    const how = [limit, whenCrowded, returning ? '1' : '0'];
    const args = [id, gatewayId, device, Math.ceil(ttlMs), ...how, ...gone.flatMap(pairOf)];
    const reply = await this.#redis.run(BIND, keysOf(userId), args);
    const [outcome = '', ...fields] = Array.isArray(reply) ? reply.map(String) : [];
    return {
      outcome: outcome === 'bound' || outcome === 'crowded' ? outcome : 'refused',
      entries: entriesOf(fields),
    };
  }

  async keep(
    { userId, id, gatewayId, device }: IndexedSession,
    ttlMs: number,
  ): Promise<readonly UserEntry[]> {
    const args = [id, gatewayId, device, Math.ceil(ttlMs)];
    const reply = await this.#redis.run(KEEP, keysOf(userId), args);
    const entries = entriesOf(Array.isArray(reply) ? reply.map(String) : []);
    return entries.filter((entry) => entry.id !== id);
  }

  /** Of a session that another gateway had, or that lives longer now. Does nothing where it has no place any more. */
  async move(userId: string, { id, gatewayId }: UserEntry, ttlMs: number): Promise<void> {
    await this.#redis.run(MOVE, keysOf(userId), [id, gatewayId, Math.ceil(ttlMs)]);
  }

  /** The user's entries live as long as that at least. */
  async prolong(userId: string, ttlMs: number): Promise<void> {
    await this.#redis.run(PROLONG, keysOf(userId), [Math.ceil(ttlMs)]);
  }

  async unbind(userId: string, entries: readonly UserEntry[]): Promise<void> {
    await this.#redis.run(UNBIND, keysOf(userId), entries.flatMap(pairOf));
  }

  async sessionsOf(userId: string): Promise<ReadonlyMap<string, string>> {
    const reply = await this.#redis.call('HGETALL', userKeyName(userId));
    const entries = entriesOf(Array.isArray(reply) ? reply.map(String) : []);
    return new Map(entries.map(pairOf));
  }
}

function keysOf(userId: string): readonly [string, string] {
  return [userKeyName(userId), `${userKeyName(userId)}:devices`];
}

function pairOf({ id, gatewayId }: UserEntry): [string, string] {
  return [id, gatewayId];
}

function entriesOf(fields: readonly string[]): UserEntry[] {
  const entries: UserEntry[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    entries.push({ id: fields[index], gatewayId: fields[index + 1] });
  }
  return entries;
}

const WRITE = `
local function live(ttl)
  for _, key in ipairs(KEYS) do
    if redis.call('PTTL', key) < tonumber(ttl) then redis.call('PEXPIRE', key, ttl) end
  end
end
local function write(id, gateway, device, ttl)
  redis.call('HSET', KEYS[1], id, gateway)
  if device == '' then redis.call('HDEL', KEYS[2], id) else redis.call('HSET', KEYS[2], id, device) end
  live(ttl)
end
`;

const BIND: RedisScript = {
  lua: `${WRITE}
local id, gateway, device, ttl, limit = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local crowded, returning = ARGV[6], ARGV[7] == '1'
local leaving = {}
if redis.call('HEXISTS', KEYS[1], id) == 0 and (limit > 0 or device ~= '') then
  local seen, names, strangers, gone, living = {}, {}, {}, 0, 0
  for index = 8, #ARGV, 2 do seen[ARGV[index]] = ARGV[index + 1] end
  local devices = device ~= '' and redis.call('HGETALL', KEYS[2]) or {}
  for index = 1, #devices, 2 do names[devices[index]] = devices[index + 1] end
  local entries = redis.call('HGETALL', KEYS[1])
  for index = 1, #entries, 2 do
    local entry = {entries[index], entries[index + 1], seen[entries[index]] == entries[index + 1]}
    if device ~= '' and names[entry[1]] == device then
      table.insert(leaving, entry)
      if not entry[3] then living = living + 1 end
    else
      table.insert(strangers, entry)
      if entry[3] then gone = gone + 1 end
    end
  end
  local many = limit > 0 and #strangers + 1 - limit or 0
  local full = many > gone and (crowded ~= 'push-out' or returning)
  if full or (returning and living > 0) or (crowded == 'ask' and many > 0) then
    table.insert(entries, 1, crowded == 'ask' and 'crowded' or 'refused')
    return entries
  end
  table.sort(strangers, function(a, b)
    if a[3] ~= b[3] then return a[3] end
    if #a[1] ~= #b[1] then return #a[1] < #b[1] end
    return a[1] < b[1]
  end)
  for index = 1, many do table.insert(leaving, strangers[index]) end
end
local reply = {'bound'}
for _, entry in ipairs(leaving) do
  redis.call('HDEL', KEYS[1], entry[1])
  redis.call('HDEL', KEYS[2], entry[1])
  table.insert(reply, entry[1])
  table.insert(reply, entry[2])
end
write(id, gateway, device, ttl)
return reply
`,
};

const KEEP: RedisScript = {
  lua: `${WRITE}
write(ARGV[1], ARGV[2], ARGV[3], ARGV[4])
if redis.call('HLEN', KEYS[1]) == 1 then return {} end
return redis.call('HGETALL', KEYS[1])
`,
};

const MOVE: RedisScript = {
  lua: `${WRITE}
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
live(ARGV[3])
return 1
`,
};

const PROLONG: RedisScript = {
  lua: `${WRITE}
live(ARGV[1])
return 1
`,
};

const UNBIND: RedisScript = {
  lua: `
for index = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[index]) == ARGV[index + 1] then
    redis.call('HDEL', KEYS[1], ARGV[index])
    redis.call('HDEL', KEYS[2], ARGV[index])
  end
end
return 1
`,
};

/** For the connection to load. */
export const USER_SCRIPTS: readonly RedisScript[] = [BIND, KEEP, MOVE, PROLONG, UNBIND];
