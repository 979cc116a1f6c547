import { describe, expect, it } from 'vitest';
import { readProxyHeader } from '../../transports/websocket/proxy-protocol.ts';

const SIGNATURE = '0d0a0d0a000d0a515549540a';
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const PORTS = '3039d431';
const V6 = '20010db8000000000000000000000001';
const V6_BODY = `${V6} ${V6} ${PORTS}`;

const WHOLE = [
  ['1, IPv4', Buffer.from('PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n'), '192.0.2.1'],
  ['1, IPv6', Buffer.from('PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\r\n'), '2001:db8::1'],
  ['1, unknown', Buffer.from('PROXY UNKNOWN\r\n'), undefined],
  ['1, unknown, longer', Buffer.from(`PROXY UNKNOWN ${'f'.repeat(91)}\r\n`), undefined],
  ['2, IPv4', hex(`${SIGNATURE} 21 11 000c c0000201 7f000001 ${PORTS}`), '192.0.2.1'],
  ['2, IPv6', hex(`${SIGNATURE} 21 21 0024 ${V6_BODY}`), '2001:db8::1'],
  ['2, TLVs', hex(`${SIGNATURE} 21 11 0011 c0000201 7f000001 ${PORTS} 0400020000`), '192.0.2.1'],
  ['2, local', hex(`${SIGNATURE} 20 00 0000`), undefined],
] as const;

describe.each(WHOLE)('a header of version %s', (_name, header, address) => {
  it('is read, and what follows is left', () => {
    expect(readProxyHeader(Buffer.concat([header, Buffer.from('GET')]))).toEqual({
      bytes: header.length,
      address,
    });
  });

  it('is awaited, whatever is there of it', () => {
    for (let length = 0; length < header.length; length++) {
      expect(readProxyHeader(header.subarray(0, length)), `${length} bytes`).toBe('more');
    }
  });
});

it.each([
  ['HTTP', Buffer.from('GET /ws HTTP/1.1\r\n')],
  ['a line too long', Buffer.from(`PROXY UNKNOWN ${'f'.repeat(93)}`)],
  ['another protocol', Buffer.from('PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n')],
  ['an address of the other family', Buffer.from('PROXY TCP4 ::1 ::1 1 2\r\n')],
  ['no address', Buffer.from('PROXY TCP4 nonsense 192.0.2.1 1 2\r\n')],
  ['no ports', Buffer.from('PROXY TCP4 192.0.2.1 192.0.2.1\r\n')],
  ['version 3', hex(`${SIGNATURE} 31 11 000c c0000201 7f000001 ${PORTS}`)],
  ['another command', hex(`${SIGNATURE} 22 11 000c c0000201 7f000001 ${PORTS}`)],
  ['a datagram', hex(`${SIGNATURE} 21 12 000c c0000201 7f000001 ${PORTS}`)],
  ['a body too short', hex(`${SIGNATURE} 21 11 0004 c0000201`)],
  ['a body too long', hex(`${SIGNATURE} 21 11 1001`)],
])('%s is refused', (_name, bytes) => {
  expect(readProxyHeader(bytes)).toBe('bad');
});
