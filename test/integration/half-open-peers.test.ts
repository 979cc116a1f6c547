import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { payloadOf, ROUTE, readMsgId, readRoute, readSeq } from '../../src/protocol/header.ts';
import { decodeWelcome, encodeHello, encodePong, SYSTEM } from '../../src/protocol/system.ts';
import { webSocketLink } from '../../transports/websocket/client.ts';
import { certificateHash } from '../../transports/webtransport/certificate-check.ts';
import { webTransportLink } from '../../transports/webtransport/client.ts';
import type { Link, OpenLink } from '../../web-client/sdk/link.ts';
import { eventually } from '../support/recording-sink.ts';
import { type Served, startServed } from '../support/served.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { startUdpProxy } from '../support/udp-proxy.ts';
import { testCertificate, testLibrary } from '../support/webtransport.ts';

const library = await testLibrary();
const certificate = testCertificate();

let folder: string;
let served: Served;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dualgate-half-open-'));
  await writeFile(join(folder, 'cert.pem'), certificate.certPem);
  await writeFile(join(folder, 'key.pem'), certificate.keyPem);
  served = await startServed({
    ...{ 'session.heartbeat_interval_sec': '1', 'session.heartbeat_ttl_sec': '2' },
    ...{ 'session.check_interval_sec': '1', 'quic.enabled': 'true', 'quic.host': '127.0.0.1' },
    ...{ 'quic.port': '0', 'quic.cert': join(folder, 'cert.pem'), 'quic.key': join(folder, 'key.pem') },
  });
});
afterEach(async () => {
  await served.close();
  await rm(folder, { recursive: true });
});

interface Path {
  readonly open: OpenLink;
  cut(): void;
  close(): Promise<void>;
}

const portOf = (transport: string): number => served.running.addresses.get(transport)?.port ?? 0;

async function webSocketPath(): Promise<Path> {
  const proxy = await startTcpProxy(portOf('websocket'));
  const open = webSocketLink(`ws://127.0.0.1:${proxy.port}/ws`);
  return { open, cut: () => proxy.cut(), close: () => proxy.close() };
}

async function webTransportPath(): Promise<Path> {
  const proxy = await startUdpProxy(portOf('webtransport'));
  const hash = certificateHash(certificate.certPem);
  const open = webTransportLink(`https://127.0.0.1:${proxy.port}/wt`, {
    library,
    serverCertificateHashes: [hash],
  });
  return { open, cut: () => proxy.cut(), close: () => proxy.close() };
}

/** Says Hello and answers Pings, as far as they come. */
async function openClient(open: OpenLink) {
  const seen = { welcome: false, pings: 0 };
  const link: Link = await open({
    onFrame: (frame) => {
      if (readRoute(frame) !== ROUTE.system) return;
      if (readMsgId(frame) === SYSTEM.welcome) seen.welcome = decodeWelcome(payloadOf(frame)) !== undefined;
      if (readMsgId(frame) !== SYSTEM.ping) return;
      seen.pings++;
      link.send(encodePong({ sentAtMs: 0, serverTimeMs: 0, received: 0 }, readSeq(frame)));
    },
    onClose() {},
  });
  link.send(encodeHello({}, 1));
  await eventually(() => seen.welcome && seen.pings >= 3, 'three Pings');
  return link;
}

describe.each([
  ['websocket', webSocketPath],
  ['webtransport', webTransportPath],
])('a peer on %s', (transport, startPath) => {
  it('that nothing comes from and nothing reaches is found, and its session waits', async () => {
    const path = await startPath();
    const { gateway } = served.running;
    // It lives for longer than the timeout while it answers.
    const link = await openClient(path.open);
    expect([gateway.connections, gateway.lifecycle.detached]).toEqual([1, 0]);
    path.cut();
    await eventually(() => gateway.connections === 0, 'the peer to be found');
    expect([gateway.hub.size, gateway.lifecycle.detached]).toEqual([1, 1]);
    const { samples } = await served.page();
    const closed = samples.filter(({ name }) => name === 'dualgate_connections_closed_total');
    expect(closed).toMatchObject([
      { labels: { transport, disconnect: 'heartbeatTimeout', by: 'local' }, value: 1 },
    ]);
    link.close();
    await path.close();
  });
});
