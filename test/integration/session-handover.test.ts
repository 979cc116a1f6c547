import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RedisStoreCommands } from '../../src/bridge/redis-commands.ts';
import { sessionKey } from '../../src/session/store/redis-session-store.ts';
import { SharedMemory } from '../../src/shared-memory.ts';
import { gameFrame } from '../support/frames.ts';
import { Random } from '../support/random.ts';
import { eventually } from '../support/recording-sink.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { ResumingClient } from '../support/resuming-client.ts';
import { expectAllPushes, LONG_QUEUES, pushSteadily, type SteadyPushes } from '../support/steady-pushes.ts';
import { type Shared, startGateways, type TwoGateways } from '../support/two-gateways.ts';

const SESSIONS = 20;
const PAUSE_MS = 2;
const AWAY_MS_MAX = 400;

let redis: RedisServer;
let group: TwoGateways;
let pushes: SteadyPushes | undefined;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
afterEach(async () => {
  await pushes?.stop();
  pushes = undefined;
  await group.close();
});

/** Clients at the first gateway, and pushes to all of them. */
async function join(): Promise<{ clients: readonly ResumingClient[]; ids: string[]; steady: SteadyPushes }> {
  const clients = Array.from({ length: SESSIONS }, () => new ResumingClient());
  const welcomes = await Promise.all(clients.map((client) => client.connect(group.wires[0])));
  const ids = welcomes.map((welcome) => welcome?.sessionId ?? '');
  const steady = pushSteadily(group.backend, ids, PAUSE_MS);
  pushes = steady;
  return { clients, ids, steady };
}

/** Each comes back after a while of its own, to one of the gateways from `first` on. */
async function comeBack(clients: readonly ResumingClient[], first: number): Promise<void> {
  const random = new Random(1);
  const coming = clients.map(async (client) => {
    const [awayMs, wire] = [random.below(AWAY_MS_MAX), random.pick(group.wires.slice(first))];
    await eventually(() => !client.live, 'the link to end');
    await delay(awayMs);
    expect(await client.connect(wire)).toMatchObject({ recovered: true });
  });
  await Promise.all(coming);
}

/** The gateway has found Redis again. */
async function ready(index: number): Promise<void> {
  while ((await group.gateways[index].json('/ready')).status !== 200) await delay(10);
}

const hubSizes = (): number[] => group.gateways.map(({ running }) => running.gateway.hub.size);
const closing = (index: number): Promise<void> => group.gateways[index].close();
const handedOver = (index: number): string | undefined =>
  group.gateways[index].logLines.find((line) => line.includes('sessions handed over'));

describe.each(['memory', 'redis', 'redis-streams'])('a gateway that closes in order, with %s', (kind) => {
  const shared = (): Shared => (kind === 'memory' ? new SharedMemory() : redis);

  it.each([
    ['one stays', 2],
    ['two stay', 3],
  ] as const)(
    'leaves no push unheard until its clients are back, where %s',
    { timeout: 60_000 },
    async (_, count) => {
      const ids = ['g1', 'g2', 'g3'].slice(0, count);
      group = await startGateways(shared(), ids, { ...LONG_QUEUES, 'bridge.kind': kind });
      const { clients, steady } = await join();
      await steady.more(50);
      const closed = closing(0);
      await comeBack(clients, 1);
      await closed;
      await steady.more(50);
      await expectAllPushes(clients, await steady.stop());
      expect(hubSizes().reduce((sum, size) => sum + size)).toBe(SESSIONS);
    },
  );

  it('also where the next one closes before they are', { timeout: 60_000 }, async () => {
    group = await startGateways(shared(), ['g1', 'g2', 'g3'], { ...LONG_QUEUES, 'bridge.kind': kind });
    const { clients, steady } = await join();
    await steady.more(20);
    const closed = closing(0);
    await eventually(() => clients.every(({ live }) => !live), 'the links to end');
    await closed;
    await closing(1);
    expect(hubSizes()[2]).toBe(SESSIONS);
    await Promise.all(clients.map((client) => client.connect(group.wires[2])));
    await steady.more(20);
    await expectAllPushes(clients, await steady.stop());
  });

  it('at the same time as another', { timeout: 60_000 }, async () => {
    group = await startGateways(shared(), ['g1', 'g2', 'g3'], { ...LONG_QUEUES, 'bridge.kind': kind });
    const { clients, steady } = await join();
    await steady.more(20);
    const closed = [closing(0), closing(1)];
    await comeBack(clients, 2);
    await Promise.all(closed);
    await steady.more(20);
    await expectAllPushes(clients, await steady.stop());
  });
});

describe('sessions that are handed over', () => {
  it('are counted and logged on both sides', async () => {
    group = await startGateways(redis, ['g1', 'g2']);
    await join();
    const [first, second] = group.gateways.map(({ running }) => running.metrics.sessionHandovers);
    await closing(0);
    expect([...first.entries()][0]).toMatchObject({
      labels: { direction: 'out', outcome: 'handed_over' },
      value: SESSIONS,
    });
    expect([...second.entries()][0]).toMatchObject({
      labels: { direction: 'in', outcome: 'taken' },
      value: SESSIONS,
    });
    expect(handedOver(0)).toContain(`"handedOver":${SESSIONS}`);
  });

  it('stay in Redis where no gateway is left', async () => {
    group = await startGateways(redis, ['g1']);
    const { ids } = await join();
    await closing(0);
    expect(handedOver(0)).toContain(`"noGateway":${SESSIONS}`);
    const commands = new RedisStoreCommands({ addr: redis.addr }, []);
    await commands.start();
    const states = await Promise.all(ids.map((id) => commands.call('HGET', sessionKey(id), 'state')));
    commands.close();
    expect(new Set(states.map(String))).toEqual(new Set(['detached']));
  });

  it('go on to be written through, frames from the client too', async () => {
    group = await startGateways(redis, ['g1', 'g2'], { ...LONG_QUEUES, 'session.durable': 'true' });
    const { clients, ids, steady } = await join();
    await steady.more(10);
    await closing(0);
    await Promise.all(clients.map((client) => client.connect(group.wires[1])));
    await expectAllPushes(clients, await steady.stop());
    const commands = new RedisStoreCommands({ addr: redis.addr }, []);
    await commands.start();
    const taken = async (): Promise<string> =>
      String(await commands.call('HGET', sessionKey(ids[0]), 'taken'));
    // The first one binds the user, which is written anyway.
    for (const seq of [1, 2]) {
      clients[0].send(gameFrame(seq));
      for (let count = ''; count !== String(seq); ) count = await taken();
    }
    commands.close();
  });

  it('go on where Redis goes away before they are, and has got them all the same; it closes in time', {
    timeout: 60_000,
  }, async () => {
    // The other gateway does not look for another connection meanwhile, and so has missed nothing.
    group = await startGateways(redis, ['g1', 'g2'], { 'redis.probe_interval_ms': '60000' });
    const { clients, steady } = await join();
    const pushed = await steady.stop();
    await expectAllPushes(clients, pushed);
    const closed = closing(0);
    // In the same turn: a handover takes a few milliseconds, and would be over before anything that is waited for.
    redis.pause();
    const sinceMs = performance.now();
    await closed;
    expect(performance.now() - sinceMs).toBeLessThan(20_000);
    expect(handedOver(0)).toContain(`"noAnswer":${SESSIONS}`);
    redis.resume();
    await ready(1);
    const again = await Promise.all(clients.map((client) => client.connect(group.wires[1])));
    expect(again.filter((welcome) => welcome?.recovered === true)).toHaveLength(SESSIONS);
    await expectAllPushes(clients, pushed);
  });
});
