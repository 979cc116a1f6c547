import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SharedMemory } from '../../src/shared-memory.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { faultOf, resumeRun } from '../support/resume-run.ts';
import {
  SHARED_KINDS,
  type Shared,
  type SharedKind,
  startTwoGateways,
  type TwoGateways,
} from '../support/two-gateways.ts';

const SEEDS = 12;

let redis: RedisServer;
let pair: TwoGateways;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
afterEach(() => pair.close());

const sharedOf = (kind: SharedKind): Shared => (kind === 'redis' ? redis : new SharedMemory());

const WAYS = [
  ['written when its client is gone', 'false'],
  ['written through', 'true'],
] as const;

describe.each(SHARED_KINDS.flatMap((kind) => WAYS.map(([name, durable]) => [name, kind, durable] as const)))(
  'a session %s, in %s,',
  (_name, kind, durable) => {
    it('has neither gap nor double when its client comes back to either gateway', {
      timeout: 60_000,
    }, async () => {
      pair = await startTwoGateways(sharedOf(kind), { 'session.durable': durable });
      for (let seed = 1; seed <= SEEDS; seed++) {
        const result = await resumeRun({ seed, wires: pair.wires, backend: pair.backend });
        expect(faultOf(result, pair.backend), `seed ${seed}`).toBeUndefined();
        pair.backend.received.length = 0;
      }
    });
  },
);
