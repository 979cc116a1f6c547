import { afterEach, describe, expect, it } from 'vitest';
import { RedisBackendPort } from '../../src/bridge/redis-backend-port.ts';
import { readSeq } from '../../src/protocol/header.ts';
import { Cli } from '../support/cli.ts';
import { Random } from '../support/random.ts';
import { eventually } from '../support/recording-sink.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { ResumingClient, webSocketWire } from '../support/resuming-client.ts';
import { TestBackend } from '../support/test-gateway.ts';

const SESSIONS = 200;
const RUNS = 5;

const running: { redis?: RedisServer; gateways: Cli[]; port?: RedisBackendPort } = { gateways: [] };
afterEach(async () => {
  for (const gateway of running.gateways.splice(0)) {
    gateway.signal('SIGKILL');
    await gateway.exit();
  }
  await running.port?.close();
  await running.redis?.stop();
});

async function startGateway(id: string, redis: RedisServer): Promise<string> {
  const gateway = new Cli([
    ...['serve', `--redis.addr=${redis.addr}`, `--gateway.id=${id}`, '--session.durable=true'],
    ...['--quic.enabled=false', '--web.enabled=false', '--metrics.enabled=false'],
    ...['--websocket.host=127.0.0.1', '--websocket.port=0', '--limits.connections_per_ip=1000'],
    ...['--games=[{"id":"demo"}]', '--session.devices_per_user=1000'],
  ]);
  running.gateways.push(gateway);
  return await gateway.shown(/(ws:\/\/\S+)/);
}

/** Pushes the next frame to every session, over and over, until told to stop. */
async function pushAll(
  backend: TestBackend,
  ids: readonly string[],
  next: number[],
  go: () => boolean,
): Promise<void> {
  while (go()) {
    await backend.push(
      ...ids.map((id, index) => ({
        message: {
          targetSessionIds: [id],
          route: 2,
          msgId: 0,
          seq: ++next[index],
          payload: new Uint8Array(20),
        },
      })),
    );
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a gateway that is killed', () => {
  it.each(Array.from({ length: RUNS }, (_, run) => run + 1))(
    `loses none of ${SESSIONS} sessions, no frame of theirs, and doubles none (run %i)`,
    { timeout: 60_000 },
    async (run) => {
      const redis = await startRedis();
      running.redis = redis;
      const [first, second] = [await startGateway('g1', redis), await startGateway('g2', redis)];
      const port = new RedisBackendPort({ addr: redis.addr });
      running.port = port;
      const backend = new TestBackend(port);
      const clients = Array.from({ length: SESSIONS }, () => new ResumingClient());
      const welcomes = await Promise.all(clients.map((client) => client.connect(webSocketWire(first))));
      const ids = welcomes.map((welcome) => welcome?.sessionId ?? '');
      const next = ids.map(() => 0);
      let alive = true;
      const pushing = pushAll(backend, ids, next, () => alive);
      const enough = 20 + new Random(run).below(200);
      await eventually(
        () => clients.every(({ received }) => received.length > enough),
        'frames at every client',
      );
      // Half of the clients do not read any more: what they lack has to come from the log.
      for (const [index, client] of clients.entries()) if (index % 2 === 1) client.wire?.pause();
      const seen = clients[0].received.length;
      await eventually(() => clients[0].received.length > seen + 20, 'frames that they lack');
      running.gateways[0].signal('SIGKILL');
      await running.gateways[0].exit();
      alive = false;
      await pushing;
      for (const client of clients) client.vanish();
      const again = await Promise.all(clients.map((client) => client.connect(webSocketWire(second))));
      expect(again.filter((welcome) => welcome?.recovered === true)).toHaveLength(SESSIONS);
      expect(again.map((welcome) => welcome?.sessionId)).toEqual(ids);
      const replayed = again.map((welcome) => welcome?.replayed ?? 0);
      // A Pong comes after all that is replayed.
      await Promise.all(clients.map((client) => client.fence()));
      const reached = clients.map(({ received }) => received.length);
      for (const [index, client] of clients.entries()) {
        next[index] = reached[index];
        client.vanishAfter = undefined;
      }
      let rounds = 10;
      await pushAll(backend, ids, next, () => rounds-- > 0);
      await eventually(
        () => clients.every(({ received }, index) => received.length >= reached[index] + 10),
        'more',
      );
      for (const client of clients) {
        const seqs = client.received.map((frame) => readSeq(frame));
        expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 1));
      }
      expect(replayed.filter((count) => count > 0).length).toBeGreaterThanOrEqual(SESSIONS / 2);
    },
  );
});
