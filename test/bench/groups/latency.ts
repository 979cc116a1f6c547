import type { BenchContext, Group, Row } from '../bench.ts';
import { gatewayConfig, memoryBridge, redisBridge } from '../gateway-config.ts';
import { gameFrame } from '../load/frames.ts';
import { RoundTrips } from '../load/round-trips.ts';
import { ServerProcess } from '../server-process.ts';

type Configure = (context: BenchContext) => object;

/** A frame that asks for an ack goes to a game without backend: the ack is its only answer. */
function row(name: string, title: string, server: readonly [script: string, Configure], ack: boolean): Row {
  const [script, configure] = server;
  return {
    name,
    title,
    start: async (context) => {
      const child = await ServerProcess.start(context, script, configure(context));
      return await RoundTrips.start(child, gameFrame(ack ? 'mmo' : 'demo', 0, ack));
    },
  };
}

const onMemory: readonly [string, Configure] = ['gateway', () => gatewayConfig(memoryBridge())];
const onRedis = (id: string): readonly [string, Configure] => [
  'gateway',
  (context) => gatewayConfig({ ...redisBridge(context), gateway: { id: `bench-${id}` } }),
];

/** Time of a single frame when nothing else is going on. */
export const latency: Group = {
  name: 'latency',
  title: 'Latency: one connection, one frame of 64 B payload at a time',
  rows: [
    row('rtt-ws', 'bare ws, echo', ['bare-ws', () => ({})], false),
    row(
      'rtt-hand',
      'hand-written ws + ioredis, ack after PUBLISH',
      ['hand-written', ({ redisAddr }) => ({ redisAddr })],
      true,
    ),
    row('rtt-memory-ack', 'gateway, memory bridge, ack', onMemory, true),
    row('rtt-memory', 'gateway, memory bridge, demo backend', onMemory, false),
    row('rtt-redis-ack', 'gateway, Redis bridge, ack after PUBLISH', onRedis('ack'), true),
    row('rtt-redis', 'gateway, Redis bridge, demo backend', onRedis('echo'), false),
  ],
  metrics: [
    { name: 'p50Us', unit: 'us', digits: 0 },
    { name: 'p99Us', unit: 'us', digits: 0 },
    { name: 'frames', unit: '', digits: 0 },
  ],
  comparisons: [
    { row: 'rtt-memory-ack', over: 'rtt-ws', metric: 'p50Us', by: 'difference', aim: { atMost: 500 } },
    { row: 'rtt-memory', over: 'rtt-ws', metric: 'p50Us', by: 'difference', aim: { atMost: 500 } },
    { row: 'rtt-redis-ack', over: 'rtt-ws', metric: 'p50Us', by: 'difference', aim: { atMost: 500 } },
    { row: 'rtt-redis-ack', over: 'rtt-hand', metric: 'p50Us', by: 'difference' },
    { row: 'rtt-redis', over: 'rtt-ws', metric: 'p50Us', by: 'difference' },
  ],
};
