import type { BackendPort } from '../../src/bridge/bridge.ts';
import { MemoryBackendPort } from '../../src/bridge/memory-bridge.ts';
import { RedisBackendPort } from '../../src/bridge/redis-backend-port.ts';
import { RedisStreamsBackendPort } from '../../src/bridge/redis-streams-backend-port.ts';
import { SharedMemory } from '../../src/shared-memory.ts';
import { forgetLeft } from './forget-left.ts';
import type { RedisServer } from './redis-server.ts';
import { type OpenWire, webSocketWire } from './resuming-client.ts';
import { type Served, startServed } from './served.ts';
import { type Settings, TestBackend } from './test-gateway.ts';
import { until } from './until.ts';

export interface TwoGateways {
  readonly gateways: readonly Served[];
  readonly wires: readonly OpenWire[];
  readonly backend: TestBackend;
  /** One after the other, and leaves no session to the gateways of other tests. */
  close(): Promise<void>;
  /** The same, but for the sessions. */
  leave(): Promise<void>;
}

/** What gateways share: a Redis, or the memory of this process. */
export type Shared = RedisServer | SharedMemory;

/** For tests that run on both. */
export const SHARED_KINDS = ['memory', 'redis'] as const;
export type SharedKind = (typeof SHARED_KINDS)[number];

/** Two gateways in this process on one Redis or one memory, and a backend of game `demo` there. */
export function startTwoGateways(shared: Shared, settings: Settings = {}): Promise<TwoGateways> {
  return startGateways(shared, ['g1', 'g2'], settings);
}

/** As many as there are ids. */
export async function startGateways(
  shared: Shared,
  ids: readonly string[],
  settings: Settings = {},
): Promise<TwoGateways> {
  const memory = shared instanceof SharedMemory ? shared : undefined;
  const port = backendPort(shared, settings['bridge.kind'] === 'redis-streams');
  const backend = new TestBackend(port);
  await backend.serve('game:request:demo');
  const where: Settings = shared instanceof SharedMemory ? {} : { 'redis.addr': shared.addr };
  const common = { ...where, games: '[{"id":"demo"}]', ...settings };
  const gateways: Served[] = [];
  for (const id of ids) gateways.push(await startServed({ ...common, 'gateway.id': id }, memory));
  for (const { json } of gateways) {
    await until(
      async () => (await json('/ready')).status === 200,
      () => 'all gateways to be ready',
    );
  }
  const wires = gateways.map(({ running }) =>
    webSocketWire(`ws://127.0.0.1:${running.addresses.get('websocket')?.port}/ws`),
  );
  const leave = async (): Promise<void> => {
    for (const gateway of gateways) await gateway.close();
    await port.close();
  };
  const close = async (): Promise<void> => {
    await leave();
    if (!(shared instanceof SharedMemory)) await forgetLeft(shared.addr);
  };
  return { gateways, wires, backend, close, leave };
}

function backendPort(shared: Shared, streams: boolean): BackendPort {
  if (shared instanceof SharedMemory) return new MemoryBackendPort(shared.broker);
  return new (streams ? RedisStreamsBackendPort : RedisBackendPort)({ addr: shared.addr });
}
