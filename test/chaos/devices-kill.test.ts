import { afterEach, describe, expect, it } from 'vitest';
import { encodeHello } from '../../src/protocol/system.ts';
import { Cli } from '../support/cli.ts';
import { userToken } from '../support/device-stage.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { openWebSocketClient, type TestClient } from '../support/test-client.ts';
import { until } from '../support/until.ts';

/** The key of a gateway lives for 7 s after its last sign of life. */
const LOCKED_OUT_MS = 9_000;

const running: { redis?: RedisServer; gateways: Cli[] } = { gateways: [] };
afterEach(async () => {
  for (const gateway of running.gateways.splice(0)) {
    gateway.signal('SIGKILL');
    await gateway.exit();
  }
  await running.redis?.stop();
});

async function startGateway(id: string, redis: RedisServer): Promise<string> {
  const gateway = new Cli([
    ...['serve', `--redis.addr=${redis.addr}`, `--gateway.id=${id}`, '--session.durable=true'],
    ...['--quic.enabled=false', '--web.enabled=false', '--metrics.enabled=false'],
    ...['--websocket.host=127.0.0.1', '--websocket.port=0', '--limits.connections_per_ip=1000'],
    ...['--auth.mode=jwt', '--auth.jwt.secret=a secret of more than 32 bytes, for HS256'],
    ...['--session.devices_per_user=2', '--session.device_policy=refuse'],
  ]);
  running.gateways.push(gateway);
  return await gateway.shown(/(ws:\/\/\S+)/);
}

/** The client with a Welcome, or with the code that it was closed with. */
async function logIn(url: string): Promise<{ client: TestClient; code: number }> {
  const client = await openWebSocketClient(url);
  client.send(encodeHello({ token: await userToken(7) }, 1));
  const welcomed = client.take('Welcome', ({ route }) => route === 3).then(() => 0);
  welcomed.catch(() => undefined);
  return { client, code: await Promise.race([welcomed, client.closed.then(({ code }) => code)]) };
}

describe('a user whose places are taken by sessions of a killed gateway', () => {
  it('is let in again in time, and not before', async () => {
    const redis = await startRedis();
    running.redis = redis;
    const [first, second] = [await startGateway('g1', redis), await startGateway('g2', redis)];
    for (let place = 0; place < 2; place++) expect((await logIn(second)).code).toBe(0);
    expect((await logIn(first)).code).toBe(4207);
    running.gateways[1].signal('SIGKILL');
    await running.gateways[1].exit();
    const killedMs = performance.now();
    expect((await logIn(first)).code).toBe(4207);
    await until(
      async () => (await logIn(first)).code === 0,
      () => 'a place',
      15_000,
    );
    expect(performance.now() - killedMs).toBeLessThan(LOCKED_OUT_MS);
    // Started again under its id, it knows nothing of the other one, and that does not matter.
    const again = await startGateway('g2', redis);
    expect((await logIn(again)).code).toBe(0);
    expect((await logIn(first)).code).toBe(4207);
  });
});
