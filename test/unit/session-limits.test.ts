import { describe, expect, it } from 'vitest';
import { createResumeToken, parseResumeToken, sameSecret } from '../../src/session/resume-token.ts';
import { RateLimiter } from '../../src/session/session-rates.ts';
import { decodeDetails, encodeDetails } from '../../src/session/store/session-record.ts';
import { TokenBucket } from '../../src/session/token-bucket.ts';

describe('TokenBucket', () => {
  const rate = { perSec: 10, burst: 3 };

  it('takes a burst, then one for each that comes back', () => {
    const bucket = new TokenBucket();
    expect([1, 2, 3].map(() => bucket.take(1, rate, 1000))).toEqual([0, 0, 0]);
    const waitMs = bucket.take(1, rate, 1000);
    expect(waitMs).toBe(100);
    expect(bucket.take(1, rate, 1000 + waitMs - 1)).toBeGreaterThan(0);
    expect(bucket.take(1, rate, 1000 + waitMs)).toBe(0);
    expect(bucket.take(1, rate, 1000 + waitMs)).toBeGreaterThan(0);
  });

  it('takes one amount above the burst, and pays it off', () => {
    const bucket = new TokenBucket();
    expect(bucket.take(23, rate, 0)).toBe(0);
    expect(bucket.take(1, rate, 1900)).toBe(200);
    expect(bucket.take(1, rate, 2100)).toBe(0);
  });

  it('tells whole milliseconds, and not one more for a sum of fractions', () => {
    const bucket = new TokenBucket();
    const slow = { perSec: 70, burst: 100 };
    for (const nowMs of [0, 0, 286, 858, 1429]) expect(bucket.take(40, slow, nowMs)).toBe(0);
    expect(bucket.take(40, slow, 1429)).toBe(571);
  });

  it('has no limit at 0', () => {
    const bucket = new TokenBucket();
    for (let taken = 0; taken < 1000; taken++) expect(bucket.take(1, { perSec: 0, burst: 1 }, 0)).toBe(0);
  });
});

describe('RateLimiter', () => {
  const much = { perSec: 1000, burst: 1000 };
  const limiter = new RateLimiter({
    frames: much,
    bytes: { perSec: 100, burst: 100 },
    userFrames: { perSec: 2, burst: 2 },
    unauthenticatedFrames: { perSec: 1, burst: 1 },
    strikes: { perSec: 1, burst: 2 },
  });

  it('limits frames before authentication, and bytes', () => {
    const rates = limiter.session(undefined);
    expect([rates.take(1, false, 0), rates.take(1, false, 0)]).toEqual([0, 1000]);
    const others = limiter.session(undefined);
    expect([others.take(200, true, 0), others.take(1, true, 0)]).toEqual([0, 1010]);
  });

  it('limits the sessions of one user together', () => {
    const [a, b, c] = [limiter.session(7), limiter.session(7), limiter.session(8)];
    expect([a.take(1, true, 0), b.take(1, true, 0)]).toEqual([0, 0]);
    expect(a.take(1, true, 0)).toBeGreaterThan(0);
    expect(c.take(1, true, 0)).toBe(0);
  });

  it('takes nothing from a bucket where another one refuses', () => {
    const strict = new RateLimiter({
      frames: { perSec: 1, burst: 3 },
      bytes: { perSec: 1000, burst: 100 },
      userFrames: { perSec: 1000, burst: 2 },
      ...{ unauthenticatedFrames: much, strikes: much },
    });
    const rates = strict.session(7);
    expect(rates.take(100, true, 0)).toBe(0);
    expect([rates.take(50, true, 0), rates.take(50, true, 0), rates.take(50, true, 0)]).toEqual([50, 50, 50]);
    expect([rates.take(50, true, 50), rates.take(50, true, 50)]).toEqual([0, 50]);
    expect([rates.take(50, true, 100), rates.take(1, true, 150)]).toEqual([0, 850]);
    const other = strict.session(7);
    expect([other.take(1, true, 150), other.take(1, true, 150), other.take(1, true, 150)]).toEqual([0, 0, 1]);
    expect([rates.take(1, true, 150), rates.take(1, true, 1000)]).toEqual([850, 0]);
  });

  it('tells the longest wait of its buckets', () => {
    const strict = new RateLimiter({
      frames: { perSec: 2, burst: 1 },
      bytes: { perSec: 100, burst: 100 },
      userFrames: { perSec: 1, burst: 1 },
      ...{ unauthenticatedFrames: much, strikes: much },
    });
    const rates = strict.session(7);
    expect([rates.take(10, true, 0), rates.take(10, true, 0), rates.take(100, true, 0)]).toEqual([
      0, 1000, 1000,
    ]);
    expect(strict.session(8).take(300, true, 0)).toBe(0);
  });

  it('tells the strike that is one too many', () => {
    const rates = limiter.session(undefined);
    expect([rates.strike(0), rates.strike(0), rates.strike(0)]).toEqual([false, false, true]);
  });
});

describe('resume tokens', () => {
  it('name the session, and have a secret of 128 bits that is kept as a hash only', () => {
    const { text, secretHash } = createResumeToken('123');
    const parsed = parseResumeToken(text);
    expect(parsed?.sessionId).toBe('123');
    expect(parsed && sameSecret(parsed.secretHash, secretHash)).toBe(true);
    expect(Buffer.from(text.split('.')[1], 'base64url')).toHaveLength(16);
    const other = parseResumeToken(createResumeToken('123').text);
    expect(other && sameSecret(other.secretHash, secretHash)).toBe(false);
  });

  it.each([
    '',
    '1',
    '1.',
    '.AAAAAAAAAAAAAAAAAAAAAA',
    '1.AAAAAAAAAAAAAAAAAAAAA',
    `${'1'.repeat(20)}.${'A'.repeat(22)}`,
  ])('are not %j', (text) => expect(parseResumeToken(text)).toBeUndefined());
});

describe('stored details', () => {
  const details = {
    ...{ userId: '7', device: 'phone', gameId: 'demo', groups: ['a', 'b'], permissions: ['chat'] },
    ...{ verified: true, expiresAtMs: 5, startedAtMs: 6, attributes: { region: 'eu' } },
  };

  it('come back as they were', () => expect(decodeDetails(encodeDetails(details))).toEqual(details));

  it('of another version, or damaged, are none', () => {
    expect(decodeDetails(JSON.stringify({ ...details, v: 2 }))).toBeUndefined();
    expect(decodeDetails('{')).toBeUndefined();
    expect(decodeDetails('null')).toBeUndefined();
  });

  it('do without what is missing or of another type', () => {
    expect(decodeDetails('{"v":1,"groups":[1,"g"],"attributes":{"a":1,"b":"c"}}')).toMatchObject({
      ...{ userId: '0', groups: ['g'], verified: false, permissions: [], attributes: { b: 'c' } },
    });
  });
});
