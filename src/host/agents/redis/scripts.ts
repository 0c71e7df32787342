/**
 * Adds numbered messages to a stream, tells its reader, and renews how long it is kept: only while the share is still in the hands of those
 * who hold its token, so that whoever was given up cannot leave anything behind. Returns 1, 0 if nobody holds the share, -1 if others do.
 *
 * KEYS: stream, claim. ARGV: token, milliseconds to keep it, most entries, channel, note, and then number and text of each message.
 */
export const APPEND = `
local owner = redis.call('GET', KEYS[2])
if owner == false then return 0 end
if owner ~= ARGV[1] then return -1 end
for at = 6, #ARGV, 2 do
  redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[3], '*', 'n', ARGV[at], 'm', ARGV[at + 1])
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PUBLISH', ARGV[4], ARGV[5])
return 1
`;

/**
 * Claims agents for a run: as many as are wanted, or none. Returns the places of those it claimed, from 1.
 *
 * KEYS: claims, in the order of preference. ARGV: how many, milliseconds, and then the token for each.
 */
export const CLAIM = `
local free = {}
for at, key in ipairs(KEYS) do
  if #free < tonumber(ARGV[1]) and redis.call('EXISTS', key) == 0 then free[#free + 1] = at end
end
if #free < tonumber(ARGV[1]) then return {} end
for _, at in ipairs(free) do redis.call('SET', KEYS[at], ARGV[2 + at], 'PX', ARGV[2]) end
return free
`;

/** Deletes a key if it holds this value. KEYS: key. ARGV: value. */
export const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`;

/**
 * Renews a key that holds this value, or sets it if it is missing. Returns 1, or 0 if it holds another value. KEYS: key. ARGV: value,
 * milliseconds.
 */
export const RENEW = `
local value = redis.call('GET', KEYS[1])
if value == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if value ~= false then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`;
