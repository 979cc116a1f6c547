import { describe, expect, it } from 'vitest';
import { TrustedProxies } from '../../transports/websocket/trusted-proxies.ts';

describe('TrustedProxies', () => {
  const proxies = new TrustedProxies(['10.0.0.0/8', '192.0.2.1', 'fd00::/8']);

  it.each([
    ['a client without proxy', '203.0.113.9', undefined, '203.0.113.9'],
    ['a client that makes something up', '203.0.113.9', '1.2.3.4', '203.0.113.9'],
    ['one proxy', '10.1.1.1', '203.0.113.9', '203.0.113.9'],
    ['one proxy, and a client that makes something up', '10.1.1.1', '1.2.3.4, 203.0.113.9', '203.0.113.9'],
    ['two proxies', '10.1.1.1', '203.0.113.9, 192.0.2.1', '203.0.113.9'],
    ['IPv6', 'fd00::1', '2001:db8::7', '2001:db8::7'],
    ['proxies alone', '10.1.1.1', '10.2.2.2', '10.2.2.2'],
    ['no list', '10.1.1.1', undefined, '10.1.1.1'],
    ['what is no address', '10.1.1.1', 'unknown, 192.0.2.1', '192.0.2.1'],
    ['an endless list', '10.1.1.1', '10.1.1.1,'.repeat(1000), '10.1.1.1'],
    ['an endless list before the client', '10.1.1.1', `${'1.2.3.4,'.repeat(1000)}203.0.113.9`, '203.0.113.9'],
    ['a mapped client', '10.1.1.1', '::ffff:203.0.113.9', '203.0.113.9'],
    ['a mapped client in hexadecimal', '10.1.1.1', '1.2.3.4, ::ffff:cb00:7109', '203.0.113.9'],
    ['a mapped proxy', '10.1.1.1', '203.0.113.9, ::ffff:10.2.2.2', '203.0.113.9'],
    ['a client with its port', '10.1.1.1', '1.2.3.4:5, 203.0.113.9:51234', '203.0.113.9'],
    ['a proxy with its port', '10.1.1.1', '203.0.113.9, 192.0.2.1:80', '203.0.113.9'],
    ['an IPv6 client with its port', '10.1.1.1', '[2001:db8::7]:51234', '2001:db8::7'],
    ['an IPv6 client in brackets', '10.1.1.1', '[2001:db8::7]', '2001:db8::7'],
    ['a mapped client with its port', '10.1.1.1', '[::ffff:203.0.113.9]:51234', '203.0.113.9'],
    ['IPv6 whose end looks like a port', '10.1.1.1', '2001:db8::7:4431', '2001:db8::7:4431'],
    ['IPv6 with a zone', '10.1.1.1', 'fe80::1%eth0', 'fe80::1%eth0'],
    ['what is no port', '10.1.1.1', '203.0.113.9:x', '10.1.1.1'],
    ['brackets around what is no IPv6', '10.1.1.1', '[203.0.113.9]:1', '10.1.1.1'],
    ['brackets without an end', '10.1.1.1', '[2001:db8::7', '10.1.1.1'],
  ])('%s', (_name, peer, list, expected) => expect(proxies.clientAddress(peer, list)).toBe(expected));

  it('believes nobody where nobody is named', () => {
    expect(new TrustedProxies([]).clientAddress('10.1.1.1', '203.0.113.9')).toBe('10.1.1.1');
  });

  it.each(['nonsense', '10.0.0.0/33', '10.0.0.0/x', '::1/129'])('refuses %s', (text) => {
    expect(() => new TrustedProxies([text])).toThrow(RangeError);
  });
});
