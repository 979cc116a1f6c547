import type { BenchContext, Group, Row, Subject } from '../bench.ts';
import { gatewayConfig, memoryBridge, webTransportConfig } from '../gateway-config.ts';
import { gameFrame, latestFrame } from '../load/frames.ts';
import { type HeldClient, HeldLoad, stamped } from '../load/held-load.ts';
import { RawClient } from '../load/raw-client.ts';
import { WebTransportSession } from '../load/webtransport-session.ts';
import { ServerProcess } from '../server-process.ts';
import { required } from '../webtransport-context.ts';

const SESSIONS = 1_000;
const FRAMES_PER_SEC = 10;
const HELD_MS = 20_000;
const PACE = { framesPerSec: FRAMES_PER_SEC, heldMs: HELD_MS };

async function overWebSocket(context: BenchContext): Promise<Subject> {
  const server = await ServerProcess.start(context, 'gateway', gatewayConfig(memoryBridge()));
  const clients: RawClient[] = [];
  const held: HeldClient[] = [];
  for (let index = 0; index < SESSIONS; index++) {
    const client = await RawClient.open(server.port, '/ws');
    const template = client.template(gameFrame('demo', index, false));
    clients.push(client);
    held.push({
      listen: (onFrame) => {
        client.onMessage = onFrame;
      },
      send: (seq) => client.writeCopies(template, 1, seq),
    });
  }
  const close = async (): Promise<void> => {
    for (const client of clients) client.close();
  };
  return new HeldLoad(server, held, { ...PACE, close });
}

async function overWebTransport(context: BenchContext, datagrams: boolean): Promise<Subject> {
  const webTransport = required(context.webTransport);
  const server = await ServerProcess.start(context, 'gateway', webTransportConfig(webTransport));
  const sessions = await WebTransportSession.openMany(webTransport, server.port, SESSIONS);
  const held = sessions.map((session, index) => {
    const template = datagrams ? latestFrame('demo', index) : gameFrame('demo', index, false);
    return {
      listen: (onFrame: Parameters<HeldClient['listen']>[0]) => {
        session.onFrame = (frame) => onFrame(frame, 0);
      },
      send: (seq: number) =>
        datagrams ? session.sendDatagram(stamped(template, seq)) : session.send(stamped(template, seq)),
    };
  });
  return new HeldLoad(server, held, { ...PACE, close: () => WebTransportSession.closeAll(sessions) });
}

const rows: readonly Row[] = [
  { name: 'held-ws', title: 'gateway, WebSocket', start: overWebSocket },
  {
    name: 'held-wt',
    title: 'gateway, WebTransport stream',
    start: (context) => overWebTransport(context, false),
  },
  {
    name: 'held-wtd',
    title: 'gateway, WebTransport datagrams',
    start: (context) => overWebTransport(context, true),
  },
];

/** A load as a game has it, held for a while: no control, the figures stand for themselves. */
export const held: Group = {
  name: 'held',
  title: `Held: ${SESSIONS} sessions x ${FRAMES_PER_SEC} frames/s for ${HELD_MS / 1000} s, memory bridge, demo backend, 64 B payload`,
  rows,
  metrics: [
    { name: 'perSec', unit: 'frames/s', digits: 0 },
    { name: 'p50Us', unit: 'us', digits: 0 },
    { name: 'p99Us', unit: 'us', digits: 0 },
    { name: 'maxUs', unit: 'us', digits: 0 },
    { name: 'refused', unit: 'frames', digits: 0 },
    { name: 'lost', unit: 'frames', digits: 0 },
    { name: 'serverUs', unit: 'us CPU per frame', digits: 1 },
    { name: 'serverBusy', unit: 'cores', digits: 2 },
    { name: 'loadBusy', unit: 'cores', digits: 2 },
    { name: 'lateP99Us', unit: 'us late', digits: 0 },
  ],
  comparisons: [],
  rounds: 1,
  fresh: true,
  needsWebTransport: true,
};
