import { describe, expect, it } from 'vitest';
import { Admission, type AdmissionOptions, addressKey } from '../../transports/admission.ts';
import { peerAddress, sessionRequest, sessionToken } from '../../transports/webtransport/session-request.ts';

function admission(options: Partial<AdmissionOptions> = {}): Admission {
  const limits = { connectionsMax: 10, connectionsPerAddressMax: 10 };
  const rates = { handshakesPerSec: 100, handshakesPerSecPerAddress: 100 };
  return new Admission({ path: '/wt', allowedOrigins: ['*'], ...limits, ...rates, ...options }, 0);
}

const request = (target: string, origin?: string, address?: string) => ({ target, origin, address });

describe('admission', () => {
  it.each([
    ['/wt', undefined],
    ['/wt?token=a&b=/other', undefined],
    ['/', 'path'],
    ['/wt/', 'path'],
    ['/wtx', 'path'],
    ['/other?/wt', 'path'],
  ])('of the path %s says %s', (target, refusal) => {
    expect(admission().refusal(request(target), 0)).toBe(refusal);
  });

  it('lets in the origins of the list, and who has none', () => {
    const strict = admission({ allowedOrigins: ['https://game.example'] });
    expect(strict.refusal(request('/wt', 'https://game.example'), 0)).toBeUndefined();
    expect(strict.refusal(request('/wt'), 0)).toBeUndefined();
    expect(strict.refusal(request('/wt', 'https://game.example.evil.example'), 0)).toBe('origin');
    expect(strict.refusal(request('/wt', 'null'), 0)).toBe('origin');
    expect(admission().refusal(request('/wt', 'https://any.example'), 0)).toBeUndefined();
  });

  it('stops at its number of sessions, and goes on below', () => {
    const small = admission({ connectionsMax: 2 });
    expect(small.enter('a')).toBeUndefined();
    expect(small.enter('b')).toBeUndefined();
    expect(small.refusal(request('/wt'), 0)).toBe('full');
    expect(small.enter('c')).toBe('full');
    small.leave('c');
    small.leave('a');
    expect(small.refusal(request('/wt'), 0)).toBeUndefined();
  });

  it('stops one address alone', () => {
    const small = admission({ connectionsPerAddressMax: 1 });
    expect(small.enter('a')).toBeUndefined();
    expect(small.enter('a')).toBe('full-address');
    expect(small.enter('b')).toBeUndefined();
    small.leave('a');
    small.leave('a');
    expect(small.enter('a')).toBeUndefined();
  });

  it('refuses one address too many where the request tells it', () => {
    const small = admission({ connectionsPerAddressMax: 1 });
    small.enter('192.0.2.1');
    expect(small.refusal(request('/wt', undefined, '192.0.2.1'), 0)).toBe('full-address');
    expect(small.refusal(request('/wt', undefined, '192.0.2.2'), 0)).toBeUndefined();
  });

  it('counts IPv6 by /64', () => {
    const small = admission({ connectionsPerAddressMax: 1 });
    small.enter('2001:db8:0:1::1');
    expect(small.refusal(request('/wt', undefined, '2001:db8:0:1:ffff::2'), 0)).toBe('full-address');
    expect(small.refusal(request('/wt', undefined, '2001:db8:0:2::1'), 0)).toBeUndefined();
    small.leave('2001:db8:0:1:5::6');
    expect(small.refusal(request('/wt', undefined, '2001:db8:0:1::1'), 0)).toBeUndefined();
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0db8:0000:0000::1', '2001:db8:0:0::/64'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:c000:201', '192.0.2.1'],
    ['0000:0000:0000:0000:0000:ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:0:192.0.2.1', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ])('counts %s as %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it('takes so many handshakes a second, with five seconds of burst', () => {
    const slow = admission({ handshakesPerSec: 2 });
    const at = (nowMs: number) => slow.refusal(request('/wt'), nowMs);
    const burst = Array.from({ length: 10 }, () => at(0));
    expect(burst.every((refusal) => refusal === undefined)).toBe(true);
    expect(at(0)).toBe('rate');
    expect([at(500), at(500)]).toEqual([undefined, 'rate']);
    const later = Array.from({ length: 11 }, () => at(60_000));
    expect(later.filter((refusal) => refusal === undefined)).toHaveLength(10);
  });

  it.each([
    ['an IPv4 address', '192.0.2.1', '::ffff:192.0.2.1', '192.0.2.2'],
    ['an IPv6 /64', '2001:db8:0:1::1', '2001:db8:0:1:ffff::9', '2001:db8:0:2::1'],
  ])('takes so many handshakes a second of %s, with five seconds of burst', (_name, a, same, other) => {
    const slow = admission({ handshakesPerSecPerAddress: 2 });
    const at = (address: string, nowMs: number) => slow.refusal(request('/wt', undefined, address), nowMs);
    const burst = Array.from({ length: 10 }, (_, index) => at(index % 2 === 0 ? a : same, 0));
    expect(burst.every((refusal) => refusal === undefined)).toBe(true);
    expect([at(same, 0), at(other, 0), at(a, 499)]).toEqual(['rate-address', undefined, 'rate-address']);
    expect([at(a, 500), at(same, 500)]).toEqual([undefined, 'rate-address']);
    // Steadily at the limit, over several turns of what is kept.
    for (let nowMs = 1000; nowMs <= 30_000; nowMs += 500) {
      expect([at(a, nowMs), at(same, nowMs)]).toEqual([undefined, 'rate-address']);
    }
    const later = Array.from({ length: 11 }, () => at(a, 60_000));
    expect(later.filter((refusal) => refusal === undefined)).toHaveLength(10);
  });

  it('counts no handshake of all that it refuses to one address', () => {
    const slow = admission({ handshakesPerSec: 3, handshakesPerSecPerAddress: 1 });
    const of = (address: string) => slow.refusal(request('/wt', undefined, address), 0);
    const greedy = Array.from({ length: 100 }, () => of('192.0.2.1'));
    expect(greedy.filter((refusal) => refusal === undefined)).toHaveLength(5);
    const others = Array.from({ length: 11 }, (_, index) => of(`192.0.2.${index + 2}`));
    expect(others.filter((refusal) => refusal === undefined)).toHaveLength(10);
    expect(others.at(-1)).toBe('rate');
  });

  it('does not count a handshake that it refuses', () => {
    const slow = admission({ handshakesPerSec: 1 });
    for (let count = 0; count < 10; count++) expect(slow.refusal(request('/nowhere'), 0)).toBe('path');
    for (let count = 0; count < 5; count++) expect(slow.refusal(request('/wt'), 0)).toBeUndefined();
    expect(slow.refusal(request('/wt'), 0)).toBe('rate');
  });
});

describe('a request', () => {
  it('is read from the header fields, whatever they are', () => {
    expect(sessionRequest({ ':path': '/wt', origin: 'https://a' })).toEqual(request('/wt', 'https://a'));
    for (const header of [undefined, null, 7, {}, { ':path': 7 }, { origin: 'https://a' }]) {
      expect(sessionRequest(header)).toBeUndefined();
    }
  });

  it.each([
    [{ ':path': '/wt?a=b&token=x%20y' }, 'x y'],
    [{ ':path': '/wt', authorization: 'Bearer abc' }, 'abc'],
    [{ ':path': '/wt?token=query', authorization: 'bearer header' }, 'header'],
    [{ ':path': '/wt?token=query', authorization: 'Basic header' }, 'query'],
    [{ ':path': '/wt' }, undefined],
    [undefined, undefined],
  ])('%j has the token %s', (header, token) => {
    expect(sessionToken(header)).toBe(token);
  });

  it.each([
    ['192.0.2.1:40000', '192.0.2.1'],
    ['[::ffff:192.0.2.1]:40000', '192.0.2.1'],
    ['[2001:db8::1]:40000', '2001:db8::1'],
    ['[::1]:1', '::1'],
    ['', ''],
    [undefined, ''],
  ])('from %s has the address %s', (peer, address) => {
    expect(peerAddress(peer)).toBe(address);
  });
});
