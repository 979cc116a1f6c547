import { describe, expect, it } from 'vitest';
import { MemorySessionStore } from '../../src/session/store/memory-session-store.ts';
import type { StoredSession } from '../../src/session/store/session-store.ts';

const NO_BYTES = new Uint8Array(0);

function stored(id: string, userId: string): StoredSession {
  const details = {
    ...{ userId, device: '', gameId: '', groups: [], permissions: [] },
    ...{ verified: false, expiresAtMs: 0, startedAtMs: 1, attributes: {} },
  };
  return {
    ...{ id, gatewayId: 'g1', epoch: 1, state: 'detached', details, secretHash: NO_BYTES },
    ...{ earlierHash: NO_BYTES, next: 0, taken: 0 },
  };
}

describe('MemorySessionStore', () => {
  it('drops what has expired though nobody looks at it, and nothing else', async () => {
    let nowMs = 1000;
    const store = new MemorySessionStore(() => nowMs);
    const save = async (id: string, userId: string, ttlMs: number) => {
      await store.save(stored(id, userId), { log: [], position: '', ttlMs, releasedTo: '' });
      if (userId !== '0') await store.users.keep({ userId, id, gatewayId: 'g1', device: '' }, ttlMs);
    };
    await store.announce('dead', 7_000);
    for (let id = 1; id <= 1000; id++) await save(`${id}`, `${id}`, 30_000);
    await save('1001', '1001', 60_000);
    await save('1002', '0', 30_000);
    await store.renew({ id: '1002', gatewayId: 'g1', epoch: 1, ttlMs: 60_000 });
    expect(store.size).toBe(2004);
    nowMs += 40_000;
    await store.announce('alive', 7_000);
    // The session that lasts with its user's entry, the one that was renewed, and the gateway.
    expect(store.size).toBe(4);
    expect(await store.get('1001')).toMatchObject({ id: '1001' });
    expect(await store.get('1002')).toMatchObject({ id: '1002' });
    expect([...(await store.users.sessionsOf('1001')).keys()]).toEqual(['1001']);
    expect(await store.isAlive('alive')).toBe(true);
  });

  it('does not look through everything each time a gateway says that it is alive', async () => {
    let nowMs = 1000;
    const store = new MemorySessionStore(() => nowMs);
    await store.save(stored('1', '0'), { log: [], position: '', ttlMs: 3_000, releasedTo: '' });
    await store.announce('g1', 60_000);
    nowMs += 5_000;
    await store.announce('g1', 60_000);
    expect(store.size).toBe(2);
    nowMs += 5_000;
    await store.announce('g1', 60_000);
    expect(store.size).toBe(1);
  });
});
