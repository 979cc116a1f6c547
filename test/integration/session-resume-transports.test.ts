import { describe, expect, it } from 'vitest';
import { runSeeds, stageTransportPairs, type Way } from '../support/transport-pair.ts';
import { SHARED_KINDS } from '../support/two-gateways.ts';

/** The others are in test/chaos/session-resume-transports.test.ts. */
const SEEDS = 12;

const start = await stageTransportPairs();

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
    { timeout: 120_000 },
    async (_name, isChosen) => {
      const pair = await start(kind);
      const { fault, reconnects, changes } = await runSeeds(pair, pair.ways.filter(isChosen), SEEDS);
      expect(fault).toBeUndefined();
      expect(reconnects).toBeGreaterThan(SEEDS);
      if (isChosen !== CHOICES[0][1]) expect(changes).toBeGreaterThan(SEEDS);
    },
  );
});
