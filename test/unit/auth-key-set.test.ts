import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { exportJWK } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyFetchOutcome } from '../../src/auth/key-fetch.ts';
import { KeySet } from '../../src/auth/key-set.ts';
import { eventually } from '../support/recording-sink.ts';

const AGE_MAX_MS = 600_000;
const STALE_MAX_MS = 3_600_000;
const COOLDOWN_MS = 5_000;
const MIB = 1024 * 1024;
/** Where a server is to hang: answers of one that does not are there before, on a busy machine too. */
const HANGS_MS = 1_000;

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = { ...(await exportJWK(pair.publicKey)), alg: 'ES256' };
const JWS = { payload: '', signature: '' };

type Answer = (response: ServerResponse) => void;

const withKeys =
  (...kids: string[]): Answer =>
  (response) =>
    response.end(JSON.stringify({ keys: kids.map((kid) => ({ ...jwk, kid })) }));
const withStatus =
  (status: number): Answer =>
  (response) =>
    response.writeHead(status, { location: '/elsewhere' }).end();
const withBody =
  (body: string): Answer =>
  (response) =>
    response.end(body);

let server: Server;
let url: URL;
let requests: number;
let answer: Answer;
let nowMs: number;
let outcomes: KeyFetchOutcome[];

beforeEach(async () => {
  requests = 0;
  nowMs = 1_000_000;
  outcomes = [];
  answer = withKeys('first');
  server = createServer((_request, response) => {
    requests++;
    response.setHeader('connection', 'close');
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  url = new URL(`http://127.0.0.1:${address.port}/keys`);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function keySet(timeoutMs?: number): KeySet {
  return new KeySet({
    url,
    staleMaxMs: STALE_MAX_MS,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    nowMs: () => nowMs,
    onFetch: (outcome) => void outcomes.push(outcome),
  });
}

const find = (set: KeySet, kid: string): Promise<unknown> => set.key({ alg: 'ES256', kid }, JWS);
const UNAVAILABLE = { code: 'UNAVAILABLE' };
const UNKNOWN = { code: 'ERR_JWKS_NO_MATCHING_KEY' };

describe('KeySet', () => {
  it('fetches once for tokens that come together, and once again when the keys are old', async () => {
    const set = keySet();
    await Promise.all(Array.from({ length: 20 }, () => find(set, 'first')));
    nowMs += AGE_MAX_MS;
    await find(set, 'first');
    expect(requests).toBe(1);
    nowMs += 1;
    answer = withKeys('second');
    await expect(find(set, 'first')).rejects.toMatchObject(UNKNOWN);
    expect([requests, outcomes]).toEqual([2, ['ok', 'ok']]);
  });

  describe.each<[KeyFetchOutcome, Answer]>([
    ['status', withStatus(500)],
    ['status', withStatus(302)],
    ['malformed', withBody('no JSON')],
    ['malformed', withBody('{}')],
    ['malformed', withBody('{"keys":{}}')],
    ['malformed', withBody('{"keys":[1]}')],
    ['malformed', withBody('null')],
    ['too_large', withBody(`{"keys":[]}${' '.repeat(MIB)}`)],
    ['unreachable', (response) => void response.socket?.destroy()],
    ['timeout', () => {}],
    ['timeout', (response) => void response.write('{"keys":')],
  ])('where the server fails (%s)', (outcome, fault) => {
    it('is a matter of waiting without keys, and tries again after the cool-down', async () => {
      const set = keySet(outcome === 'timeout' ? HANGS_MS : undefined);
      answer = fault;
      await expect(find(set, 'first')).rejects.toMatchObject({ ...UNAVAILABLE, retryAfterMs: COOLDOWN_MS });
      nowMs += 3_000;
      await expect(find(set, 'first')).rejects.toMatchObject({ ...UNAVAILABLE, retryAfterMs: 2_000 });
      expect([requests, outcomes]).toEqual([1, [outcome]]);
      nowMs += 2_000;
      answer = withKeys('first');
      await find(set, 'first');
      expect(outcomes).toEqual([outcome, 'ok']);
    });

    it('goes on with the keys that it has, for so long', async () => {
      const set = keySet(outcome === 'timeout' ? HANGS_MS : undefined);
      await find(set, 'first');
      answer = fault;
      nowMs += AGE_MAX_MS + 1;
      await find(set, 'first');
      expect(outcomes).toEqual(['ok', outcome]);
      nowMs += STALE_MAX_MS - 1;
      await find(set, 'first');
      await eventually(() => outcomes.length === 3, 'another try');
      nowMs += COOLDOWN_MS;
      await expect(find(set, 'first')).rejects.toMatchObject(UNAVAILABLE);
    });
  });

  it('does not let tokens wait while the server is known to hang, and notices when it is back', async () => {
    const set = keySet(HANGS_MS);
    await find(set, 'first');
    answer = () => {};
    nowMs += AGE_MAX_MS + 1;
    await find(set, 'first');
    nowMs += COOLDOWN_MS;
    let held: ServerResponse | undefined;
    answer = (response) => {
      held = response;
    };
    await find(set, 'first');
    expect(outcomes).toEqual(['ok', 'timeout']);
    await eventually(() => held !== undefined, 'the request');
    if (held !== undefined) withKeys('first', 'second')(held);
    await eventually(() => outcomes.at(-1) === 'ok', 'the keys');
    await find(set, 'second');
    expect(requests).toBe(3);
  });

  it('takes a body of exactly 1 MiB', async () => {
    const body = JSON.stringify({ keys: [{ ...jwk, kid: 'first' }] });
    answer = withBody(body + ' '.repeat(MIB - body.length));
    await find(keySet(), 'first');
    expect(outcomes).toEqual(['ok']);
  });

  it('stops to read a body that has no end', async () => {
    let written = 0;
    answer = (response) => {
      const write = (): void => {
        while (!response.destroyed && written < 64 * MIB) {
          written += 65_536;
          if (!response.write('x'.repeat(65_536))) return;
        }
      };
      response.on('drain', write);
      write();
    };
    await expect(find(keySet(), 'first')).rejects.toMatchObject(UNAVAILABLE);
    expect(outcomes).toEqual(['too_large']);
    expect(written).toBeLessThan(32 * MIB);
  });

  describe('a key that it lacks', () => {
    it('is refused where the keys are newer than the question', async () => {
      await expect(find(keySet(), 'second')).rejects.toMatchObject(UNKNOWN);
      expect(requests).toBe(1);
    });

    it('is a matter of waiting within the cool-down, and found after it', async () => {
      const set = keySet();
      await find(set, 'first');
      answer = withKeys('first', 'second');
      nowMs += 1_000;
      await expect(find(set, 'second')).rejects.toMatchObject({ ...UNAVAILABLE, retryAfterMs: 4_000 });
      nowMs += 4_000;
      await find(set, 'second');
      expect(requests).toBe(2);
    });

    it('costs one fetch in a cool-down, whatever tokens name', async () => {
      const set = keySet();
      await find(set, 'first');
      nowMs += COOLDOWN_MS;
      const kids = Array.from({ length: 50 }, (_, index) => `unknown ${index}`);
      const found = await Promise.allSettled(kids.map((kid) => find(set, kid)));
      expect(found.every(({ status }) => status === 'rejected')).toBe(true);
      await expect(find(set, 'another')).rejects.toMatchObject(UNAVAILABLE);
      expect(requests).toBe(2);
    });

    it('is a matter of waiting while the server is down', async () => {
      const set = keySet();
      await find(set, 'first');
      nowMs += COOLDOWN_MS;
      answer = withStatus(503);
      await expect(find(set, 'second')).rejects.toMatchObject({ ...UNAVAILABLE, retryAfterMs: COOLDOWN_MS });
      await find(set, 'first');
    });
  });
});
