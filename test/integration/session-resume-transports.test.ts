import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SharedMemory } from '../../src/shared-memory.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { runSeeds, startTransportPair, type TransportPair, type Way } from '../support/transport-pair.ts';
import { SHARED_KINDS } from '../support/two-gateways.ts';
import { testLibrary } from '../support/webtransport.ts';
import { type ServedCertificate, servedCertificate } from '../support/webtransport-wire.ts';

/** The others are in test/chaos/session-resume-transports.test.ts. */
const SEEDS = 12;

const library = await testLibrary();
let served: ServedCertificate;
let redis: RedisServer;
let pair: TransportPair;
beforeAll(async () => {
  served = await servedCertificate();
  redis = await startRedis();
});
afterAll(async () => {
  await redis.stop();
  await served.remove();
});
afterEach(() => pair.close());

const CHOICES = [
  [
    'by WebTransport to one gateway',
    ({ transport, gateway }: Way) => gateway === 0 && transport === 'webtransport',
  ],
  ['by either transport to one gateway', ({ gateway }: Way) => gateway === 0],
  ['by either transport to two gateways', () => true],
] as const;

describe.each(SHARED_KINDS)('a session, shared in %s, whose links are lost at random frames', (kind) => {
  it.each(CHOICES)(
    'has neither gap nor double when its client comes %s',
    { timeout: 60_000 },
    async (_name, isChosen) => {
      const shared = kind === 'redis' ? redis : new SharedMemory();
      pair = await startTransportPair({ shared, library, served });
      const { fault, reconnects, changes } = await runSeeds(pair, pair.ways.filter(isChosen), SEEDS);
      expect(fault).toBeUndefined();
      expect(reconnects).toBeGreaterThan(SEEDS);
      if (isChosen !== CHOICES[0][1]) expect(changes).toBeGreaterThan(SEEDS);
    },
  );
});
