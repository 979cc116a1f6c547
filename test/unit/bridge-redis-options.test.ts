import { describe, expect, it } from 'vitest';
import { redisFailure } from '../../src/bridge/redis-failure.ts';
import { formatAddress, parseRedisAddress, redisSettings } from '../../src/bridge/redis-options.ts';

describe('parseRedisAddress', () => {
  it.each([
    ['localhost', 'localhost', 6379],
    ['localhost:1', 'localhost', 1],
    ['10.0.0.1:65535', '10.0.0.1', 65_535],
    ['[::1]:6380', '::1', 6380],
    ['[fe80::1%eth0]', 'fe80::1%eth0', 6379],
  ])('reads %s', (text, host, port) => {
    expect(parseRedisAddress(text)).toEqual({ host, port });
  });

  it.each([
    '',
    ':6379',
    'host:',
    'host:0',
    'host:65536',
    'host:x',
    '::1',
    'redis://host',
    'user:secret@host:1',
    'a b',
  ])('refuses %j without repeating it', (text) => {
    expect(() => parseRedisAddress(text)).toThrow(RangeError);
    if (text.includes('secret')) expect(() => parseRedisAddress(text)).not.toThrow(/secret/);
  });

  it('is undone by formatAddress', () => {
    for (const text of ['host:1', '[::1]:2']) expect(formatAddress(parseRedisAddress(text))).toBe(text);
  });
});

describe('redisSettings', () => {
  it('splits addresses and knows the port of sentinels', () => {
    expect(redisSettings({ addr: 'a:1, b', mode: 'sentinel' }).addresses).toEqual([
      { host: 'a', port: 1 },
      { host: 'b', port: 26_379 },
    ]);
    expect(redisSettings({ addr: ['a', 'b:2'], mode: 'cluster' }).addresses).toHaveLength(2);
  });

  it('takes empty credentials as none, and shards clusters only', () => {
    const settings = redisSettings({ addr: 'a', username: '', password: '', sharded: true, tls: false });
    expect(settings).toMatchObject({
      username: undefined,
      password: undefined,
      tls: undefined,
      sharded: false,
    });
    expect(redisSettings({ addr: 'a', mode: 'cluster', sharded: true }).sharded).toBe(true);
  });
});

describe('redisFailure', () => {
  it.each([
    [Object.assign(new Error('connect ECONNREFUSED secret'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [new Error('WRONGPASS invalid secret'), 'authentication refused (WRONGPASS)'],
    [new Error('NOPERM User secret has no permissions'), 'the user lacks a permission (NOPERM)'],
    [new Error('OOM command not allowed: secret'), 'refused with OOM'],
    [new Error('something with a secret'), 'connection failed'],
    ['secret', 'failed'],
  ])('names %s and nothing secret', (error, text) => {
    expect(redisFailure(error)).toBe(text);
  });
});
