import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { ResumingClient } from '../support/resuming-client.ts';
import { expectAllPushes, pushSteadily } from '../support/steady-pushes.ts';
import { startTwoGateways, type TwoGateways } from '../support/two-gateways.ts';
import { until } from '../support/until.ts';

const SESSIONS = 50;
/** A handover of so many takes about 20 ms: Redis stops before, while and after it goes on. */
const PAUSED_AFTER_MS = [0, 2, 4, 6, 8, 10, 14, 20, 40];
const PAUSED_MS = 1_500;

let redis: RedisServer | undefined;
let group: TwoGateways | undefined;
afterEach(async () => {
  redis?.resume();
  await group?.close();
  await redis?.stop();
});

describe('a gateway that closes in order while Redis stands still', () => {
  it.each(PAUSED_AFTER_MS)(
    'leaves no session that lacks a push and does not say so, from %i ms on',
    async (ms) => {
      redis = await startRedis();
      group = await startTwoGateways(redis);
      const [first, second] = group.gateways;
      const clients = Array.from({ length: SESSIONS }, () => new ResumingClient());
      const [wire, otherWire] = group.wires;
      const welcomes = await Promise.all(clients.map((client) => client.connect(wire)));
      const ids = welcomes.map((welcome) => welcome?.sessionId ?? '');
      const pushes = pushSteadily(group.backend, ids, 2);
      await pushes.more(50);
      const closed = first.close();
      await delay(ms);
      redis.pause();
      await delay(PAUSED_MS);
      redis.resume();
      await closed;
      await until(
        async () => (await second.json('/ready')).status === 200,
        () => 'the other gateway to find Redis again',
      );
      const again = await Promise.all(clients.map((client) => client.connect(otherWire)));
      await pushes.more(50);
      const recovered = clients.filter((_, index) => again[index]?.recovered === true);
      await expectAllPushes(recovered, await pushes.stop());
      expect(again.filter((welcome) => welcome === undefined)).toEqual([]);
    },
  );
});
