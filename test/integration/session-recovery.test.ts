import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BackendPort } from '../../src/bridge/bridge.ts';
import { RedisBackendPort } from '../../src/bridge/redis-backend-port.ts';
import { RedisStreamsBackendPort } from '../../src/bridge/redis-streams-backend-port.ts';
import { allDetached } from '../support/all-detached.ts';
import { killFault, killRun } from '../support/kill-run.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { type OpenWire, webSocketWire } from '../support/resuming-client.ts';
import { type Served, startServed } from '../support/served.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { type Settings, TestBackend } from '../support/test-gateway.ts';

let redis: RedisServer;
const cleanUp: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

interface Gateway {
  readonly served: Served;
  readonly wire: OpenWire;
  /** Redis hears nothing of it any more, nor it of Redis. */
  die(): void;
}

async function start(id: string, settings: Settings): Promise<Gateway> {
  const proxy = await startTcpProxy(redis.port);
  cleanUp.push(() => proxy.close());
  const common = { games: '[{"id":"demo"}]', 'limits.connections_per_ip': '1000' };
  const served = await startServed({ ...common, ...settings, 'redis.addr': proxy.addr, 'gateway.id': id });
  cleanUp.push(() => served.close());
  const port = served.running.addresses.get('websocket')?.port;
  return { served, wire: webSocketWire(`ws://127.0.0.1:${port}/ws`), die: () => proxy.cut() };
}

async function startBackend(kind: string): Promise<TestBackend> {
  const options = { addr: redis.addr };
  const port: BackendPort =
    kind === 'redis' ? new RedisBackendPort(options) : new RedisStreamsBackendPort(options);
  cleanUp.push(() => port.close());
  const backend = new TestBackend(port);
  await backend.serve('game:request:demo');
  return backend;
}

const ENDS = [
  ['durable', 'dies', 'redis'],
  ['durable', 'dies', 'redis-streams'],
  ['durable', 'closes', 'redis'],
  ['durable', 'closes', 'redis-streams'],
  ['waiting', 'dies', 'redis'],
  ['waiting', 'dies', 'redis-streams'],
];

describe.each(ENDS)('a %s session whose gateway %s (%s)', (session, end, kind) => {
  it('gets every push once, while pushing goes on', { timeout: 60_000 }, async () => {
    const isDurable = session === 'durable';
    const settings = { 'bridge.kind': kind, 'session.durable': String(isDurable) };
    const [first, second] = [await start('g1', settings), await start('g2', settings)];
    const result = await killRun({
      ...{ seed: 1, sessions: 20, backWithinMs: 2000, backend: await startBackend(kind) },
      ...{
        first: first.wire,
        second: second.wire,
        kill: () => (end === 'dies' ? first.die() : first.served.close()),
      },
      ...(isDurable ? {} : { stored: (ids) => allDetached(ids, redis.addr) }),
    });
    expect(killFault(result)).toBeUndefined();
  });
});
