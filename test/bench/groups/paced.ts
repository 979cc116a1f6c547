import type { BenchContext, Group, Row } from '../bench.ts';
import { gatewayConfig, memoryBridge, redisBridge } from '../gateway-config.ts';
import { gameFrame } from '../load/frames.ts';
import { PacedRoundTrips } from '../load/paced-round-trips.ts';
import { ServerProcess } from '../server-process.ts';

const LOAD = { connections: 20, framesPerSec: 10_000 };

type Configure = (context: BenchContext) => object;

/** Seqs begin anew in each round, so the gateway is not to take them for frames that come again. */
const UNDEDUPLICATED = { queue: { dedup_window_sec: 0 } };

function row(name: string, title: string, script: string, configure: Configure): Row {
  return {
    name,
    title,
    start: async (context) => {
      const server = await ServerProcess.start(context, script, configure(context));
      return await PacedRoundTrips.start(server, gameFrame('mmo', 0, true), LOAD);
    },
  };
}

/** Acks at a rate of 10,000 frames a second. */
export const paced: Group = {
  name: 'paced',
  title: 'Latency under load: 10,000 frames/s over 20 connections, 64 B payload, ack',
  rows: [
    row('paced-ws', 'bare ws, echo', 'bare-ws', () => ({})),
    row('paced-memory', 'gateway, memory bridge', 'gateway', () =>
      gatewayConfig({ ...memoryBridge(), ...UNDEDUPLICATED }),
    ),
    row('paced-redis', 'gateway, Redis Pub/Sub', 'gateway', (context) =>
      gatewayConfig({ ...redisBridge(context), ...UNDEDUPLICATED, gateway: { id: 'bench-paced' } }),
    ),
    row('paced-streams', 'gateway, Redis Streams', 'gateway', (context) =>
      gatewayConfig({
        ...redisBridge(context),
        ...UNDEDUPLICATED,
        gateway: { id: 'bench-paced-streams' },
        bridge: { kind: 'redis-streams', upstream: { topic: 'paced:{game_id}' } },
      }),
    ),
  ],
  metrics: [
    { name: 'p50Us', unit: 'us', digits: 0 },
    { name: 'p99Us', unit: 'us', digits: 0 },
    { name: 'frames', unit: '', digits: 0 },
  ],
  comparisons: ['paced-memory', 'paced-redis', 'paced-streams'].flatMap((name) => [
    { row: name, over: 'paced-ws', metric: 'p50Us', by: 'difference' } as const,
    { row: name, over: 'paced-ws', metric: 'p99Us', by: 'difference' } as const,
  ]),
};
