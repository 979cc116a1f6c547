import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MemorySessionStore } from '../../src/session/store/memory-session-store.ts';
import { StoreWatch } from '../../src/session/writes/store-watch.ts';

/** A store that knows the gateway, or does not. */
class KnowingStore extends MemorySessionStore {
  readonly announced: number[] = [];
  onUp: (() => void) | undefined;
  knows = false;

  override async announce(_gatewayId: string, ttlMs: number): Promise<boolean> {
    this.announced.push(ttlMs);
    return this.knows;
  }
}

let store: KnowingStore;
let watch: StoreWatch;
let seen: { announced: number; there: number; renewed: number };
beforeEach(() => {
  vi.useFakeTimers();
  store = new KnowingStore();
  seen = { announced: 0, there: 0, renewed: 0 };
  watch = new StoreWatch({
    ...{ gatewayId: 'g1', store, ttlMs: 60_000, watch: (work) => void work },
    onAnnounce: () => void seen.announced++,
    onThere: () => void seen.there++,
    onRenewal: () => void seen.renewed++,
  });
});
afterEach(() => {
  watch.close();
  vi.useRealTimers();
});

it('has all renewed in time, and soon where the store does not know the gateway any more', async () => {
  watch.start();
  await vi.advanceTimersByTimeAsync(100);
  // Of a gateway that has just begun nothing is lost.
  store.knows = true;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(seen).toEqual({ announced: 6, there: 6, renewed: 0 });
  store.knows = false;
  await vi.advanceTimersByTimeAsync(2_000);
  store.knows = true;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(seen.renewed).toBe(1);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(seen.renewed).toBe(2);
});

it('tells at once that the store is back, and soon that all is to be renewed', async () => {
  store.knows = true;
  watch.start();
  await vi.advanceTimersByTimeAsync(100);
  store.onUp?.();
  store.onUp?.();
  expect(seen).toEqual({ announced: 3, there: 3, renewed: 0 });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(seen.renewed).toBe(1);
});

it('says once that the gateway has closed, and nothing after that', async () => {
  watch.start();
  watch.close();
  watch.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(store.onUp).toBeUndefined();
  expect(store.announced.filter((ttlMs) => ttlMs === 0)).toHaveLength(1);
  expect(seen).toMatchObject({ there: 0, renewed: 0 });
});
