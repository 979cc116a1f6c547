import { expect, it } from 'vitest';
import { MemorySessionStore } from '../../src/session/memory-session-store.ts';
import { StoreWatch } from '../../src/session/store-watch.ts';
import { eventually } from '../support/recording-sink.ts';

/** A store that knows the gateway. */
class KnowingStore extends MemorySessionStore {
  readonly announced: number[] = [];
  onUp: (() => void) | undefined;

  override async announce(_gatewayId: string, ttlMs: number): Promise<boolean> {
    this.announced.push(ttlMs);
    return true;
  }
}

it('tells at once that the store is back, and soon that all is to be renewed', async () => {
  const store = new KnowingStore();
  let there = 0;
  let renewals = 0;
  const watch = new StoreWatch({
    ...{ gatewayId: 'g1', store, ttlMs: 60_000, watch: (work) => void work },
    onThere: () => {
      there++;
    },
    onRenewal: () => {
      renewals++;
    },
  });
  watch.start();
  await eventually(() => there === 1, 'the first answer');
  store.onUp?.();
  store.onUp?.();
  expect(there).toBe(3);
  expect(renewals).toBe(0);
  await eventually(() => renewals === 1, 'the renewal', 3000);
  watch.close();
  watch.close();
  expect(store.onUp).toBeUndefined();
  expect(store.announced.filter((ttlMs) => ttlMs === 0)).toHaveLength(1);
});
