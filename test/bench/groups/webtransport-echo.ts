import type { Comparison, Group, Metric, Row } from '../bench.ts';
import { webTransportConfig } from '../gateway-config.ts';
import { gameFrame, latestFrame } from '../load/frames.ts';
import { WebTransportLoop, type WebTransportLoopOptions } from '../load/webtransport-loop.ts';
import { ServerProcess } from '../server-process.ts';
import { required, type WebTransportContext } from '../webtransport-context.ts';

const SESSIONS = 50;
const IN_FLIGHT = 8;

const METRICS: readonly Metric[] = [
  { name: 'perSec', unit: 'frames/s', digits: 0 },
  { name: 'p50Us', unit: 'us', digits: 0 },
  { name: 'p99Us', unit: 'us', digits: 0 },
  { name: 'serverUs', unit: 'us CPU per frame', digits: 2 },
  { name: 'serverBusy', unit: 'cores', digits: 2 },
  { name: 'loadBusy', unit: 'cores', digits: 2 },
];

interface Server {
  readonly script: string;
  configure(context: WebTransportContext): object;
}

const bare: Server = { script: 'bare-webtransport', configure: files };
const tuned: Server = {
  script: 'bare-webtransport',
  configure: (context) => ({ ...files(context), tuned: true }),
};
const adapter: Server = { script: 'webtransport-adapter', configure: files };
const gateway: Server = { script: 'gateway', configure: webTransportConfig };

function files({ certFile, keyFile }: WebTransportContext): object {
  return { certFile, keyFile };
}

function row(name: string, title: string, server: Server, load: WebTransportLoopOptions): Row {
  return {
    name,
    title,
    start: async (context) => {
      const webTransport = required(context.webTransport);
      const child = await ServerProcess.start(context, server.script, server.configure(webTransport));
      return await WebTransportLoop.start(child, webTransport, load);
    },
  };
}

/** By rate, by round trip and by processor time: the load generator may be what limits the rate. */
function against(control: string, row: string, aims: boolean): Comparison[] {
  const over = { row, over: control, by: 'ratio' } as const;
  const rate = { ...over, metric: 'perSec' } as const;
  const median = { ...over, metric: 'p50Us' } as const;
  return [
    aims ? { ...rate, aim: { atLeast: 0.8 } } : rate,
    aims ? { ...median, aim: { atMost: 1.2 } } : median,
    { ...over, metric: 'serverUs' },
  ];
}

const acked = { sessions: SESSIONS, inFlight: IN_FLIGHT, datagrams: false };
const stream = { ...acked, frame: (index: number) => gameFrame('mmo', index, true) };
const streamDemo = { ...acked, frame: (index: number) => gameFrame('demo', index, false) };

/** Frames of 64 bytes up the control stream, and one answer each. */
export const webTransportStream: Group = {
  name: 'wt-stream',
  title: `WebTransport stream: ${SESSIONS} sessions, ${IN_FLIGHT} frames in flight each, 64 B payload`,
  rows: [
    row('wt-bare', 'bare addon, echo', bare, stream),
    row('wt-bare-tuned', 'the same with our settings of the UDP socket', tuned, stream),
    row('wt-adapter', 'our adapter, echo', adapter, stream),
    row('wt-memory-ack', 'gateway, memory bridge, ack', gateway, stream),
    row('wt-memory-echo', 'gateway, memory bridge, demo backend', gateway, streamDemo),
  ],
  metrics: METRICS,
  comparisons: [
    ...against('wt-bare', 'wt-adapter', true),
    ...against('wt-bare', 'wt-memory-ack', true),
    ...against('wt-bare', 'wt-memory-echo', true),
    ...against('wt-bare-tuned', 'wt-adapter', false),
    ...against('wt-bare-tuned', 'wt-memory-ack', false),
  ],
  needsWebTransport: true,
};

const datagrams = {
  sessions: SESSIONS,
  inFlight: IN_FLIGHT,
  datagrams: true,
  frame: (index: number) => latestFrame('demo', index),
};

/**
 * One frame in each datagram, both ways. The aims stand over the tuned control: with the system's receive buffer the
 * bare server loses datagrams, and those that are left see less of a queue.
 */
export const webTransportDatagrams: Group = {
  name: 'wt-datagram',
  title: `WebTransport datagrams: ${SESSIONS} sessions, ${IN_FLIGHT} frames in flight each, 64 B payload`,
  rows: [
    row('wtd-bare', 'bare addon, echo', bare, datagrams),
    row('wtd-bare-tuned', 'the same with our settings of the UDP socket', tuned, datagrams),
    row('wtd-adapter', 'our adapter, echo', adapter, datagrams),
    row('wtd-memory-echo', 'gateway, memory bridge, demo backend', gateway, datagrams),
  ],
  metrics: [...METRICS, { name: 'lost', unit: 'datagrams', digits: 0 }],
  comparisons: [
    ...against('wtd-bare-tuned', 'wtd-adapter', true),
    ...against('wtd-bare-tuned', 'wtd-memory-echo', true),
    ...against('wtd-bare', 'wtd-adapter', false),
    ...against('wtd-bare', 'wtd-memory-echo', false),
  ],
  needsWebTransport: true,
};

const alone = { ...stream, sessions: 1, inFlight: 1 };
const aloneDemo = { ...streamDemo, sessions: 1, inFlight: 1 };

/** What a server adds where nothing waits: with 50 sessions the round trip follows from the rate. */
export const webTransportSingle: Group = {
  name: 'wt-single',
  title: 'WebTransport stream: one session, one frame of 64 B payload at a time',
  rows: [
    row('wt1-bare', 'bare addon, echo', bare, alone),
    row('wt1-adapter', 'our adapter, echo', adapter, alone),
    row('wt1-memory-ack', 'gateway, memory bridge, ack', gateway, alone),
    row('wt1-memory-echo', 'gateway, memory bridge, demo backend', gateway, aloneDemo),
  ],
  metrics: METRICS,
  comparisons: [
    ...against('wt1-bare', 'wt1-adapter', false),
    ...against('wt1-bare', 'wt1-memory-ack', false),
    ...against('wt1-bare', 'wt1-memory-echo', false),
  ],
  needsWebTransport: true,
};
