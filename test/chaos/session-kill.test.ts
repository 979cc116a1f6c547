import { afterEach, describe, expect, it } from 'vitest';
import type { BackendPort } from '../../src/bridge/bridge.ts';
import { RedisBackendPort } from '../../src/bridge/redis-backend-port.ts';
import { RedisStreamsBackendPort } from '../../src/bridge/redis-streams-backend-port.ts';
import { allDetached } from '../support/all-detached.ts';
import { Cli } from '../support/cli.ts';
import { killFault, killRun } from '../support/kill-run.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { type OpenWire, webSocketWire } from '../support/resuming-client.ts';
import { TestBackend } from '../support/test-gateway.ts';

const SESSIONS = 200;
const RUNS = 5;

const running: { redis?: RedisServer; gateways: Cli[]; port?: BackendPort } = { gateways: [] };
afterEach(async () => {
  for (const gateway of running.gateways.splice(0)) {
    gateway.signal('SIGKILL');
    await gateway.exit();
  }
  await running.port?.close();
  await running.redis?.stop();
});

async function startGateway(
  id: string,
  kind: string,
  redis: RedisServer,
  durable: string,
): Promise<OpenWire> {
  const gateway = new Cli([
    ...['serve', `--redis.addr=${redis.addr}`, `--gateway.id=${id}`, `--bridge.kind=${kind}`],
    ...[
      '--quic.enabled=false',
      '--web.enabled=false',
      '--metrics.enabled=false',
      `--session.durable=${durable}`,
    ],
    ...['--websocket.host=127.0.0.1', '--websocket.port=0', '--limits.connections_per_ip=1000'],
    '--games=[{"id":"demo"}]',
  ]);
  running.gateways.push(gateway);
  return webSocketWire(await gateway.shown(/(ws:\/\/\S+)/));
}

function backendPort(kind: string, addr: string): BackendPort {
  return kind === 'redis' ? new RedisBackendPort({ addr }) : new RedisStreamsBackendPort({ addr });
}

const KINDS = [
  ['redis', 'durable', 'true'],
  ['redis-streams', 'durable', 'true'],
  ['redis', 'waiting', 'false'],
  ['redis-streams', 'waiting', 'false'],
];

describe.each(KINDS)('a gateway that is killed, by %s, with %s sessions', (kind, _name, durable) => {
  it.each(Array.from({ length: RUNS }, (_, run) => run + 1))(
    `loses none of ${SESSIONS} and no push to them, and doubles none, while pushing goes on (run %i)`,
    { timeout: 120_000 },
    async (seed) => {
      const redis = await startRedis();
      running.redis = redis;
      const first = await startGateway('g1', kind, redis, durable);
      const second = await startGateway('g2', kind, redis, durable);
      const port = backendPort(kind, redis.addr);
      running.port = port;
      const backend = new TestBackend(port);
      await backend.serve('game:request:demo');
      const kill = async (): Promise<void> => {
        running.gateways[0].signal('SIGKILL');
        await running.gateways[0].exit();
      };
      const run = { seed, sessions: SESSIONS, backWithinMs: 3000, backend, first, second, kill };
      const stored = (ids: readonly string[]): Promise<void> => allDetached(ids, redis.addr);
      const result = await killRun(durable === 'true' ? run : { ...run, stored });
      expect(killFault(result)).toBeUndefined();
      expect(result.replayed.filter((count) => count > 0).length).toBe(SESSIONS);
    },
  );
});
