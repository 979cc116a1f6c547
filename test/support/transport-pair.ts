import { afterAll, afterEach, beforeAll } from 'vitest';
import { SharedMemory } from '../../src/shared-memory.ts';
import type { WebTransportLibrary } from '../../transports/webtransport/library.ts';
import { type RedisServer, startRedis } from './redis-server.ts';
import { faultOf, resumeRun } from './resume-run.ts';
import type { OpenWire } from './resuming-client.ts';
import type { Settings } from './test-gateway.ts';
import { type Shared, type SharedKind, startTwoGateways, type TwoGateways } from './two-gateways.ts';
import { testLibrary } from './webtransport.ts';
import {
  type ServedCertificate,
  servedCertificate,
  silentWebTransportWire,
  webTransportWire,
} from './webtransport-wire.ts';

/** A way to one of the gateways. */
export interface Way {
  /** `websocket` or `webtransport`. */
  readonly transport: string;
  /** 0 or 1. */
  readonly gateway: number;
  readonly open: OpenWire;
}

/** Two gateways that serve both transports, and what a client may take to them. */
export interface TransportPair extends TwoGateways {
  readonly ways: readonly Way[];
}

interface TransportPairOptions {
  readonly shared: Shared;
  readonly library: WebTransportLibrary;
  readonly served: ServedCertificate;
  readonly settings?: Settings;
}

/** Connections whose peer fell silent count until their idle time is over, on both sides of a NAT's address. */
const UNLIMITED: Settings = { 'limits.connections_per_ip': '100000', 'limits.handshakes_per_sec': '100000' };

async function startTransportPair(options: TransportPairOptions): Promise<TransportPair> {
  const { shared, library, served, settings } = options;
  const pair = await startTwoGateways(shared, { ...UNLIMITED, ...served.settings, ...settings });
  const ways = pair.gateways.flatMap(({ running }, gateway): Way[] => {
    const port = running.addresses.get('webtransport')?.port ?? 0;
    const target = { library, certificate: served.certificate, port };
    return [
      { transport: 'websocket', gateway, open: pair.wires[gateway] },
      { transport: 'webtransport', gateway, open: webTransportWire(target) },
      { transport: 'webtransport', gateway, open: silentWebTransportWire(target) },
    ];
  });
  return { ...pair, ways };
}

export interface SeedsResult {
  /** What is wrong with the first run that is not right; undefined: all are. */
  readonly fault: string | undefined;
  readonly reconnects: number;
  /** Connections that were not of the transport of the one before. */
  readonly changes: number;
}

/** Runs of the seeds 1 to `seeds`, each with one client that comes by any of the ways. */
export async function runSeeds(
  pair: TransportPair,
  ways: readonly Way[],
  seeds: number,
): Promise<SeedsResult> {
  const { backend } = pair;
  let [reconnects, changes] = [0, 0];
  for (let seed = 1; seed <= seeds; seed++) {
    const taken: string[] = [];
    const wires = ways.map(({ transport, open }): OpenWire => {
      return (handlers) => {
        taken.push(transport);
        return open(handlers);
      };
    });
    const result = await resumeRun({ seed, wires, backend });
    reconnects += result.reconnects;
    changes += taken.filter((transport, index) => index > 0 && transport !== taken[index - 1]).length;
    const fault = faultOf(result, backend);
    if (fault !== undefined) return { fault: `seed ${seed}: ${fault}`, reconnects, changes };
    backend.received.length = 0;
  }
  return { fault: undefined, reconnects, changes };
}

/** Starts a pair for the test that runs, which is closed after it. To be called, and awaited, by the file of the tests. */
export async function stageTransportPairs(): Promise<
  (kind: SharedKind, settings?: Settings) => Promise<TransportPair>
> {
  const library = await testLibrary();
  let parts: { readonly served: ServedCertificate; readonly redis: RedisServer } | undefined;
  let pair: TransportPair | undefined;
  beforeAll(async () => {
    parts = { served: await servedCertificate(), redis: await startRedis() };
  });
  afterAll(async () => {
    await parts?.redis.stop();
    await parts?.served.remove();
  });
  afterEach(() => pair?.close());
  return async (kind, settings = {}) => {
    if (parts === undefined) throw new Error('not started');
    const { served, redis } = parts;
    const shared = kind === 'redis' ? redis : new SharedMemory();
    pair = await startTransportPair({ shared, library, served, settings });
    return pair;
  };
}
