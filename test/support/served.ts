import { createLog } from '../../src/observe/log.ts';
import { type Running, serve } from '../../src/serve.ts';
import type { SharedMemory } from '../../src/shared-memory.ts';
import { type MetricsPage, parsePage } from './prometheus-text.ts';
import { openWebSocketClient, type TestClient } from './test-client.ts';
import { type Settings, testConfig } from './test-gateway.ts';

/** A gateway as `serve` runs it, on free ports of loopback. */
export interface Served {
  readonly running: Running;
  readonly logLines: readonly string[];
  open(): Promise<TestClient>;
  page(): Promise<MetricsPage>;
  json(path: string): Promise<{ status: number; body: unknown }>;
  close(): Promise<void>;
}

const LOOPBACK: Settings = {
  'websocket.host': '127.0.0.1',
  'websocket.port': '0',
  'metrics.host': '127.0.0.1',
  'metrics.port': '0',
  'web.enabled': 'false',
  'quic.enabled': 'false',
};

/** `memory`: with the gateways that have the same. */
export async function startServed(settings: Settings, memory?: SharedMemory): Promise<Served> {
  const logLines: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line) => void logLines.push(line) } });
  const running = await serve(testConfig({ ...LOOPBACK, ...settings }), log, memory);
  const port = (name: string): number | undefined => running.addresses.get(name)?.port;
  const admin = `http://127.0.0.1:${port('metrics')}`;
  return {
    running,
    logLines,
    open: () => openWebSocketClient(`ws://127.0.0.1:${port('websocket')}/ws`),
    page: async () => parsePage(await (await fetch(`${admin}/metrics`)).text()),
    json: async (path) => {
      const answer = await fetch(`${admin}${path}`);
      return { status: answer.status, body: await answer.json() };
    },
    close: () => running.close(),
  };
}
