import { RedisBackendPort } from '../../src/bridge/redis-backend-port.ts';
import { RedisStreamsBackendPort } from '../../src/bridge/redis-streams-backend-port.ts';
import { eventually } from './recording-sink.ts';
import type { RedisServer } from './redis-server.ts';
import { type OpenWire, webSocketWire } from './resuming-client.ts';
import { type Served, startServed } from './served.ts';
import { type Settings, TestBackend } from './test-gateway.ts';

export interface TwoGateways {
  readonly gateways: readonly Served[];
  readonly wires: readonly OpenWire[];
  readonly backend: TestBackend;
  close(): Promise<void>;
}

/** Two gateways in this process on one Redis, and a backend of game `demo` there. */
export function startTwoGateways(redis: RedisServer, settings: Settings = {}): Promise<TwoGateways> {
  return startGateways(redis, ['g1', 'g2'], settings);
}

/** As many as there are ids. */
export async function startGateways(
  redis: RedisServer,
  ids: readonly string[],
  settings: Settings = {},
): Promise<TwoGateways> {
  const streams = settings['bridge.kind'] === 'redis-streams';
  const port = new (streams ? RedisStreamsBackendPort : RedisBackendPort)({ addr: redis.addr });
  const backend = new TestBackend(port);
  await backend.serve('game:request:demo');
  const common = { 'redis.addr': redis.addr, games: '[{"id":"demo"}]', ...settings };
  const gateways: Served[] = [];
  for (const id of ids) gateways.push(await startServed({ ...common, 'gateway.id': id }));
  for (const { json } of gateways) {
    let ready = false;
    const look = (): boolean => {
      void json('/ready').then(({ status }) => {
        ready = status === 200;
      });
      return ready;
    };
    await eventually(look, 'all gateways to be ready');
  }
  const wires = gateways.map(({ running }) =>
    webSocketWire(`ws://127.0.0.1:${running.addresses.get('websocket')?.port}/ws`),
  );
  const close = async (): Promise<void> => {
    for (const gateway of gateways) await gateway.close();
    await port.close();
  };
  return { gateways, wires, backend, close };
}
