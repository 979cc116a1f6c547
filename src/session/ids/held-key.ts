import type { RedisScript } from '../store/redis-commands.ts';

/** Keys that name their owner, who has to say again and again that it is there. Arguments: owner, life in ms. */
export const HOLD: RedisScript = {
  lua: `
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`,
};

/** Argument: owner. Does nothing where that is somebody else. */
export const RELEASE: RedisScript = {
  lua: `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`,
};
