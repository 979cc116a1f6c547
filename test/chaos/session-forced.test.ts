import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BackendPort } from '../../src/bridge/bridge.ts';
import { RedisBackendPort } from '../../src/bridge/redis-backend-port.ts';
import { RedisStoreCommands } from '../../src/bridge/redis-commands.ts';
import { RedisStreamsBackendPort } from '../../src/bridge/redis-streams-backend-port.ts';
import { readSeq } from '../../src/protocol/header.ts';
import type { Welcome } from '../../src/protocol/system.ts';
import { sessionKey } from '../../src/session/store/redis-session-store.ts';
import { Cli } from '../support/cli.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { type OpenWire, ResumingClient, webSocketWire } from '../support/resuming-client.ts';
import { TestBackend } from '../support/test-gateway.ts';

let redis: RedisServer;
let commands: RedisStoreCommands;
let port: BackendPort;
let backend: TestBackend;
let client: ResumingClient;
const gateways: Cli[] = [];
beforeEach(async () => {
  redis = await startRedis();
  commands = new RedisStoreCommands({ addr: redis.addr }, []);
  await commands.start();
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

function use(kind: string): void {
  const { addr } = redis;
  port = kind === 'redis' ? new RedisBackendPort({ addr }) : new RedisStreamsBackendPort({ addr });
  backend = new TestBackend(port);
}

async function start(id: string, ...flags: string[]): Promise<OpenWire> {
  const gateway = new Cli([
    ...['serve', `--redis.addr=${redis.addr}`, `--gateway.id=${id}`, '--games=[{"id":"demo"}]'],
    ...['--quic.enabled=false', '--web.enabled=false', '--metrics.enabled=false'],
    ...['--websocket.host=127.0.0.1', '--websocket.port=0', ...flags],
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

const field = async (sessionId: string, name: string): Promise<string> =>
  String(await commands.call('HGET', sessionKey(sessionId), name));

/** A client whose link is gone; its session waits at that gateway, and is written. */
async function wait(wire: OpenWire): Promise<string> {
  const { sessionId = '' } = (await client.connect(wire)) ?? {};
  client.vanish();
  while ((await field(sessionId, 'state')) !== 'detached');
  return sessionId;
}

const seqs = (): number[] => client.received.map((frame) => readSeq(frame));

async function comeBack(wire: OpenWire): Promise<Welcome | undefined> {
  const welcome = await client.connect(wire);
  await client.fence();
  return welcome;
}

describe.each(['redis', 'redis-streams'])('a session that waits for its client, by %s,', (kind) => {
  const flag = `--bridge.kind=${kind}`;
  beforeEach(() => use(kind));

  it('goes on with every push where its gateway is killed', { timeout: 60_000 }, async () => {
    const [first, second] = [await start('g1', flag), await start('g2', flag)];
    const sessionId = await wait(first);
    await push(sessionId, 1);
    while ((await field(sessionId, 'next')) !== '1');
    await push(sessionId, 2);
    await end(gateways[0], 'SIGKILL');
    await push(sessionId, 3);
    const welcome = await comeBack(second);
    expect(welcome).toMatchObject({ sessionId, recovered: true, gatewayId: 'g2', replayed: 3 });
    expect(seqs()).toEqual([1, 2, 3]);
  });

  it('goes on where its gateway stands still, and when that goes on too', { timeout: 60_000 }, async () => {
    const [first, second] = [await start('g1', flag), await start('g2', flag)];
    const sessionId = await wait(first);
    gateways[0].signal('SIGSTOP');
    await push(sessionId, 1);
    expect(await comeBack(second)).toMatchObject({ sessionId, recovered: true, gatewayId: 'g2' });
    gateways[0].signal('SIGCONT');
    await push(sessionId, 2);
    expect(await comeBack(first)).toMatchObject({ sessionId, recovered: true, gatewayId: 'g1' });
    expect(seqs()).toEqual([1, 2]);
  });

  it('goes on where the only gateway is killed and started again', { timeout: 60_000 }, async () => {
    const sessionId = await wait(await start('g1', flag));
    await push(sessionId, 1);
    while ((await field(sessionId, 'next')) !== '1');
    await end(gateways[0], 'SIGKILL');
    // By Pub/Sub nobody hears it.
    await push(sessionId, 2);
    const again = await start('g1', flag);
    await push(sessionId, 3);
    expect(await comeBack(again)).toMatchObject({ sessionId, recovered: true });
    expect(seqs()).toEqual(kind === 'redis' ? [1, 3] : [1, 2, 3]);
  });

  it.each(['false', 'true'])(
    'goes on where the only gateway closes in order and is started again, with durable %s',
    { timeout: 60_000 },
    async (durable) => {
      const flags = [flag, `--session.durable=${durable}`];
      const sessionId = await wait(await start('g1', ...flags));
      await push(sessionId, 1);
      while ((await field(sessionId, 'next')) !== '1');
      await end(gateways[0], 'SIGTERM');
      await push(sessionId, 2);
      const again = await start('g2', ...flags);
      // It has the session before it serves anybody.
      expect(await field(sessionId, 'gateway')).toBe('g2');
      await push(sessionId, 3);
      expect(await comeBack(again)).toMatchObject({ sessionId, recovered: true });
      expect(seqs()).toEqual(kind === 'redis' ? [1, 3] : [1, 2, 3]);
    },
  );

  it('is over where gateways keep no pushes', { timeout: 60_000 }, async () => {
    const flags = [flag, '--session.history_bytes_max=0'];
    const [first, second] = [await start('g1', ...flags), await start('g2', ...flags)];
    await wait(first);
    await end(gateways[0], 'SIGKILL');
    expect(await comeBack(second)).toMatchObject({ recovered: false });
  });
});

describe('a session with its client', () => {
  it('is over where its gateway is killed', { timeout: 60_000 }, async () => {
    use('redis');
    const [first, second] = [await start('g1'), await start('g2')];
    const { sessionId = '' } = (await client.connect(first)) ?? {};
    while ((await field(sessionId, 'state')) !== 'attached');
    await end(gateways[0], 'SIGKILL');
    client.vanish();
    expect(await comeBack(second)).toMatchObject({ recovered: false, gatewayId: 'g2' });
  });
});
