import { expect } from 'vitest';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import { frameOf, LOST_DEADLINE_MS, type Pair, until } from './transport-harness.ts';

/** As `toEqual`, which compares megabytes element by element, in time that shows. */
export function expectSame(actual: readonly Uint8Array[], expected: readonly Uint8Array[]): void {
  expect(actual.length).toBe(expected.length);
  const different = actual.findIndex((frame, i) => Buffer.compare(frame, expected[i]) !== 0);
  if (different !== -1) expect(actual[different]).toEqual(expected[different]);
}

export function frames(count: number, length: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => frameOf(length, i));
}

export async function ended({ gateway, peer }: Omit<Pair, 'connection'>): Promise<void> {
  const both = () => gateway.closes.length > 0 && peer.closes.length > 0;
  await until(both, 'both ends see the close', LOST_DEADLINE_MS);
}

export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve, 1));
}

export async function closedAsTooLarge(pair: Omit<Pair, 'connection'>): Promise<void> {
  await ended(pair);
  expect(pair.peer.closes).toEqual([DISCONNECT.frameTooLarge]);
  expect(pair.gateway.closes).toEqual([{ ...DISCONNECT.frameTooLarge, by: 'local' }]);
}
