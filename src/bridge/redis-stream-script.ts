/**
 * Adds a batch to a stream once only, all or nothing (a script runs alone, and its effects enter the append-only file
 * together).
 *
 * A batch is known by its number among the batches of this gateway for the topic: one that is there already is answered
 * as if it were new, and one that would leave a gap is refused, since what it follows was not taken. A frame is known by
 * session and seq, within the window: one that an earlier batch brought, of whichever gateway, is cut out.
 *
 * KEYS: stream, last number of this gateway, seen frames of this window, of the one before, and of the next (clocks of
 * gateways differ). ARGV: number, oldest number that is not settled, seconds to keep the last number, MAXLEN, seconds to
 * keep seen frames, `envelope` or `raw`, count of messages, the messages, then position and name of each frame to be
 * known. Returns the count of frames cut out, or -1 for a batch that was there.
 */
export const STREAM_ADD_SCRIPT = `
local number, oldest = tonumber(ARGV[1]), tonumber(ARGV[2])
local last = tonumber(redis.call('GET', KEYS[2]) or '-1')
if number <= last then return -1 end
if number ~= last + 1 and number ~= oldest then return redis.error_reply('GAP batch ' .. number .. ' after ' .. last) end

local CHUNK = 1000
local count = tonumber(ARGV[7])
local first = 8 + count
local names = {}
for i = first, #ARGV, 2 do names[#names + 1] = ARGV[i + 1] end

local drop, dropped = {}, 0
for from = 1, #names, CHUNK do
  local to = math.min(from + CHUNK - 1, #names)
  for key = 3, 5 do
    local seen = redis.call('SMISMEMBER', KEYS[key], unpack(names, from, to))
    for i = 1, #seen do
      local position = tonumber(ARGV[first + 2 * (from + i - 2)])
      if seen[i] == 1 and not drop[position] then
        drop[position] = true
        dropped = dropped + 1
      end
    end
  end
end

local function cut(batch)
  local kept, offset, position = {}, 1, 0
  while offset <= #batch do
    local start = offset
    offset = offset + 1
    local length, unit, byte = 0, 1, 0
    repeat
      byte = string.byte(batch, offset)
      length = length + (byte % 128) * unit
      unit = unit * 128
      offset = offset + 1
    until byte < 128
    offset = offset + length
    if not drop[position] then kept[#kept + 1] = string.sub(batch, start, offset - 1) end
    position = position + 1
  end
  return table.concat(kept)
end

for i = 1, count do
  local message = ARGV[7 + i]
  local whole = true
  if dropped > 0 then
    if ARGV[6] == 'raw' then
      whole = not drop[i - 1]
    else
      message = cut(message)
      whole = #message > 0
    end
  end
  if whole then redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[4], '*', 'd', message) end
end

for from = 1, #names, CHUNK do
  redis.call('SADD', KEYS[3], unpack(names, from, math.min(from + CHUNK - 1, #names)))
end
if #names > 0 then redis.call('EXPIRE', KEYS[3], ARGV[5]) end
redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[3])
return dropped
`;
