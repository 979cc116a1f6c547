import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultOf, resumeRun } from '../support/resume-run.ts';
import { memoryWire, webSocketWire } from '../support/resuming-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const SEEDS = 1000;
const WEB_SOCKET_SEEDS = 15;

describe('a session whose links are lost at random frames', () => {
  let test: TestGateway;

  beforeEach(async () => {
    test = await startTestGateway({ memory: { highWaterBytes: 400 } });
  });
  afterEach(() => test.close());

  it(`has neither gap nor double in ${SEEDS} runs`, { timeout: 240_000 }, async () => {
    const wires = [memoryWire(test.listener)];
    let reconnects = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const result = await resumeRun({ seed, wires, backend: test.backend });
      expect(faultOf(result, test.backend), `seed ${seed}`).toBeUndefined();
      reconnects += result.reconnects;
      test.backend.received.length = 0;
    }
    expect(reconnects).toBeGreaterThan(SEEDS);
    expect(test.gateway.hub.size).toBe(0);
  });

  it('may come back by another transport each time', async () => {
    const wires = [memoryWire(test.listener), webSocketWire(test.webSocketUrl)];
    for (let seed = 1; seed <= WEB_SOCKET_SEEDS; seed++) {
      const result = await resumeRun({ seed, wires, backend: test.backend });
      expect(faultOf(result, test.backend), `seed ${seed}`).toBeUndefined();
    }
  });
});
