import { expect, it } from 'vitest';
import { Family } from '../../src/observe/counters.ts';
import { SessionRecovery } from '../../src/session/claims/session-recovery.ts';
import { PushHistory } from '../../src/session/history/push-history.ts';
import { MemorySessionStore } from '../../src/session/store/memory-session-store.ts';

it('a session of a gateway that kept no account of pushes is over where that has died', async () => {
  const takeovers = new Family('counter', 'takeovers', 'help', ['outcome']);
  const history = new PushHistory({ bytesMax: 1_000_000, ageMaxSec: 60, nowSec: () => 0 });
  const store = new MemorySessionStore();
  const recovery = new SessionRecovery({ gatewayId: 'g2', store, history, takeovers });
  const details = {
    ...{ userId: '7', device: '', gameId: '', groups: [], permissions: [] },
    ...{ expiresAtMs: 0, startedAtMs: 1, attributes: {}, verified: false },
  };
  const session = {
    ...({ id: '42', gatewayId: 'g2', epoch: 2, state: 'durable', details, next: 0, taken: 0 } as const),
    ...{ secretHash: new Uint8Array(0), earlierHash: new Uint8Array(32) },
  };
  const taken = { outcome: 'taken', from: 'g1', session, log: [], position: '', released: false } as const;
  expect(await recovery.find({ ...taken, log: [] }, undefined, () => undefined)).toBeUndefined();
  expect([...takeovers.entries()]).toMatchObject([{ labels: { outcome: 'history' }, value: 1 }]);
});
