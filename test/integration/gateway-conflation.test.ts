import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Push } from '../../src/protocol/envelopes.ts';
import { encodeFrame, FLAG, ROUTE } from '../../src/protocol/header.ts';
import { SYSTEM } from '../../src/protocol/system.ts';
import type { TestClient } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

let test: TestGateway;
let client: TestClient;
let sessionId: string;

// A client that takes batches gets everything at the end of the tick: until then `latest` frames wait and may meet.
beforeEach(async () => {
  test = await startTestGateway({ memory: { datagrams: false } });
  client = test.openMemory();
  client.unwrapsBatches = true;
  ({ sessionId } = await client.hello({ batch: true }));
  client.inbox.length = 0;
});
afterEach(() => test.close());

async function push(...pushes: Partial<Omit<Push, 'payload'>>[]): Promise<number[]> {
  const messages = pushes.map((given, index) => ({
    message: {
      ...{ targetSessionIds: [sessionId], route: ROUTE.game, msgId: 1100, seq: index + 1, latest: true },
      payload: new Uint8Array(0),
      ...given,
    },
  }));
  await test.backend.push(...messages);
  await client.fence();
  return client.inbox.splice(0).map(({ seq }) => seq);
}

describe('conflation keys', () => {
  it('are route and msgId where the backend gives none', async () => {
    expect(await push({}, { route: ROUTE.chat }, { msgId: 1101 }, { route: ROUTE.chat }, {})).toEqual([
      5, 4, 3,
    ]);
  });

  it('of a backend are its own, whatever they look like', async () => {
    const numbers = [String((ROUTE.game << 16) | 1100), '1100', 'heartbeat', String(SYSTEM.heartbeat)];
    const named = numbers.map((conflationKey) => ({ conflationKey }));
    expect(await push({}, ...named, { conflationKey: '1100', route: ROUTE.chat })).toEqual([1, 2, 6, 4, 5]);
  });

  it('of heartbeat echoes meet no push', async () => {
    const header = { seq: 77, route: ROUTE.system, flags: FLAG.latest, msgId: SYSTEM.heartbeat };
    client.send(encodeFrame(header, new Uint8Array(0)));
    client.send(encodeFrame({ ...header, seq: 78 }, new Uint8Array(0)));
    const seqs = await push(
      { conflationKey: 'heartbeat', lane: 1 },
      { route: ROUTE.system, msgId: SYSTEM.heartbeat, lane: 1 },
    );
    expect(seqs.sort()).toEqual([1, 2, 78]);
  });
});
