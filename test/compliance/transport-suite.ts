import { afterEach, beforeEach, describe, expect } from 'vitest';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import { frameCases } from './transport-frame-cases.ts';
import { Bench, type BenchSource, type Harness } from './transport-harness.ts';
import { linkCases } from './transport-link-cases.ts';
import { pauseCases } from './transport-pause-cases.ts';

/**
 * What `src/transport.ts` promises, for every adapter alike; the spec file of an adapter is its `setUp` and nothing
 * else. Cases ask for what the connection or the client can do, never for a transport's name.
 */
export function transportSuite(name: string, setUp: () => Promise<Harness>): void {
  describe(`transport: ${name}`, () => {
    let harness: Harness | undefined;
    const benches: Bench[] = [];

    beforeEach(async () => {
      harness = await setUp();
    });

    afterEach(async () => {
      for (const bench of benches.splice(0)) {
        await bench.close(DISCONNECT.shutdown);
        for (const recorder of bench.recorders) {
          expect(recorder.closes).toHaveLength(1);
          expect(recorder.afterClose).toBe(0);
        }
      }
      await harness?.tearDown?.();
    });

    const source: BenchSource = {
      harness: () => {
        if (harness === undefined) throw new Error('only inside a case');
        return harness;
      },
      start: async (settings, onAccept) => {
        const bench = await Bench.start(source.harness(), settings, onAccept);
        benches.push(bench);
        return bench;
      },
      connect: async (settings) => (await source.start(settings)).connect(),
    };

    frameCases(source);
    linkCases(source);
    pauseCases(source);
  });
}
