import { expect, it } from 'vitest';
import { Family } from '../../src/observe/counters.ts';
import { TickFlusher } from '../../src/queue/tick-flusher.ts';
import { createResumeToken } from '../../src/session/resume-token.ts';
import { MemorySessionStore } from '../../src/session/store/memory-session-store.ts';
import type { Fence } from '../../src/session/store/session-store.ts';
import { TokenConfirmations } from '../../src/session/writes/token-confirmations.ts';
import { SharingStage } from '../support/sharing-stage.ts';

class Recording extends MemorySessionStore {
  readonly told: string[] = [];
  away = false;

  override confirm({ id, gatewayId, epoch }: Fence): Promise<void> {
    this.told.push(`${gatewayId} ${id} ${epoch}`);
    return this.away ? Promise.reject(new Error('away')) : Promise.resolve();
  }
}

it('confirmations are told once a tick, and again where the store was away', async () => {
  const stage = new SharingStage();
  const { lifecycle } = await stage.open('g0');
  const [session, other] = [lifecycle.create('1'), lifecycle.create('2')];
  const store = new Recording();
  const flusher = new TickFlusher(() => {});
  const errors = new Family('counter', 'errors', 'help', ['operation']);
  const confirmations = new TokenConfirmations({ gatewayId: 'g1', store, flusher, errors });
  store.away = true;
  for (const each of [session, other, session]) confirmations.add(each);
  expect(store.told).toEqual([]);
  flusher.drain();
  expect(store.told).toEqual(['g1 1 0', 'g1 2 0']);
  await new Promise((resolve) => setImmediate(resolve));
  expect([...errors.entries()][0].value).toBe(2);
  store.away = false;
  // The client of the other one has come back by its earlier token.
  other.earlierHash = createResumeToken('2').secretHash;
  confirmations.retry();
  flusher.drain();
  expect(store.told.slice(2)).toEqual(['g1 1 0']);
  confirmations.retry();
  flusher.drain();
  expect(store.told).toHaveLength(3);
  await stage.close();
});
