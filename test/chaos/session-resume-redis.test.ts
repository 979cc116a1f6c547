import { describe, expect, it } from 'vitest';
import { stagePairs } from '../support/pair-stage.ts';
import { faultOf, resumeRun } from '../support/resume-run.ts';

const SEEDS = 1000;

const stage = stagePairs();

describe.each([
  ['written when its client is gone', 'false'],
  ['written through', 'true'],
])('a session %s', (_name, durable) => {
  it(`has neither gap nor double in ${SEEDS} runs over two gateways`, { timeout: 900_000 }, async () => {
    await stage.start(stage.redis, { 'session.durable': durable });
    let reconnects = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const result = await resumeRun({ seed, wires: stage.pair.wires, backend: stage.pair.backend });
      expect(faultOf(result, stage.pair.backend), `seed ${seed}`).toBeUndefined();
      reconnects += result.reconnects;
      stage.pair.backend.received.length = 0;
    }
    expect(reconnects).toBeGreaterThan(SEEDS);
  });
});
