import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { RedisBackendPort } from '../../src/bridge/redis-backend-port.ts';
import { RedisStreamsBackendPort } from '../../src/bridge/redis-streams-backend-port.ts';
import { Cli } from '../support/cli.ts';
import { Random } from '../support/random.ts';
import { eventually } from '../support/recording-sink.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { ResumingClient, webSocketWire } from '../support/resuming-client.ts';
import { expectAllPushes, pushSteadily } from '../support/steady-pushes.ts';
import { TestBackend } from '../support/test-gateway.ts';

const SESSIONS = 200;
const RUNS = 3;
const AWAY_MS_MAX = 2_000;
/** What comes in the longest time away has to fit into the log of a session, 1,024 frames. */
const PAUSE_MS = 4;

const running: { redis?: RedisServer; gateways: Cli[]; close?: () => Promise<void> } = { gateways: [] };
afterEach(async () => {
  for (const gateway of running.gateways.splice(0)) {
    gateway.signal('SIGKILL');
    await gateway.exit();
  }
  await running.close?.();
  await running.redis?.stop();
});

async function startGateway(id: string, kind: string, redis: RedisServer): Promise<string> {
  const gateway = new Cli([
    ...['serve', `--redis.addr=${redis.addr}`, `--gateway.id=${id}`, `--bridge.kind=${kind}`],
    ...['--quic.enabled=false', '--web.enabled=false', '--metrics.enabled=false', '--log.level=info'],
    ...['--websocket.host=127.0.0.1', '--websocket.port=0', '--limits.connections_per_ip=1000'],
    '--games=[{"id":"demo"}]',
  ]);
  running.gateways.push(gateway);
  return await gateway.shown(/(ws:\/\/\S+)/);
}

async function comeBack(client: ResumingClient, url: string, awayMs: number): Promise<void> {
  await eventually(() => !client.live, 'the link to end');
  await delay(awayMs);
  expect(await client.connect(webSocketWire(url))).toMatchObject({ recovered: true });
}

const RUN_LIST = ['redis', 'redis-streams'].flatMap((kind) =>
  Array.from({ length: RUNS }, (_, run) => ({ kind, run: run + 1 })),
);

describe('a gateway that is asked to end (SIGTERM)', () => {
  it.each(RUN_LIST)(
    `leaves no push to ${SESSIONS} sessions unheard, with $kind (run $run)`,
    {
      timeout: 60_000,
    },
    async ({ kind, run }) => {
      const redis = await startRedis();
      running.redis = redis;
      const urls = [await startGateway('g1', kind, redis), await startGateway('g2', kind, redis)];
      const port = new (kind === 'redis' ? RedisBackendPort : RedisStreamsBackendPort)({ addr: redis.addr });
      running.close = () => port.close();
      const clients = Array.from({ length: SESSIONS }, () => new ResumingClient());
      const welcomes = await Promise.all(clients.map((client) => client.connect(webSocketWire(urls[0]))));
      const ids = welcomes.map((welcome) => welcome?.sessionId ?? '');
      const pushes = pushSteadily(new TestBackend(port), ids, PAUSE_MS);
      await pushes.more(100);
      const random = new Random(run);
      running.gateways[0].signal('SIGTERM');
      await Promise.all(clients.map((client) => comeBack(client, urls[1], random.below(AWAY_MS_MAX))));
      expect(await running.gateways[0].exit()).toBe(0);
      await pushes.more(100);
      const lines = running.gateways[0].stderr.split('\n');
      const line = lines.find((text) => text.includes('sessions handed over'));
      expect(JSON.parse(line ?? '{}')).toMatchObject({ gateways: 1, noAnswer: 0, noGateway: 0 });
      await expectAllPushes(clients, await pushes.stop());
      expect(
        new Set(clients.flatMap(({ welcomes }) => welcomes.map(({ sessionId }) => sessionId))).size,
      ).toBe(SESSIONS);
    },
  );
});
