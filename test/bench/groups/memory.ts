import type { BenchContext, Group, Row } from '../bench.ts';
import { gatewayConfig, memoryBridge, redisBridge } from '../gateway-config.ts';
import { IdleConnections } from '../load/idle-connections.ts';
import { ServerProcess } from '../server-process.ts';

const CONNECTIONS = 5_000;

function row(name: string, title: string, script: string, configure: (context: BenchContext) => object): Row {
  return {
    name,
    title,
    start: async (context) =>
      new IdleConnections(await ServerProcess.start(context, script, configure(context)), {
        connections: CONNECTIONS,
        hello: true,
      }),
  };
}

/** Memory per connection. The bare server echoes the Hello, the gateway answers with a Welcome. */
export const memory: Group = {
  name: 'memory',
  title: `Memory: RSS per idle connection at ${CONNECTIONS} connections, after garbage collection`,
  rows: [
    row('idle-ws', 'bare ws', 'bare-ws', () => ({})),
    row('idle-memory', 'gateway, memory bridge', 'gateway', () => gatewayConfig(memoryBridge())),
    row('idle-redis', 'gateway, Redis bridge', 'gateway', (context) => gatewayConfig(redisBridge(context))),
  ],
  metrics: [
    { name: 'rssPerConnection', unit: 'bytes', digits: 0 },
    { name: 'heapPerConnection', unit: 'bytes', digits: 0 },
    { name: 'rssMiB', unit: 'MiB', digits: 1 },
  ],
  comparisons: [
    { row: 'idle-memory', over: 'idle-ws', metric: 'rssPerConnection', by: 'ratio', aim: { atMost: 1.25 } },
    { row: 'idle-redis', over: 'idle-ws', metric: 'rssPerConnection', by: 'ratio', aim: { atMost: 1.25 } },
  ],
  rounds: 3,
  fresh: true,
};
