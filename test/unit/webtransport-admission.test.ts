import { describe, expect, it } from 'vitest';
import {
  Admission,
  type AdmissionOptions,
  addressOf,
  sessionRequest,
  tokenOf,
} from '../../transports/webtransport/admission.ts';

function admission(options: Partial<AdmissionOptions> = {}): Admission {
  const limits = { connectionsMax: 10, connectionsPerAddressMax: 10, handshakesPerSec: 100 };
  return new Admission({ path: '/wt', allowedOrigins: ['*'], ...limits, ...options }, 0);
}

const request = (target: string, origin?: string) => ({ target, origin });

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

  it('takes so many handshakes a second, with one second of burst', () => {
    const slow = admission({ handshakesPerSec: 2 });
    const at = (nowMs: number) => slow.refusal(request('/wt'), nowMs);
    expect([at(0), at(0), at(0)]).toEqual([undefined, undefined, 'rate']);
    expect([at(500), at(500)]).toEqual([undefined, 'rate']);
    expect([at(60_000), at(60_000), at(60_000)]).toEqual([undefined, undefined, 'rate']);
  });

  it('does not count a handshake that it refuses', () => {
    const slow = admission({ handshakesPerSec: 1 });
    expect(slow.refusal(request('/nowhere'), 0)).toBe('path');
    expect(slow.refusal(request('/wt'), 0)).toBeUndefined();
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
    expect(tokenOf(header)).toBe(token);
  });

  it.each([
    ['192.0.2.1:40000', '192.0.2.1'],
    ['[::ffff:192.0.2.1]:40000', '192.0.2.1'],
    ['[2001:db8::1]:40000', '2001:db8::1'],
    ['[::1]:1', '::1'],
    ['', ''],
    [undefined, ''],
  ])('from %s has the address %s', (peer, address) => {
    expect(addressOf(peer)).toBe(address);
  });
});
