import type { BenchContext, Group, Row } from '../bench.ts';
import { gatewayConfig, memoryBridge, redisBridge } from '../gateway-config.ts';
import { ClosedLoop } from '../load/closed-loop.ts';
import { gameFrame } from '../load/frames.ts';
import { throughputMetrics } from '../metrics.ts';
import { ServerProcess } from '../server-process.ts';

const CONNECTIONS = 50;
const IN_FLIGHT = 32;

const METRICS = throughputMetrics('frames', 'frame');

interface Load {
  readonly game: string;
  readonly ack: boolean;
  readonly connections?: number;
  readonly inFlight?: number;
  readonly apart?: boolean;
}

/** A row whose server is `server` with the argument that `configure` makes. */
function row(
  name: string,
  title: string,
  server: { script: string; configure(context: BenchContext): object },
  { game, ack, connections = CONNECTIONS, inFlight = IN_FLIGHT, apart }: Load,
): Row {
  return {
    name,
    title,
    start: async (context) => {
      const child = await ServerProcess.start(context, server.script, server.configure(context));
      return await ClosedLoop.start(child, {
        connections,
        inFlight,
        apart,
        frame: (index) => gameFrame(game, index, ack),
      });
    },
  };
}

const bareWs = { script: 'bare-ws', configure: () => ({}) };
const handWritten = (autoPipelining: boolean) => ({
  script: 'hand-written',
  configure: ({ redisAddr }: BenchContext) => ({ redisAddr, autoPipelining }),
});
const onMemory = { script: 'gateway', configure: () => gatewayConfig(memoryBridge()) };
const onRedis = {
  script: 'gateway',
  configure: (context: BenchContext) => gatewayConfig({ ...redisBridge(context), games: [{ id: 'mmo' }] }),
};
const acked = { game: 'mmo', ack: true };

/** Frames of 64 bytes up, and one answer each. */
export const upstream: Group = {
  name: 'upstream',
  title: `Upstream: ${CONNECTIONS} connections, ${IN_FLIGHT} frames in flight each, 64 B payload`,
  rows: [
    row('ws-echo', 'bare ws, echo', bareWs, acked),
    row('hand-publish', 'hand-written ws + ioredis, ack after PUBLISH', handWritten(false), acked),
    row('hand-pipelined', 'the same with enableAutoPipelining', handWritten(true), acked),
    row('memory-ack', 'gateway, memory bridge, ack', onMemory, acked),
    row('memory-echo', 'gateway, memory bridge, demo backend', onMemory, { game: 'demo', ack: false }),
    row('redis-ack', 'gateway, Redis bridge, ack after PUBLISH', onRedis, acked),
  ],
  metrics: METRICS,
  comparisons: [
    { row: 'redis-ack', over: 'hand-publish', metric: 'perSec', by: 'ratio', aim: { atLeast: 3 } },
    { row: 'redis-ack', over: 'ws-echo', metric: 'perSec', by: 'ratio', aim: { atLeast: 0.7 } },
    { row: 'redis-ack', over: 'hand-pipelined', metric: 'perSec', by: 'ratio' },
    { row: 'memory-ack', over: 'ws-echo', metric: 'perSec', by: 'ratio' },
    { row: 'memory-echo', over: 'ws-echo', metric: 'perSec', by: 'ratio' },
    { row: 'redis-ack', over: 'hand-publish', metric: 'serverUs', by: 'ratio' },
    { row: 'redis-ack', over: 'ws-echo', metric: 'serverUs', by: 'ratio' },
  ],
};

/**
 * The three that matter, under another kind of load. Aims: a share of bare `ws` by rate, and `costOverHand` by processor
 * time, because here the load generator may be the limit.
 */
function variant(name: string, title: string, load: Partial<Load>, costOverHand?: number): Group {
  const [ws, hand, ours] = ['ws-echo', 'hand', 'redis-ack'].map((row) => `${name}-${row}`);
  const over = { row: ours, over: hand, by: 'ratio' } as const;
  const cost = { ...over, metric: 'serverUs' } as const;
  return {
    name: `upstream-${name}`,
    title,
    rows: [
      row(ws, 'bare ws, echo', bareWs, { ...acked, ...load }),
      row(hand, 'hand-written ws + ioredis, ack after PUBLISH', handWritten(false), { ...acked, ...load }),
      row(ours, 'gateway, Redis bridge, ack after PUBLISH', onRedis, { ...acked, ...load }),
    ],
    metrics: METRICS,
    comparisons: [
      { row: ours, over: ws, metric: 'perSec', by: 'ratio', aim: { atLeast: 0.7 } },
      { ...over, metric: 'perSec' },
      costOverHand === undefined ? cost : { ...cost, aim: { atMost: costOverHand } },
    ],
  };
}

/** Clients that write each frame by itself: what arrives together is up to the system. */
export const upstreamApart = variant(
  'apart',
  `Upstream, each frame in a write of its own: ${CONNECTIONS} connections, ${IN_FLIGHT} frames in flight each`,
  { apart: true },
  0.34,
);

/**
 * Many clients with one frame each: every frame costs a read and a write of its own, here as in bare `ws`, which costs
 * about half of the hand-written gateway then. So no aim over the latter.
 */
export const upstreamWide = variant(
  'wide',
  `Upstream, wide: ${CONNECTIONS * IN_FLIGHT} connections, 1 frame in flight each`,
  { connections: CONNECTIONS * IN_FLIGHT, inFlight: 1 },
);
