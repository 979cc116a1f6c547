import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { exportJWK, SignJWT } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { type JwtOptions, JwtVerifier } from '../../src/auth/jwt-verifier.ts';
import { StartError } from '../../src/errors.ts';

const SECRET = 'a secret of more than 32 bytes, for HS256';
const OPTIONS: JwtOptions = {
  ...{ jwksUrl: '', secret: '', publicKey: '', algorithms: ['HS256', 'RS256', 'ES256', 'EdDSA'] },
  ...{ issuer: '', audience: '', userIdClaim: 'sub', permissionsClaim: 'permissions' },
  ...{ attributesClaim: '', clockToleranceSec: 0 },
};
const KEYS = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
} as const;

interface TokenOptions {
  readonly alg?: string;
  readonly key?: KeyObject | Uint8Array;
  readonly kid?: string;
  readonly claims?: Record<string, unknown>;
  readonly expiresInSec?: number;
}

function token(options: TokenOptions = {}): Promise<string> {
  const { alg = 'HS256', key = Buffer.from(SECRET), kid, claims = { sub: '7' }, expiresInSec = 60 } = options;
  return new SignJWT(claims)
    .setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }) })
    .setExpirationTime(Math.floor(Date.now() / 1000) + expiresInSec)
    .sign(key);
}

const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

describe('JwtVerifier', () => {
  it('takes HS256 with the shared secret', async () => {
    const verifier = new JwtVerifier({ ...OPTIONS, secret: SECRET });
    const permissions = ['chat', 'fight'];
    const identity = await verifier.verify(await token({ claims: { sub: '7', permissions } }));
    expect(identity).toMatchObject({ userIdLow: 7, userIdHigh: 0, permissions });
    expect(identity.expiresAtMs).toBeGreaterThan(Date.now());
  });

  it.each(['RS256', 'ES256', 'EdDSA'] as const)('takes %s with the public key', async (alg) => {
    const verifier = new JwtVerifier({ ...OPTIONS, publicKey: pem(KEYS[alg].publicKey) });
    const identity = await verifier.verify(await token({ alg, key: KEYS[alg].privateKey }));
    expect(identity.userIdLow).toBe(7);
  });

  it('reads permissions as words, and a user id of 64 bits', async () => {
    const verifier = new JwtVerifier({
      ...OPTIONS,
      secret: SECRET,
      permissionsClaim: 'scope',
      userIdClaim: 'uid',
    });
    const claims = { uid: '-2', scope: 'a  b' };
    expect(await verifier.verify(await token({ claims }))).toMatchObject({
      ...{ userIdLow: 0xfffffffe, userIdHigh: 0xffffffff, permissions: ['a', 'b'] },
    });
  });

  it('takes attributes from the claim that is named, texts only', async () => {
    const claims = { sub: '7', '': { a: 'b' }, ext: { region: 'eu', level: 3, none: null }, list: ['a'] };
    const attributes = async (attributesClaim: string) => {
      const verifier = new JwtVerifier({ ...OPTIONS, secret: SECRET, attributesClaim });
      return (await verifier.verify(await token({ claims }))).attributes;
    };
    expect(await attributes('ext')).toEqual({ region: 'eu' });
    for (const claim of ['', 'list', 'absent', 'sub']) expect(await attributes(claim)).toEqual({});
  });

  it('takes a token for as long as clocks may differ, and says when it expires all the same', async () => {
    const verifier = new JwtVerifier({ ...OPTIONS, secret: SECRET, clockToleranceSec: 5 });
    const { expiresAtMs } = await verifier.verify(await token({ expiresInSec: -2 }));
    expect(expiresAtMs).toBeLessThan(Date.now());
  });

  it.each([
    ['of another secret', () => token({ key: Buffer.from('another secret of more than 32 bytes....') })],
    ['expired', () => token({ expiresInSec: -10 })],
    ['of another issuer', () => token({ claims: { sub: '7', iss: 'else', aud: 'game' } })],
    ['for another audience', () => token({ claims: { sub: '7', iss: 'us', aud: 'else' } })],
    ['without user', () => token({ claims: { iss: 'us', aud: 'game' } })],
    ['of user 0', () => token({ claims: { sub: '0', iss: 'us', aud: 'game' } })],
    ['of a user that is no number', () => token({ claims: { sub: 'bob', iss: 'us', aud: 'game' } })],
    ['without signature', async () => `${(await token()).split('.').slice(0, 2).join('.')}.`],
    ['that is none', async () => 'nonsense'],
    ['that is too long', async () => 'x'.repeat(20_000)],
    ['of an algorithm without key', () => token({ alg: 'EdDSA', key: KEYS.EdDSA.privateKey })],
  ])('refuses a token %s', async (_name, make) => {
    const verifier = new JwtVerifier({ ...OPTIONS, secret: SECRET, issuer: 'us', audience: 'game' });
    await expect(verifier.verify(await make())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('does not take a public key for a secret', async () => {
    const publicKey = pem(KEYS.RS256.publicKey);
    const verifier = new JwtVerifier({ ...OPTIONS, publicKey });
    const forged = await token({ key: Buffer.from(publicKey) });
    await expect(verifier.verify(forged)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it.each([
    ['no key', {}],
    ['a key that is none', { publicKey: 'nonsense' }],
    ['an address that is none', { jwksUrl: 'nonsense' }],
  ])('does not start with %s', (_name, options) => {
    expect(() => new JwtVerifier({ ...OPTIONS, ...options })).toThrow(StartError);
  });
});

describe('a key set by URL', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  async function serveKeys() {
    const state = { keys: [] as object[], requests: 0, status: 200 };
    const http = createServer((_request, response) => {
      state.requests++;
      response.writeHead(state.status, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify({ keys: state.keys }));
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    server = http;
    const address = http.address();
    if (address === null || typeof address === 'string') throw new Error('no port was given');
    const jwksUrl = `http://127.0.0.1:${address.port}/keys`;
    const add = async (alg: keyof typeof KEYS, kid: string): Promise<void> => {
      state.keys.push({ ...(await exportJWK(KEYS[alg].publicKey)), alg, kid });
    };
    return { state, add, verifier: new JwtVerifier({ ...OPTIONS, jwksUrl, keysCooldownMs: 0 }) };
  }

  it('is fetched once for many tokens, and again for a key that is new', async () => {
    const { state, add, verifier } = await serveKeys();
    await add('RS256', 'first');
    const first = await token({ alg: 'RS256', key: KEYS.RS256.privateKey, kid: 'first' });
    for (let times = 0; times < 5; times++) await verifier.verify(first);
    expect(state.requests).toBe(1);
    await add('ES256', 'second');
    await verifier.verify(await token({ alg: 'ES256', key: KEYS.ES256.privateKey, kid: 'second' }));
    expect(state.requests).toBe(2);
    const unknown = await token({ alg: 'ES256', key: KEYS.ES256.privateKey, kid: 'third' });
    await expect(verifier.verify(unknown)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('that answers with an error, or not at all, is a matter of waiting', async () => {
    const { state, verifier } = await serveKeys();
    const some = await token({ alg: 'RS256', key: KEYS.RS256.privateKey, kid: 'first' });
    state.status = 500;
    await expect(verifier.verify(some)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfterMs: 1000 });
    await new Promise((resolve) => server?.close(resolve));
    await expect(verifier.verify(some)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
