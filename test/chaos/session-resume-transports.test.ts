import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SharedMemory } from '../../src/shared-memory.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { runSeeds, startTransportPair, type TransportPair } from '../support/transport-pair.ts';
import { testLibrary } from '../support/webtransport.ts';
import { type ServedCertificate, servedCertificate } from '../support/webtransport-wire.ts';

const SEEDS = 1000;

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

describe.each([
  ['in memory', 'memory', 'false'],
  ['in Redis', 'redis', 'false'],
  ['in Redis, written through', 'redis', 'true'],
])('a session shared %s', (_name, kind, durable) => {
  it(`has neither gap nor double in ${SEEDS} runs over WebSocket and WebTransport to two gateways`, {
    timeout: 900_000,
  }, async () => {
    const shared = kind === 'redis' ? redis : new SharedMemory();
    pair = await startTransportPair({ shared, library, served, settings: { 'session.durable': durable } });
    const { fault, reconnects, changes } = await runSeeds(pair, pair.ways, SEEDS);
    expect(fault).toBeUndefined();
    expect(reconnects).toBeGreaterThan(SEEDS);
    expect(changes).toBeGreaterThan(SEEDS);
  });
});
