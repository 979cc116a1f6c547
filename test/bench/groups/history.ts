import { encodeDownstreamBatch } from '../../../src/protocol/envelopes.ts';
import { ROUTE } from '../../../src/protocol/header.ts';
import type { BenchContext, Group, Row } from '../bench.ts';
import { gatewayConfig, redisBridge } from '../gateway-config.ts';
import { PAYLOAD_BYTES } from '../load/frames.ts';
import { PushLoop } from '../load/push-loop.ts';
import { throughputMetrics } from '../metrics.ts';
import { ServerProcess } from '../server-process.ts';

const CONNECTIONS = 50;
const IN_FLIGHT = 50 * 32;
const BATCH = 100;
const HISTORY_BYTES = 16 * 1024 * 1024;
const PAYLOAD = new Uint8Array(PAYLOAD_BYTES).fill(7);

interface Variant {
  readonly name: string;
  readonly title: string;
  readonly pushesPerMessage: number;
  readonly historyBytes: number;
}

/** The gateways of all rows share Redis, so each listens on a channel of its own. */
function row({ name, title, pushesPerMessage, historyBytes }: Variant): Row {
  const channel = `bench-${name}`;
  return {
    name,
    title,
    start: async (context: BenchContext) => {
      const { bridge, redis } = redisBridge(context);
      const common = gatewayConfig({ redis, gateway: { id: channel }, games: [{ id: 'mmo' }] });
      const config = {
        ...common,
        bridge: { ...bridge, downstream: { channel } },
        session: { ...common.session, history_bytes_max: historyBytes },
      };
      return await PushLoop.start(await ServerProcess.start(context, 'gateway', config), {
        redisAddr: context.redisAddr,
        channel,
        connections: CONNECTIONS,
        inFlight: IN_FLIGHT,
        pushesPerMessage,
        message: (ids) => encodeDownstreamBatch(ids.map((sessionId) => ({ message: pushTo(sessionId) }))),
      });
    },
  };
}

function pushTo(sessionId: string) {
  return { targetSessionIds: [sessionId], route: ROUTE.game, msgId: 1001, payload: PAYLOAD };
}

const single = { pushesPerMessage: 1 };
const batched = { pushesPerMessage: BATCH };

/** What it costs to remember the pushes for sessions of gateways that die. */
export const history: Group = {
  name: 'history',
  title: `Downstream by broadcast, the pushes remembered or not: ${CONNECTIONS} sessions, ${PAYLOAD_BYTES} B payload`,
  rows: [
    row({ name: 'forget-batched', title: `${BATCH} pushes per message`, ...batched, historyBytes: 0 }),
    row({ name: 'keep-batched', title: 'the same, remembered', ...batched, historyBytes: HISTORY_BYTES }),
    row({ name: 'forget-single', title: 'one push per message', ...single, historyBytes: 0 }),
    row({ name: 'keep-single', title: 'the same, remembered', ...single, historyBytes: HISTORY_BYTES }),
  ],
  metrics: throughputMetrics('deliveries', 'delivery'),
  comparisons: [
    { row: 'keep-batched', over: 'forget-batched', metric: 'serverUs', by: 'ratio' },
    { row: 'keep-single', over: 'forget-single', metric: 'serverUs', by: 'ratio' },
    { row: 'keep-batched', over: 'forget-batched', metric: 'perSec', by: 'ratio' },
    { row: 'keep-single', over: 'forget-single', metric: 'perSec', by: 'ratio' },
  ],
};
