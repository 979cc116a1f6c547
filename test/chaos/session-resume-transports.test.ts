import { describe, expect, it } from 'vitest';
import { runSeeds, stageTransportPairs } from '../support/transport-pair.ts';

const SEEDS = 1000;

const start = await stageTransportPairs();

describe.each([
  ['in memory', 'memory', 'false'],
  ['in Redis', 'redis', 'false'],
  ['in Redis, written through', 'redis', 'true'],
] as const)('a session shared %s', (_name, kind, durable) => {
  it(`has neither gap nor double in ${SEEDS} runs over WebSocket and WebTransport to two gateways`, {
    timeout: 900_000,
  }, async () => {
    const pair = await start(kind, { 'session.durable': durable });
    const { fault, reconnects, changes } = await runSeeds(pair, pair.ways, SEEDS);
    expect(fault).toBeUndefined();
    expect(reconnects).toBeGreaterThan(SEEDS);
    expect(changes).toBeGreaterThan(SEEDS);
  });
});
