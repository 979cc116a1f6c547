import { setTimeout as sleep } from 'node:timers/promises';
import { encodePong } from '../../../src/protocol/system.ts';
import type { Link } from '../../../src/router/link.ts';
import { Links } from '../../../src/router/links.ts';
import type { Connection, ConnectionHandlers } from '../../../src/transport.ts';
import type { Group, Row, Sample, Subject } from '../bench.ts';
import { sessionCore } from './sessions.ts';

const LINKS = 50_000;
const INTERVAL_MS = 30_000;
const TIMEOUT_MS = 60_000;
const CHECK_MS = 10_000;
/** Links are opened over a whole interval, as clients come: each step of the wheel has its share of them. */
const STEPS = INTERVAL_MS / CHECK_MS;

/** Peers without a socket, whose only traffic are the Pongs. */
class Peers {
  pings = 0;
  readonly #answers: boolean;
  readonly #pong = encodePong({ sentAtMs: 1, serverTimeMs: 0, received: 0 }, 1);

  constructor(answers: boolean) {
    this.#answers = answers;
  }

  connect(accept: (connection: Connection) => ConnectionHandlers): void {
    const send = (): boolean => {
      this.pings++;
      if (this.#answers) setImmediate(() => handlers.onFrame(this.#pong, false));
      return true;
    };
    const handlers = accept({
      info: { transport: 'none', datagrams: false },
      ...{ datagramBytesMax: 0, bufferedBytes: 0, send, sendDatagram: () => false },
      setFrameBytesMax() {},
      pause() {},
      resume() {},
      close() {},
    });
  }
}

function row(name: string, title: string, count: number, answers: boolean): Row {
  const start = async (): Promise<Subject> => {
    const { lifecycle, metrics } = sessionCore();
    const peers = new Peers(answers);
    const links = new Links({
      ...{ lifecycle, metrics, heartbeat: { intervalMs: INTERVAL_MS, timeoutMs: TIMEOUT_MS } },
      ...{ checkIntervalMs: CHECK_MS, frameBytesMax: 65_536, requiresHello: false, helloTimeoutMs: 8_000 },
      receive(_link: Link) {},
      receiveText() {},
      onClosed() {},
    });
    links.start();
    for (let step = 0; step < STEPS; step++) {
      for (let index = 0; index < count / STEPS; index++) peers.connect((link) => links.accept(link));
      if (step < STEPS - 1) await sleep(CHECK_MS);
    }
    // Behind the steps, so that each measurement of some intervals has as many of them.
    await sleep(CHECK_MS / 2);
    return { measure: (ms) => measure(peers, ms), close: async () => links.stop() };
  };
  return { name, title, start };
}

/** Whole steps of the wheel: the work comes once in each. */
async function measure(peers: Peers, ms: number): Promise<Sample> {
  const lastsMs = Math.max(1, Math.round(ms / CHECK_MS)) * CHECK_MS;
  const [startedMs, before, pings] = [performance.now(), process.cpuUsage(), peers.pings];
  await sleep(lastsMs);
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - startedMs) / 1000;
  return { cpuPercent: (user + system) / 1e4 / seconds, pingsPerSec: (peers.pings - pings) / seconds };
}

export const heartbeats: Group = {
  name: 'heartbeats',
  title: `Heartbeats of ${LINKS} links, every 30 s, checked every 10 s, without transport`,
  rows: [
    row('heartbeats-none', 'no links: what the process costs by itself', 0, false),
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
  rounds: 1,
};
