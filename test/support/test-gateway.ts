import { createVerifier } from '../../src/access.ts';
import type { BackendPort, Bridge } from '../../src/bridge/bridge.ts';
import { MemoryBridge } from '../../src/bridge/memory-bridge.ts';
import { MemoryBroker } from '../../src/bridge/memory-broker.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';
import { Gateway } from '../../src/gateway.ts';
import { createLog } from '../../src/observe/log.ts';
import { Metrics } from '../../src/observe/metrics.ts';
import {
  type Downstream,
  decodeUpstreamBatch,
  encodeDownstreamBatch,
  type Upstream,
} from '../../src/protocol/envelopes.ts';
import type { IdSource } from '../../src/session/ids/snowflake.ts';
import { type MemoryConnectOptions, MemoryListener } from '../../transports/memory/memory-listener.ts';
import { WebSocketListener } from '../../transports/websocket/websocket-listener.ts';
import { eventually } from './recording-sink.ts';
import { openMemoryClient, openWebSocketClient, type TestClient } from './test-client.ts';

/** Keys as flags: `{ 'session.slow_grace_ms': '0' }`. */
export type Settings = Readonly<Record<string, string>>;

/** Rates that no test meets by chance. */
const RATES: Settings = { 'limits.frames_per_sec': '1000000', 'limits.frames_burst': '1000000' };

export function testConfig(settings: Settings = {}): Config {
  return loadConfig({ env: {}, flags: new Map(Object.entries({ ...RATES, ...settings })) });
}

/** A backend of one game on a memory broker, that records and answers by hand. */
export class TestBackend {
  readonly received: Upstream[] = [];
  readonly raw: Uint8Array[] = [];
  readonly #port: BackendPort;

  constructor(port: BackendPort) {
    this.#port = port;
  }

  async serve(topic: string): Promise<void> {
    await this.#port.subscribe(topic, (message) => {
      this.raw.push(new Uint8Array(message));
      for (const upstream of decodeUpstreamBatch(new Uint8Array(message)) ?? []) this.received.push(upstream);
    });
  }

  async frames(count: number): Promise<readonly Upstream[]> {
    await eventually(() => this.received.length >= count, `${count} frames at the backend`);
    return this.received;
  }

  push(...items: Downstream[]): Promise<void> {
    return this.#port.publish('broadcast', encodeDownstreamBatch(items));
  }

  publish(channel: string, message: Uint8Array): Promise<void> {
    return this.#port.publish(channel, message);
  }
}

export interface TestGateway {
  readonly gateway: Gateway;
  readonly metrics: Metrics;
  readonly config: Config;
  readonly listener: MemoryListener;
  readonly backend: TestBackend;
  /** Lines of the log, parsed by nobody. */
  readonly logLines: readonly string[];
  readonly webSocketUrl: string;
  openMemory(options?: MemoryConnectOptions): TestClient;
  /** `query`: behind the address, `?token=...`. */
  openWebSocket(query?: string): Promise<TestClient>;
  close(): Promise<void>;
}

export interface TestGatewayOptions {
  readonly settings?: Settings;
  /** In place of a memory bridge; the backend hears nothing then. */
  readonly bridge?: Bridge;
  readonly id?: string;
  readonly ids?: IdSource;
  readonly memory?: ConstructorParameters<typeof MemoryListener>[0];
}

/** A gateway on the memory transport and on WebSocket, with a memory bridge and a backend of game `demo`. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const config = testConfig(options.settings);
  const id = options.id ?? 'g1';
  const metrics = new Metrics();
  const logLines: string[] = [];
  const broker = new MemoryBroker();
  const memoryBridge = new MemoryBridge(broker, { broadcast: 'broadcast', addressed: `gateway:${id}` });
  const backend = new TestBackend(memoryBridge.backend());
  const listener = new MemoryListener(options.memory);
  const webSocket = new WebSocketListener({ host: '127.0.0.1', port: 0 });
  const log = createLog({ level: 'debug', destination: { write: (line) => void logLines.push(line) } });
  const gateway = new Gateway({
    config,
    id,
    bridge: options.bridge ?? memoryBridge,
    listeners: [listener, webSocket],
    ids: options.ids,
    verifier: createVerifier(config, { metrics, log }),
    metrics,
    log,
  });
  await backend.serve('game:request:demo');
  const addresses = await gateway.start();
  const webSocketUrl = `ws://127.0.0.1:${addresses.get('websocket')?.port}/ws`;
  return {
    gateway,
    metrics,
    config,
    listener,
    backend,
    logLines,
    webSocketUrl,
    openMemory: (given) => openMemoryClient(listener, given),
    openWebSocket: (query = '') => openWebSocketClient(`${webSocketUrl}${query}`),
    close: () => gateway.close(),
  };
}

/** Counters of Errors by code, over all transports. */
export function errorCount(metrics: Metrics, code: string): number {
  let sum = 0;
  for (const { labels, value } of metrics.frameErrors.entries()) if (labels.code === code) sum += value;
  return sum;
}
