import type { Group, Row, Subject } from '../bench.ts';
import { webTransportConfig } from '../gateway-config.ts';
import { WebTransportAccepts } from '../load/webtransport-accepts.ts';
import { WebTransportIdle } from '../load/webtransport-idle.ts';
import { throughputMetrics } from '../metrics.ts';
import { ServerProcess } from '../server-process.ts';
import { required, type WebTransportContext } from '../webtransport-context.ts';

const IDLE_SESSIONS = 500;

type Load = (server: ServerProcess, context: WebTransportContext) => Subject;

function rows(prefix: string, load: Load): Row[] {
  const files = ({ certFile, keyFile }: WebTransportContext) => ({ certFile, keyFile });
  const row = (
    name: string,
    title: string,
    script: string,
    configure: (context: WebTransportContext) => object,
  ) => ({
    name: `${prefix}-${name}`,
    title,
    start: async (context: Parameters<Row['start']>[0]) => {
      const webTransport = required(context.webTransport);
      return load(await ServerProcess.start(context, script, configure(webTransport)), webTransport);
    },
  });
  return [
    row('bare', 'bare addon', 'bare-webtransport', files),
    row('adapter', 'our adapter', 'webtransport-adapter', files),
    row('gateway', 'gateway, memory bridge', 'gateway', webTransportConfig),
  ];
}

/** A session is there when its first frame has been answered. */
export const webTransportAccept: Group = {
  name: 'wt-accept',
  title: 'WebTransport: sessions accepted, each closed again at once',
  rows: rows('accept', (server, context) => new WebTransportAccepts(server, context)),
  metrics: throughputMetrics('sessions', 'session', 0),
  comparisons: [
    { row: 'accept-adapter', over: 'accept-bare', metric: 'perSec', by: 'ratio' },
    { row: 'accept-gateway', over: 'accept-bare', metric: 'perSec', by: 'ratio' },
    { row: 'accept-adapter', over: 'accept-bare', metric: 'serverUs', by: 'ratio' },
    { row: 'accept-gateway', over: 'accept-bare', metric: 'serverUs', by: 'ratio' },
  ],
  needsWebTransport: true,
};

/** Memory per session. The bare server echoes the Hello, the gateway answers with a Welcome. */
export const webTransportMemory: Group = {
  name: 'wt-memory',
  title: `WebTransport: RSS per idle session at ${IDLE_SESSIONS} sessions, after garbage collection`,
  rows: rows('wt-idle', (server, context) => new WebTransportIdle(server, context, IDLE_SESSIONS)),
  metrics: [
    { name: 'rssPerSession', unit: 'bytes', digits: 0 },
    { name: 'heapPerSession', unit: 'bytes', digits: 0 },
    { name: 'rssMiB', unit: 'MiB', digits: 1 },
  ],
  comparisons: [
    {
      row: 'wt-idle-adapter',
      over: 'wt-idle-bare',
      metric: 'rssPerSession',
      by: 'ratio',
      aim: { atMost: 1.25 },
    },
    {
      row: 'wt-idle-gateway',
      over: 'wt-idle-bare',
      metric: 'rssPerSession',
      by: 'ratio',
      aim: { atMost: 1.25 },
    },
  ],
  rounds: 3,
  fresh: true,
  needsWebTransport: true,
};
