import { setTimeout as sleep } from 'node:timers/promises';
import { MemoryBridge } from '../../../src/bridge/memory-bridge.ts';
import { MemoryBroker } from '../../../src/bridge/memory-broker.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { Gateway } from '../../../src/gateway.ts';
import { silentLog } from '../../../src/observe/log.ts';
import { Metrics } from '../../../src/observe/metrics.ts';
import { encodePong } from '../../../src/protocol/system.ts';
import type { Accept, BoundAddress, Listener } from '../../../src/transport.ts';
import type { Group, Row, Sample, Subject } from '../bench.ts';

const LINKS = 50_000;
/** Of the default configuration, which is what runs. */
const INTERVAL_MS = 30_000;
/** Links are opened evenly over an interval, as clients come: so many at a time. */
const OPENINGS = 250;
/** Shorter measurements say little of a load of some microseconds each. */
const MEASURE_MIN_MS = 10_000;
const SEQ_BYTES = 4;

/** A transport without a socket: what its peers do is to take Pings, and to answer them where `answers` is set. */
class PeerListener implements Listener {
  readonly transport = 'none';
  readonly #answers: boolean;
  readonly #pong = encodePong({ sentAtMs: 1, serverTimeMs: 0, received: 0 }, 1);
  #accept: Accept | undefined;
  pings = 0;

  constructor(answers: boolean) {
    this.#answers = answers;
  }

  async listen(accept: Accept): Promise<BoundAddress> {
    this.#accept = accept;
    return { host: '', port: 0 };
  }

  stopAccepting(): void {
    this.#accept = undefined;
  }

  async close(): Promise<void> {}

  connect(): void {
    const send = (ping: Uint8Array): boolean => {
      this.pings++;
      if (this.#answers) setImmediate(() => handlers?.onFrame(this.#pongTo(ping), false));
      return true;
    };
    const handlers = this.#accept?.({
      info: { transport: this.transport, datagrams: false },
      ...{ datagramBytesMax: 0, bufferedBytes: 0, send, sendDatagram: () => false },
      setFrameBytesMax() {},
      pause() {},
      resume() {},
      close() {},
    });
  }

  #pongTo(ping: Uint8Array): Uint8Array {
    this.#pong.set(ping.subarray(0, SEQ_BYTES));
    return this.#pong;
  }
}

async function startGateway(listener: PeerListener): Promise<Gateway> {
  const config = configSchema.parse({});
  const bridge = new MemoryBridge(new MemoryBroker(), { broadcast: 'broadcast', addressed: 'gateway:bench' });
  const [metrics, log] = [new Metrics(), silentLog];
  const gateway = new Gateway({ config, id: 'bench', bridge, listeners: [listener], metrics, log });
  await gateway.start();
  return gateway;
}

function row(name: string, title: string, count: number, answers: boolean): Row {
  const start = async (): Promise<Subject> => {
    const listener = new PeerListener(answers);
    const gateway = await startGateway(listener);
    for (let opening = 0; count > 0 && opening < OPENINGS; opening++) {
      for (let index = 0; index < count / OPENINGS; index++) listener.connect();
      await sleep(INTERVAL_MS / OPENINGS);
    }
    return { measure: (ms) => measure(listener, ms), close: () => gateway.close() };
  };
  return { name, title, start };
}

async function measure(listener: PeerListener, ms: number): Promise<Sample> {
  const [startedMs, before, pings] = [performance.now(), process.cpuUsage(), listener.pings];
  await sleep(Math.max(ms, MEASURE_MIN_MS));
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - startedMs) / 1000;
  return { cpuPercent: (user + system) / 1e4 / seconds, pingsPerSec: (listener.pings - pings) / seconds };
}

export const heartbeats: Group = {
  name: 'heartbeats',
  title: `Heartbeats of a gateway with ${LINKS} links, every 30 s, without transport`,
  rows: [
    row('heartbeats-none', 'no links: what the gateway costs by itself', 0, false),
    row('heartbeats-pings', 'links that send nothing', LINKS, false),
    row('heartbeats-pongs', 'links that answer each Ping', LINKS, true),
  ],
  metrics: [
    { name: 'cpuPercent', unit: '% of a core', digits: 2 },
    { name: 'pingsPerSec', unit: 'Pings/s', digits: 0 },
  ],
  comparisons: ['heartbeats-pings', 'heartbeats-pongs'].map((name) => ({
    ...{ row: name, over: 'heartbeats-none', metric: 'cpuPercent', by: 'difference' as const },
    aim: { atMost: 1 },
  })),
  fresh: true,
  rounds: 3,
};
