import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { configSources, DEFAULT_CONFIG_FILE } from '../../src/config/flags.ts';
import { configKeys, keysIn } from '../../src/config/keys.ts';
import { type ConfigSources, loadConfig } from '../../src/config/load.ts';
import { printable } from '../../src/config/printable.ts';
import type { Config } from '../../src/config/schema.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dualgate-config-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function fileWith(text: string): string {
  const file = join(folder, `config-${++files}`);
  writeFileSync(file, text);
  return file;
}

interface Given {
  readonly file?: string;
  readonly env?: ConfigSources['env'];
  readonly flags?: Record<string, string>;
}

function load({ file, env = {}, flags = {} }: Given = {}): Config {
  return loadConfig({
    file: file === undefined ? undefined : fileWith(file),
    env,
    flags: new Map(Object.entries(flags)),
  });
}

function faultOf(given: Given): ConfigError {
  try {
    load(given);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was taken');
}

describe('keys', () => {
  it('have a description, a default and a variable of their own', () => {
    const keys = configKeys();
    expect(keys.length).toBeGreaterThan(60);
    for (const key of keys) {
      expect(key.description, key.path).not.toBe('');
      expect(key.defaultValue, key.path).toBeDefined();
    }
    expect(new Set(keys.map(({ variable }) => variable)).size).toBe(keys.length);
  });

  it('name the section below a path', () => {
    expect(keysIn('')).toContain('websocket');
    expect(keysIn('auth.jwt')).toContain('secret');
    expect(keysIn('websocket.port')).toEqual([]);
    expect(keysIn('nowhere.at.all')).toEqual([]);
  });
});

describe('sources', () => {
  it('without any gives the defaults of every key', () => {
    const config = load();
    for (const { path, defaultValue } of configKeys()) {
      const value = path.split('.').reduce<unknown>((at, name) => Reflect.get(Object(at), name), config);
      expect(value, path).toEqual(defaultValue);
    }
  });

  it('reads the example, which states the defaults', () => {
    const file = join(import.meta.dirname, '../../config/gateway.example.json');
    expect(loadConfig({ file, env: {}, flags: new Map() })).toEqual(load());
  });

  it('reads JSON and YAML, and an empty file', () => {
    expect(load({ file: '{"websocket":{"port":1234}}' }).websocket.port).toBe(1234);
    expect(load({ file: 'websocket:\n  port: 1234\ngames:\n  - id: chess\n' })).toMatchObject({
      websocket: { port: 1234 },
      games: [{ id: 'chess' }],
    });
    expect(load({ file: '' })).toEqual(load());
    expect(load({ file: '# nothing\n' })).toEqual(load());
  });

  it('takes the environment over the file, and flags over both', () => {
    const file = '{"websocket":{"port":1,"path":"/a","host":"h"},"log":{"level":"warn"}}';
    const env = { DUALGATE_WEBSOCKET_PORT: '2', DUALGATE_WEBSOCKET_PATH: '/b', PATH: '/usr/bin' };
    const config = load({ file, env, flags: { 'websocket.port': '3' } });
    expect(config.websocket).toMatchObject({ port: 3, path: '/b', host: 'h' });
    expect(config.log.level).toBe('warn');
  });

  it('reads values of every kind from text', () => {
    const config = load({
      env: {
        DUALGATE_WEBSOCKET_ENABLED: 'false',
        DUALGATE_WEBSOCKET_ALLOWED_ORIGINS: '["https://a.example"]',
        DUALGATE_GAMES: '[{"id":"chess"}]',
        DUALGATE_REDIS_PASSWORD: '0123',
        DUALGATE_GATEWAY_ID: '7',
        DUALGATE_REDIS_ADDR: 'a:1,b:2',
      },
    });
    expect(config.websocket).toMatchObject({ enabled: false, allowed_origins: ['https://a.example'] });
    expect(config.games).toEqual([{ id: 'chess' }]);
    expect(config.redis).toMatchObject({ password: '0123', addr: 'a:1,b:2' });
    expect(config.gateway.id).toBe('7');
  });

  it.each<[string, Given, string]>([
    ['nothing', {}, 'memory'],
    ['redis.addr in a file', { file: '{"redis":{"addr":"r:1"}}' }, 'redis'],
    ['redis.addr in the environment', { env: { DUALGATE_REDIS_ADDR: 'r:1' } }, 'redis'],
    ['redis.addr as a flag', { flags: { 'redis.addr': 'r:1' } }, 'redis'],
    [
      'redis.addr and another key of bridge',
      { file: '{"redis":{"addr":"r:1"},"bridge":{"upstream":{}}}' },
      'redis',
    ],
    ['redis.addr and a kind', { file: '{"redis":{"addr":"r:1"},"bridge":{"kind":"memory"}}' }, 'memory'],
    ['redis without addr', { file: '{"redis":{"db":1}}' }, 'memory'],
  ])('%s chooses the bridge', (_name, given, kind) => {
    expect(load(given).bridge.kind).toBe(kind);
  });
});

describe('faults', () => {
  it.each<[string, Given, string]>([
    [
      'an unknown key',
      { file: '{"websocket":{"prot":1}}' },
      'websocket.prot: found an unknown key, expected one of enabled, host, port',
    ],
    [
      'an unknown section',
      { file: '{"websockets":{}}' },
      'websockets: found an unknown key, expected one of gateway, session, websocket',
    ],
    [
      'a wrong type',
      { file: '{"websocket":{"port":"8081"}}' },
      'websocket.port: found "8081", expected a value of type number',
    ],
    ['a fraction', { flags: { 'websocket.port': '1.5' } }, 'websocket.port: found 1.5, expected an integer'],
    [
      'too large a value',
      { flags: { 'websocket.port': '65536' } },
      'websocket.port: found 65536, expected at most 65535',
    ],
    [
      'too small a history',
      { flags: { 'session.history_bytes_max': '65535' } },
      'session.history_bytes_max: found 65535, expected 0, or 65536 and more',
    ],
    [
      'too small a value',
      { flags: { 'queue.batch_size': '0' } },
      'queue.batch_size: found 0, expected at least 1',
    ],
    [
      'no value of a set',
      { flags: { 'log.level': 'loud' } },
      'log.level: found "loud", expected one of "trace"',
    ],
    [
      'a list for a section',
      { file: '{"websocket":[]}' },
      'websocket: found an empty list, expected a value of type object',
    ],
    [
      'a path without slash',
      { flags: { 'websocket.path': 'ws' } },
      'websocket.path: found "ws", expected a path that starts with /',
    ],
    [
      'an empty string',
      { file: '{"websocket":{"host":""}}' },
      'websocket.host: found "", expected at least 1 characters',
    ],
    [
      'a topic without game',
      { flags: { 'bridge.upstream.topic': 'x' } },
      'bridge.upstream.topic: found "x", expected a name with {game_id} in it',
    ],
    ['null for a section', { file: '{"redis":null}' }, 'redis: found null, expected a value of type object'],
    [
      'a port of an address',
      { flags: { 'redis.addr': 'r:99999' } },
      'redis.addr: found "r:99999", expected host:port',
    ],
    [
      'a port of one address of many',
      { file: '{"redis":{"addr":["r:1","r:70000"]}}' },
      'redis.addr[1]: found "r:70000", expected host:port',
    ],
    ['a wrong address', { file: '{"redis":{"addr":5}}' }, 'redis.addr: found 5, expected host:port'],
    [
      'an address with a scheme',
      { flags: { 'redis.addr': 'redis://host' } },
      'redis.addr: found "redis://host", expected host:port',
    ],
    [
      'a game id',
      { flags: { games: '[{"id":"a b"}]' } },
      'games[0].id: found "a b", expected 1-64 of A-Z a-z 0-9',
    ],
    [
      'two games of one id',
      { flags: { games: '[{"id":"a"},{"id":"a"}]' } },
      'games: found a list, expected ids that differ',
    ],
    [
      'a route backwards',
      { flags: { routes: '[{"from":2,"to":1,"service":"s"}]' } },
      'routes[0]: found an object, expected from <= to',
    ],
    [
      'overlapping routes',
      { flags: { routes: '[{"from":5,"to":9,"service":"s"},{"from":1,"to":5,"service":"s"}]' } },
      'routes: found a list, expected ranges that do not overlap',
    ],
    [
      'services',
      { file: '{"services":{"logic":{"address":"a:1"}}}' },
      'services.logic: found an object, expected no entry',
    ],
    [
      'jwt without a key',
      { flags: { 'auth.mode': 'jwt' } },
      'auth.jwt: found nothing, expected jwks_url, public_key or secret, for mode jwt',
    ],
    [
      'an interval beyond what a timer holds',
      { flags: { 'session.check_interval_sec': '9999999' } },
      'session.check_interval_sec: found 9999999, expected at most',
    ],
    [
      'a timeout within the interval',
      { flags: { 'session.heartbeat_ttl_sec': '30' } },
      'session.heartbeat_ttl_sec: found 30, expected more than heartbeat_interval_sec',
    ],
    [
      'PROXY headers from nobody',
      { flags: { 'websocket.proxy_protocol': 'true' } },
      'limits.trusted_proxies: found nothing, expected one proxy or more, where websocket.proxy_protocol is true',
    ],
    [
      'PROXY headers from an empty list',
      { flags: { 'websocket.proxy_protocol': 'true', 'limits.trusted_proxies': '[]' } },
      'limits.trusted_proxies: found an empty list, expected one proxy or more, where websocket.proxy_protocol',
    ],
    [
      'a metrics path that is taken',
      { flags: { 'metrics.path': '/ready' } },
      'metrics.path: found "/ready", expected',
    ],
    [
      'an unknown variable',
      { env: { DUALGATE_WEBSOCKET_PROT: '1' } },
      'DUALGATE_WEBSOCKET_PROT: found an unknown key, expected a key as DUALGATE_<SECTION>_<KEY>',
    ],
    [
      'an unknown flag',
      { flags: { 'websocket.prot': '1' } },
      '--websocket.prot: found an unknown key, expected a key as --section.key=value',
    ],
    [
      'a bad value in a variable',
      { env: { DUALGATE_WEBSOCKET_PORT: 'x' } },
      'websocket.port: found "x", expected a value of type number',
    ],
    ['a list', { file: '[]' }, 'file: found a list, expected an object'],
    ['a scalar', { file: '7' }, 'file: found number, expected an object'],
    ['a cut file', { file: '{"websocket": {' }, 'file: found a syntax error'],
    [
      'a key twice',
      { file: 'log:\n  level: info\nlog:\n  level: warn\n' },
      'file: found a syntax error (DUPLICATE_KEY) at line 3, column 1, expected JSON or YAML',
    ],
  ])('%s names path, found and expected', (_name, given, expected) => {
    expect(faultOf(given).message).toContain(expected);
  });

  it('are all named at once, with the file', () => {
    const { message, faults } = faultOf({ file: '{"websocket":{"port":-1,"x":1},"log":{"level":1}}' });
    expect(message).toMatch(/^configuration \(.*config-\d+\):\n/);
    expect(faults.map(({ path }) => path).sort()).toEqual(['log.level', 'websocket.port', 'websocket.x']);
  });

  it('name an unreadable file', () => {
    const missing = join(folder, 'missing.json');
    const sources = { file: missing, env: {}, flags: new Map<string, string>() };
    expect(() => loadConfig(sources)).toThrowError(`configuration (${missing}):\n  file: found ENOENT`);
    expect(() => loadConfig({ ...sources, file: folder })).toThrowError('expected a readable file');
  });
});

describe('secrets', () => {
  const SECRET = 'hunter2hunter2hunter2hunter2hunter2';
  it.each<[string, Given]>([
    ['a password that is a list', { file: `{"redis":{"password":["${SECRET}"]}}` }],
    ['a section that is a URL', { file: `{"redis":"redis://user:${SECRET}@host:1"}` }],
    ['an address that is a URL', { file: `{"redis":{"addr":"redis://:${SECRET}@host:1"}}` }],
    ['an address with a user', { file: `{"redis":{"addr":["user:${SECRET}@host"]}}` }],
    ['a list in the place of a section', { file: `{"auth":{"jwt":[{"secret":"${SECRET}"}]}}` }],
    ['a section twice', { file: `redis:\n  password: ${SECRET}\nredis:\n  password: ${SECRET}\n` }],
    ['YAML that does not parse', { file: `redis:\n  password: "${SECRET}\n` }],
    ['YAML with a bad indent', { file: `redis:\n  password: ${SECRET}\n x: [\n` }],
    ['YAML with an alias', { file: `redis:\n  password: *${SECRET}\n` }],
    ['JSON that is cut', { file: `{"redis":{"password":"${SECRET}` }],
    ['a token of the wrong type', { file: `{"metrics":{"admin_token":{"a":"${SECRET}"}}}` }],
  ])('do not appear in the message about %s', (_name, given) => {
    expect(faultOf(given).message).not.toContain(SECRET);
  });

  it('do not appear where the configuration is shown', () => {
    const config = load({
      env: {
        DUALGATE_REDIS_PASSWORD: SECRET,
        DUALGATE_AUTH_JWT_SECRET: SECRET,
        DUALGATE_METRICS_ADMIN_TOKEN: SECRET,
      },
    });
    expect(JSON.stringify(printable(config))).not.toContain(SECRET);
    expect(printable(config)).toMatchObject({ redis: { password: '[set]' }, auth: { jwt: { issuer: '' } } });
    expect(printable(load())).toEqual(load());
  });
});

describe('command line', () => {
  const none = (): boolean => false;

  it('reads flags with and without =, and the config file', () => {
    const args = ['--config', 'a.json', '--websocket.port=1', '--log.level', 'warn', '--web.host=a=b'];
    const sources = configSources(args, {}, none);
    expect(sources.file).toBe('a.json');
    expect(Object.fromEntries(sources.flags)).toEqual({
      'websocket.port': '1',
      'log.level': 'warn',
      'web.host': 'a=b',
    });
  });

  it('takes the file from --config, then DUALGATE_CONFIG, then the usual place', () => {
    const env = { DUALGATE_CONFIG: 'b.json' };
    expect(configSources(['--config=a.json'], env, none).file).toBe('a.json');
    expect(configSources([], env, none).file).toBe('b.json');
    expect(configSources([], { DUALGATE_CONFIG: '' }, none).file).toBeUndefined();
    expect(configSources([], {}, (file) => file === DEFAULT_CONFIG_FILE).file).toBe(DEFAULT_CONFIG_FILE);
    expect(configSources([], {}, none).file).toBeUndefined();
    expect(load({ env }).websocket.port).toBe(8081);
  });

  it.each([[['serve']], [['-x']], [['--Config', 'x']], [['--config']], [['--websocket.port']]])(
    'refuses %j',
    (args) => {
      expect(() => configSources(args, {}, none)).toThrowError(ConfigError);
    },
  );
});
