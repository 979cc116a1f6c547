import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RedisBackendPort } from '../../src/bridge/redis-backend-port.ts';
import { RedisStoreCommands } from '../../src/bridge/redis-commands.ts';
import { readSeq } from '../../src/protocol/header.ts';
import { sessionKey } from '../../src/session/store/redis-session-store.ts';
import { Cli } from '../support/cli.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { type OpenWire, ResumingClient, webSocketWire } from '../support/resuming-client.ts';
import { TestBackend } from '../support/test-gateway.ts';

let redis: RedisServer;
let commands: RedisStoreCommands;
let port: RedisBackendPort;
let backend: TestBackend;
let client: ResumingClient;
const gateways: Cli[] = [];
beforeEach(async () => {
  redis = await startRedis();
  commands = new RedisStoreCommands({ addr: redis.addr }, []);
  await commands.start();
  port = new RedisBackendPort({ addr: redis.addr });
  backend = new TestBackend(port);
  client = new ResumingClient();
});
afterEach(async () => {
  for (const gateway of gateways.splice(0)) {
    gateway.signal('SIGKILL');
    await gateway.exit();
  }
  await port.close();
  commands.close();
  await redis.stop();
});

async function start(id: string): Promise<OpenWire> {
  const gateway = new Cli([
    ...['serve', `--redis.addr=${redis.addr}`, `--gateway.id=${id}`, '--games=[{"id":"demo"}]'],
    ...['--quic.enabled=false', '--web.enabled=false', '--metrics.enabled=false'],
    ...['--websocket.host=127.0.0.1', '--websocket.port=0'],
  ]);
  gateways.push(gateway);
  return webSocketWire(await gateway.shown(/(ws:\/\/\S+)/));
}

async function end(gateway: Cli, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  gateway.signal(signal);
  await gateway.exit();
}

const push = (sessionId: string, seq: number): Promise<void> =>
  backend.push({
    message: { targetSessionIds: [sessionId], route: 2, msgId: 0, seq, payload: new Uint8Array(0) },
  });

/** A client whose link is gone; its session waits at that gateway, and is written. */
async function wait(wire: OpenWire): Promise<string> {
  const { sessionId = '' } = (await client.connect(wire)) ?? {};
  client.vanish();
  for (let state = ''; state !== 'detached'; ) {
    state = String(await commands.call('HGET', sessionKey(sessionId), 'state'));
  }
  return sessionId;
}

describe('a session that waits for its client', { timeout: 60_000 }, () => {
  it('is over where its gateway is killed', async () => {
    const [first, second] = [await start('g1'), await start('g2')];
    const sessionId = await wait(first);
    await end(gateways[0], 'SIGKILL');
    await push(sessionId, 1);
    expect(await client.connect(second)).toMatchObject({ recovered: false, gatewayId: 'g2' });
  });

  it('is over where its gateway stands still, and that goes on without it', async () => {
    const [first, second] = [await start('g1'), await start('g2')];
    const sessionId = await wait(first);
    gateways[0].signal('SIGSTOP');
    await push(sessionId, 1);
    const welcome = await client.connect(second);
    expect(welcome).toMatchObject({ recovered: false, gatewayId: 'g2' });
    gateways[0].signal('SIGCONT');
    expect(await client.connect(first)).toMatchObject({ sessionId: welcome?.sessionId, recovered: true });
  });

  it('is over where the only gateway is killed and started again', async () => {
    await wait(await start('g1'));
    await end(gateways[0], 'SIGKILL');
    expect(await client.connect(await start('g1'))).toMatchObject({ recovered: false });
  });

  it('goes on where the only gateway closes in order and is started again, with what is pushed from then on', async () => {
    const sessionId = await wait(await start('g1'));
    await push(sessionId, 1);
    await end(gateways[0], 'SIGTERM');
    const again = await start('g1');
    await push(sessionId, 2);
    expect(await client.connect(again)).toMatchObject({ sessionId, recovered: true });
    await client.fence();
    expect(client.received.map((frame) => readSeq(frame))).toEqual([1, 2]);
  });
});
