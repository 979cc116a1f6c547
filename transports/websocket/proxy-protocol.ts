import { isIP, SocketAddress } from 'node:net';

/** What the bytes of a connection begin with. */
export type ProxyHeader =
  /** Cut short so far. */
  | 'more'
  /** Not a header, or one that no proxy for TCP sends. */
  | 'bad'
  | {
      /** Length of the header. */
      readonly bytes: number;
      /** The client's; undefined where the proxy speaks for itself (LOCAL, UNKNOWN). */
      readonly address: string | undefined;
    };

/** Section 2.1: the longest line is 107 bytes with its CR LF. */
const V1_BYTES_MAX = 107;
const V1_PREFIX = Buffer.from('PROXY ');
const V1_LINE = /^PROXY (TCP4|TCP6) (\S+) (\S+) (\d{1,5}) (\d{1,5})$/;
/** Section 2.2. */
const V2_SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const V2_HEAD_BYTES = 16;
/** Addresses and TLVs; the format has room for 64 KiB, proxies send some hundred bytes. */
const V2_BODY_BYTES_MAX = 4096;
const V2_LOCAL = 0x20;
const V2_PROXY = 0x21;
const V2_TCP4 = { family: 0x11, bytes: 12 };
const V2_TCP6 = { family: 0x21, bytes: 36 };

/**
 * Reads a PROXY header, version 1 or 2, from the first bytes of a connection (HAProxy, "The PROXY protocol", versions 1
 * and 2). Pure; the bytes stay the caller's.
 */
export function readProxyHeader(bytes: Buffer): ProxyHeader {
  if (startsAs(bytes, V2_SIGNATURE)) return readV2(bytes);
  if (startsAs(bytes, V1_PREFIX)) return readV1(bytes);
  return 'bad';
}

/** As far as there are bytes. */
function startsAs(bytes: Buffer, prefix: Buffer): boolean {
  const length = Math.min(bytes.length, prefix.length);
  return bytes.compare(prefix, 0, length, 0, length) === 0;
}

function readV1(bytes: Buffer): ProxyHeader {
  const end = bytes.subarray(0, V1_BYTES_MAX).indexOf('\r\n');
  if (end === -1) return bytes.length < V1_BYTES_MAX ? 'more' : 'bad';
  const line = bytes.toString('latin1', 0, end);
  const length = end + 2;
  if (line === 'PROXY UNKNOWN' || line.startsWith('PROXY UNKNOWN ')) {
    return { bytes: length, address: undefined };
  }
  const match = V1_LINE.exec(line);
  if (match === null) return 'bad';
  const [, protocol, source, destination] = match;
  const family = protocol === 'TCP4' ? 4 : 6;
  if (isIP(source) !== family || isIP(destination) !== family) return 'bad';
  return { bytes: length, address: source };
}

function readV2(bytes: Buffer): ProxyHeader {
  if (bytes.length < V2_HEAD_BYTES) return 'more';
  const [command, family] = [bytes[12], bytes[13]];
  const bodyBytes = bytes.readUInt16BE(14);
  if (bodyBytes > V2_BODY_BYTES_MAX || (command !== V2_LOCAL && command !== V2_PROXY)) return 'bad';
  const length = V2_HEAD_BYTES + bodyBytes;
  if (bytes.length < length) return 'more';
  if (command === V2_LOCAL) return { bytes: length, address: undefined };
  const source = bytes.subarray(V2_HEAD_BYTES);
  if (family === V2_TCP4.family && bodyBytes >= V2_TCP4.bytes) {
    return { bytes: length, address: source.subarray(0, 4).join('.') };
  }
  if (family === V2_TCP6.family && bodyBytes >= V2_TCP6.bytes) {
    const groups = Array.from({ length: 8 }, (_, index) => source.readUInt16BE(2 * index).toString(16));
    const { address } = new SocketAddress({ address: groups.join(':'), family: 'ipv6' });
    return { bytes: length, address };
  }
  return 'bad';
}
