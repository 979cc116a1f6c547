import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createVerifier } from '../../src/access.ts';
import { ConfigError } from '../../src/config/config-error.ts';
import { loadConfig } from '../../src/config/load.ts';
import { silentLog } from '../../src/observe/log.ts';
import { Metrics } from '../../src/observe/metrics.ts';

type Flags = Readonly<Record<string, string>>;

function load(flags: Flags): void {
  loadConfig({ env: {}, flags: new Map(Object.entries(flags)) });
}

function faultOf(flags: Flags): string {
  try {
    load(flags);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'none';
}

const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const P256 = pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey);
const P384 = pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey);
const ED25519 = pem(generateKeyPairSync('ed25519').publicKey);
const SHORT_RSA = pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey);
const PRIVATE = RSA.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const SECRET = 'x'.repeat(32);
const URL_TEXT = 'https://issuer.example/keys';
const A_KEY = 'expected a public key of RSA (2048 bits), EC P-256 or Ed25519, as PEM (SPKI)';

describe('auth.jwt', () => {
  it.each<[string, Flags, string]>([
    ['a URL that is none', { jwks_url: 'not a url' }, 'auth.jwt.jwks_url: found "not a url", expected http'],
    ['a file URL', { jwks_url: 'file:///keys' }, 'auth.jwt.jwks_url: found "file:///keys", expected http'],
    ['a key that is none', { public_key: 'junk' }, `auth.jwt.public_key: found a string, ${A_KEY}`],
    ['a private key', { public_key: PRIVATE }, `auth.jwt.public_key: found a string, ${A_KEY}`],
    ['a key of another curve', { public_key: P384 }, A_KEY],
    ['a short RSA key', { public_key: SHORT_RSA }, A_KEY],
  ])('refuses %s', (_name, keys, expected) => {
    const flags = Object.entries(keys).map(([key, value]) => [`auth.jwt.${key}`, value]);
    expect(faultOf(Object.fromEntries(flags))).toContain(expected);
    expect(faultOf(Object.fromEntries(flags))).not.toContain('PRIVATE');
  });

  it.each<[Flags, string]>([
    [{ public_key: P256 }, '["HS256"]'],
    [{ public_key: P256 }, '["RS256","EdDSA"]'],
    [{ public_key: ED25519 }, '["ES256"]'],
    [{ public_key: pem(RSA.publicKey) }, '["ES256","HS256"]'],
    [{ jwks_url: URL_TEXT }, '["HS256"]'],
    [{ secret: SECRET }, '["RS256","ES256","EdDSA"]'],
    // The public key is used in place of the key set.
    [{ public_key: P256, jwks_url: URL_TEXT }, '["RS256"]'],
  ])('refuses keys that no algorithm is for (%#)', (keys, algorithms) => {
    const flags = Object.entries(keys).map(([key, value]) => [`auth.jwt.${key}`, value]);
    const given = { ...Object.fromEntries(flags), 'auth.jwt.algorithms': algorithms };
    const expected = `auth.jwt.algorithms: found ${algorithms}, expected one that a configured key is for`;
    expect(faultOf({ ...given, 'auth.mode': 'jwt' })).toContain(expected);
    expect(faultOf(given)).toBe('none');
  });

  it.each<[Flags, string]>([
    [{ public_key: P256 }, '["ES256"]'],
    [{ public_key: ED25519 }, '["HS256","EdDSA"]'],
    [{ public_key: pem(RSA.publicKey) }, '["RS256"]'],
    [{ public_key: P256, secret: SECRET }, '["HS256"]'],
    [{ jwks_url: URL_TEXT }, '["RS256"]'],
    [{ jwks_url: 'http://127.0.0.1:8000/keys' }, '["HS256","EdDSA"]'],
    [{ secret: 'ü'.repeat(16) }, '["HS256"]'],
  ])('takes keys that an algorithm is for (%#)', (keys, algorithms) => {
    const flags = Object.entries(keys).map(([key, value]) => [`auth.jwt.${key}`, value]);
    const given = { ...Object.fromEntries(flags), 'auth.jwt.algorithms': algorithms, 'auth.mode': 'jwt' };
    expect(faultOf(given)).toBe('none');
  });
});

it.each([
  [31, ['auth.jwt.secret is short: it can be guessed from one token']],
  [32, []],
])('a secret of %i bytes serves, and is warned of where it is short', (bytes, warnings) => {
  const flags = { 'auth.mode': 'jwt', 'auth.jwt.secret': 'x'.repeat(bytes) };
  const config = loadConfig({ env: {}, flags: new Map(Object.entries(flags)) });
  const warned: string[] = [];
  const log = { ...silentLog, warn: (_fields: object, text: string) => warned.push(text) };
  expect(createVerifier(config, { metrics: new Metrics(), log })).toBeDefined();
  expect(warned).toEqual(warnings);
});
