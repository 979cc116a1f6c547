import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import { deviceRun } from '../support/device-run.ts';
import { DeviceStage, until } from '../support/device-stage.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import type { ResumingClient } from '../support/resuming-client.ts';

const SEEDS = 25;
const LIMIT = 2;

let redis: RedisServer;
let stage: DeviceStage;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
afterEach(() => stage.close());

const sessionsOf = (user: number) =>
  stage.pair.gateways.flatMap(({ running }) => [...(running.gateway.hub.sessionsOf(user) ?? [])]);

/** Resolves once index and gateways agree, and every client that has a session believes so. */
async function settled(user: number, clients: readonly ResumingClient[]): Promise<void> {
  let state = '';
  const look = async (): Promise<boolean> => {
    const [index, hubs] = [await stage.index(user), stage.hubs(user)];
    const ids = new Set(sessionsOf(user).map(({ id }) => id));
    // Whoever came back too late and showed no token has a session without a user.
    const players = clients.filter(({ live, welcome }) => live && welcome?.userId !== '0');
    const lost = players.filter(({ welcome }) => !ids.has(welcome?.sessionId ?? ''));
    state = `index [${index}], hubs [${hubs}], ${lost.length} clients without a session`;
    return String(index) === String(hubs) && lost.length === 0 && ids.size === hubs.length;
  };
  await until(look, () => `index and gateways to agree: ${state}`);
}

/** Logs in as often as there should be places. */
async function fillUp(user: number, places: number): Promise<number[]> {
  const codes: number[] = [];
  for (let place = 0; place <= places; place++) codes.push((await stage.logIn(place % 2, user)).code);
  return codes;
}

async function endAll(user: number): Promise<void> {
  for (const { running } of stage.pair.gateways) {
    const { hub, lifecycle } = running.gateway;
    for (const session of hub.sessionsOf(user) ?? []) lifecycle.end(session, DISCONNECT.kicked);
  }
  await stage.settled(0, user);
}

describe.each([
  ['kick-oldest', 'false'],
  ['refuse', 'false'],
  ['kick-oldest', 'true'],
  ['refuse', 'true'],
])('with the policy %s and durable %s', (policy, durable) => {
  it('a user has never more sessions than may be, and the index has just those', {
    timeout: 60_000,
  }, async () => {
    stage = await DeviceStage.start(redis, {
      ...{ 'session.devices_per_user': String(LIMIT), 'session.device_policy': policy },
      'session.durable': durable,
    });
    for (let seed = 1; seed <= SEEDS; seed++) {
      const user = 1_000 + seed;
      await settled(user, await deviceRun(stage, user, seed));
      const sessions = sessionsOf(user);
      expect(sessions.length, `seed ${seed}`).toBeLessThanOrEqual(LIMIT);
      const devices = sessions.map(({ device }) => device).filter((device) => device !== '');
      expect(new Set(devices).size, `seed ${seed}`).toBe(devices.length);
      const codes = await fillUp(user, LIMIT - sessions.length);
      const last = policy === 'refuse' ? 4207 : 0;
      expect(codes, `seed ${seed}`).toEqual([...codes.slice(1).map(() => 0), last]);
      await stage.settled(LIMIT, user);
      await endAll(user);
    }
  });
});
