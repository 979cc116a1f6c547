import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Identity } from '../../src/auth/identity.ts';
import { Gateway } from '../../src/gateway.ts';
import { silentLog } from '../../src/observe/log.ts';
import { Metrics } from '../../src/observe/metrics.ts';
import { payloadOf, ROUTE, readMsgId, readRoute, readSeq } from '../../src/protocol/header.ts';
import { decodePing, encodeHello, SYSTEM } from '../../src/protocol/system.ts';
import { webSocketLink } from '../../transports/websocket/client.ts';
import { WebSocketListener } from '../../transports/websocket/websocket-listener.ts';
import { certificateHash } from '../../transports/webtransport/certificate-check.ts';
import { webTransportLink } from '../../transports/webtransport/client.ts';
import { WebTransportListener } from '../../transports/webtransport/webtransport-listener.ts';
import type { Link, OpenLink } from '../../web-client/sdk/link.ts';
import { WAIT_MS_MAX } from '../support/deadline.ts';
import { gameFrame } from '../support/frames.ts';
import { IdleBridge } from '../support/idle-bridge.ts';
import { eventually } from '../support/recording-sink.ts';
import { type Settings, testConfig } from '../support/test-gateway.ts';
import { testCertificate, testLibrary } from '../support/webtransport.ts';

const library = await testLibrary();
const certificate = testCertificate();
/** As much as a client may have under way, so that the gateway never has to wait for more. */
const UNDER_WAY_BYTES_MAX = 4 * 1024 * 1024;
const FRAMES_AT_ONCE = 500;
const HEARTBEATS: Settings = {
  ...{ 'session.heartbeat_interval_sec': '1', 'session.heartbeat_ttl_sec': '2' },
  ...{ 'session.check_interval_sec': '1', 'queue.size_max': '4000' },
};

interface Transport {
  readonly listener: WebSocketListener | WebTransportListener;
  open(port: number): OpenLink;
}

const transports: Record<string, () => Transport> = {
  websocket: () => ({
    listener: new WebSocketListener(),
    open: (port) => webSocketLink(`ws://127.0.0.1:${port}/ws`),
  }),
  webtransport: () => ({
    listener: new WebTransportListener({ library, certificate }),
    open: (port) =>
      webTransportLink(`https://127.0.0.1:${port}/wt`, {
        library,
        serverCertificateHashes: [certificateHash(certificate.certPem)],
      }),
  }),
};

let bridge: IdleBridge;
let gateway: Gateway;
let link: Link;
/** What the peer of the test has seen; one before may still end. */
let seen: { pings: number; end: number };

beforeEach(() => {
  bridge = new IdleBridge();
});
afterEach(async () => {
  link.close();
  bridge.letGo();
  await gateway.close();
});

async function connect(transport: Transport, settings: Settings = {}, verify?: () => Promise<Identity>) {
  const config = testConfig({ ...HEARTBEATS, ...settings });
  const verifier = verify === undefined ? undefined : { verify };
  const rest = { bridge, verifier, metrics: new Metrics(), log: silentLog };
  gateway = new Gateway({ config, id: 'g1', listeners: [transport.listener], ...rest });
  const addresses = await gateway.start();
  const own = { pings: 0, end: -1 };
  seen = own;
  const { port } = addresses.get(transport.listener.transport) ?? { port: 0 };
  link = await transport.open(port)({
    onFrame: (frame) => {
      const isPing = readRoute(frame) === ROUTE.system && readMsgId(frame) === SYSTEM.ping;
      if (isPing && readSeq(frame) > 0 && decodePing(payloadOf(frame)) !== undefined) own.pings++;
    },
    onClose: ({ code }) => {
      own.end = code;
    },
  });
}

/** Sends as fast as it goes, and answers no Ping, until `done`. Returns the number of frames. */
async function flood(done: () => boolean, what: string): Promise<number> {
  const deadlineMs = performance.now() + WAIT_MS_MAX;
  let sent = 0;
  while (!done()) {
    if (performance.now() > deadlineMs) throw new Error(`waited in vain for ${what}`);
    for (let count = 0; count < FRAMES_AT_ONCE && link.bufferedBytes < UNDER_WAY_BYTES_MAX; count++) {
      link.send(gameFrame(sent++));
    }
    await nextTurn();
  }
  return sent;
}

describe.each(Object.entries(transports))('a peer on %s', (_name, create) => {
  it('gets its Pings while it floods, and lives', async () => {
    await connect(create());
    const sent = await flood(() => seen.pings >= 3, 'three Pings');
    expect(sent).toBeGreaterThan(3 * FRAMES_AT_ONCE);
    expect([seen.end, gateway.connections]).toEqual([-1, 1]);
  });

  it('gets its Pings while the gateway does not read from it, and lives', async () => {
    await connect(create());
    bridge.stuck = true;
    await flood(() => gateway.dispatcher.ingress.pausedConnections === 1, 'the pause');
    const { pings } = seen;
    await flood(() => seen.pings >= pings + 3, 'three Pings');
    expect(gateway.dispatcher.ingress.pausedConnections).toBe(1);
    expect([seen.end, gateway.connections]).toEqual([-1, 1]);
  });

  it('gets its Pings while its Hello is looked into, and lives', async () => {
    let admit: (identity: Identity) => void = () => {};
    const identity = new Promise<Identity>((resolve) => {
      admit = resolve;
    });
    const settings = { 'auth.mode': 'jwt', 'auth.jwt.secret': 'never used, and of 32 bytes or more' };
    await connect(create(), settings, () => identity);
    link.send(encodeHello({ token: 'a' }, 1));
    for (let seq = 2; seq < 100; seq++) link.send(gameFrame(seq));
    await eventually(() => seen.pings >= 1, 'a Ping');
    // Anything that comes counts as a sign of life, though it waits.
    link.send(gameFrame(100));
    await eventually(() => seen.pings >= 2, 'another Ping');
    admit({ userIdLow: 7, userIdHigh: 0, permissions: [], attributes: {}, expiresAtMs: 0 });
    await eventually(() => gateway.hub.userCount === 1, 'the user');
    expect([seen.end, gateway.connections]).toEqual([-1, 1]);
  });
});
