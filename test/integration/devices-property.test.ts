import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import type { Session } from '../../src/session/session.ts';
import { SharedMemory } from '../../src/shared-memory.ts';
import { deviceRun } from '../support/device-run.ts';
import { DeviceStage } from '../support/device-stage.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import type { ResumingClient } from '../support/resuming-client.ts';

const SEEDS = 25;
const LIMIT = 2;

import { until } from '../support/until.ts';

let redis: RedisServer;
let stage: DeviceStage;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
afterEach(() => stage.close());

const sessionsOf = (user: number) =>
  stage.pair.gateways.flatMap(({ running }) => [...(running.gateway.hub.sessionsOf(user) ?? [])]);

/**
 * Resolves once index and gateways agree, and every client that has a session believes so; with the user's sessions of
 * that moment.
 */
async function settled(user: number, clients: readonly ResumingClient[]): Promise<readonly Session[]> {
  let sessions: readonly Session[] = [];
  let state = '';
  const look = async (): Promise<boolean> => {
    const index = await stage.index(user);
    const hubs = stage.hubs(user);
    sessions = sessionsOf(user);
    const ids = new Set(sessions.map(({ id }) => id));
    // Whoever came back too late and showed no token has a session without a user.
    const players = clients.filter(({ live, welcome }) => live && welcome?.userId !== '0');
    const lost = players.filter(({ welcome }) => !ids.has(welcome?.sessionId ?? ''));
    state = `index [${index}], hubs [${hubs}], ${lost.length} clients without a session`;
    return String(index) === String(hubs) && lost.length === 0 && ids.size === hubs.length;
  };
  await until(look, () => `index and gateways to agree: ${state}`);
  return sessions;
}

/** Logs in until no place is left. What the run has left behind, such as a late close, may make one free again. */
async function fillUp(user: number): Promise<void> {
  let gateway = 0;
  const isFull = async (): Promise<boolean> => {
    await stage.logIn(gateway++ % 2, user);
    const index = await stage.index(user);
    return index.length === LIMIT && String(index) === String(stage.hubs(user));
  };
  await until(isFull, () => `${LIMIT} places to be had`);
}

/** Ends all sessions of the user, until no more come. */
async function endAll(user: number): Promise<void> {
  const isOver = async (): Promise<boolean> => {
    for (const { running } of stage.pair.gateways) {
      const { hub, lifecycle } = running.gateway;
      for (const session of hub.sessionsOf(user) ?? []) lifecycle.end(session, DISCONNECT.kicked);
    }
    return (await stage.index(user)).length === 0 && stage.hubs(user).length === 0;
  };
  await until(isOver, () => 'all sessions to be over');
}

describe.each([
  ['kick-oldest', 'false', 'redis'],
  ['refuse', 'false', 'redis'],
  ['kick-oldest', 'true', 'redis'],
  ['refuse', 'true', 'redis'],
  ['kick-oldest', 'false', 'memory'],
  ['refuse', 'false', 'memory'],
])('with the policy %s, durable %s, in %s', (policy, durable, shared) => {
  it('a user has never more sessions than may be, and the index has just those', {
    timeout: 120_000,
  }, async () => {
    stage = await DeviceStage.start(shared === 'redis' ? redis : new SharedMemory(), {
      ...{ 'session.devices_per_user': String(LIMIT), 'session.device_policy': policy },
      'session.durable': durable,
    });
    for (let seed = 1; seed <= SEEDS; seed++) {
      const user = 1_000 + seed;
      const sessions = await settled(user, await deviceRun(stage, user, seed));
      expect(sessions.length, `seed ${seed}`).toBeLessThanOrEqual(LIMIT);
      const devices = sessions.map(({ device }) => device).filter((device) => device !== '');
      expect(new Set(devices).size, `seed ${seed}`).toBe(devices.length);
      await fillUp(user);
      await endAll(user);
    }
  });
});
