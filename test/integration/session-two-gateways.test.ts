import { describe, expect, it } from 'vitest';
import { stagePairs } from '../support/pair-stage.ts';
import { faultOf, resumeRun } from '../support/resume-run.ts';
import { SHARED_KINDS } from '../support/two-gateways.ts';

const SEEDS = 12;

const stage = stagePairs();

const WAYS = [
  ['written when its client is gone', 'false'],
  ['written through', 'true'],
] as const;

describe.each(SHARED_KINDS.flatMap((kind) => WAYS.map(([name, durable]) => [name, kind, durable] as const)))(
  'a session %s, in %s,',
  (_name, kind, durable) => {
    it('has neither gap nor double when its client comes back to either gateway', {
      timeout: 120_000,
    }, async () => {
      await stage.start(stage.sharedOf(kind), { 'session.durable': durable });
      for (let seed = 1; seed <= SEEDS; seed++) {
        const result = await resumeRun({ seed, wires: stage.pair.wires, backend: stage.pair.backend });
        expect(faultOf(result, stage.pair.backend), `seed ${seed}`).toBeUndefined();
        stage.pair.backend.received.length = 0;
      }
    });
  },
);
