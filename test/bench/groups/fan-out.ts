import { encodeDownstreamBatch } from '../../../src/protocol/envelopes.ts';
import { HEADER_BYTES, ROUTE } from '../../../src/protocol/header.ts';
import type { BenchContext, Group, Row } from '../bench.ts';
import { gatewayConfig, redisBridge } from '../gateway-config.ts';
import { FanOutLoop } from '../load/fan-out-loop.ts';
import { PAYLOAD_BYTES } from '../load/frames.ts';
import { throughputMetrics } from '../metrics.ts';
import { ServerProcess } from '../server-process.ts';

const PAYLOAD = new Uint8Array(PAYLOAD_BYTES).fill(7);
const EVERYONE = encodeDownstreamBatch([
  { message: { everyone: true, route: ROUTE.game, msgId: 1001, payload: PAYLOAD } },
]);
/** As long as the gateway's frame. */
const BARE = new Uint8Array(HEADER_BYTES + PAYLOAD_BYTES).fill(7);

/** The gateways of a row share Redis with those of the other rows, so each listens on a name of its own. */
function gatewayRow(connections: number): Row {
  const id = `bench-fan-${connections}`;
  return {
    name: `fan-${connections}`,
    title: `gateway, one push to ${connections}`,
    start: async (context: BenchContext) => {
      const config = gatewayConfig({ ...redisBridge(context), gateway: { id }, games: [{ id: 'mmo' }] });
      return await FanOutLoop.start(await ServerProcess.start(context, 'gateway', config), {
        redisAddr: context.redisAddr,
        channel: `gateway:${id}`,
        connections,
        message: EVERYONE,
        path: '/ws',
      });
    },
  };
}

interface Control {
  readonly name: string;
  readonly title: string;
  readonly script: string;
  readonly path: string;
  readonly greeting?: string;
}

function controlRow(connections: number, control: Control): Row {
  const channel = `${control.name}:${connections}`;
  return {
    name: `${control.name}-${connections}`,
    title: control.title,
    start: async ({ redisAddr, ...context }: BenchContext) => {
      const argument = { redisAddr, channel };
      const server = await ServerProcess.start({ redisAddr, ...context }, control.script, argument);
      const { path, greeting } = control;
      return await FanOutLoop.start(server, {
        redisAddr,
        channel,
        connections,
        message: BARE,
        path,
        greeting,
      });
    },
  };
}

const PLAIN: Control = {
  name: 'fan-ws',
  title: 'plain loop of ws sends',
  script: 'bare-ws-fan-out',
  path: '/ws',
};
const SOCKET_IO: Control = {
  name: 'fan-sio',
  title: 'Socket.IO, emit to everyone',
  script: 'socket-io-fan-out',
  path: '/socket.io/?EIO=4&transport=websocket',
  greeting: '40',
};

function fanOutGroup(connections: number): Group {
  const own = `fan-${connections}`;
  const plain = `${PLAIN.name}-${connections}`;
  const socketIo = `${SOCKET_IO.name}-${connections}`;
  return {
    name: `fan-out-${connections}`,
    title: `Fan-out: one push through Redis to ${connections} WebSocket clients, 64 B payload`,
    rows: [controlRow(connections, PLAIN), controlRow(connections, SOCKET_IO), gatewayRow(connections)],
    metrics: throughputMetrics('deliveries', 'delivery'),
    // Both, since on two cores load generator and Redis take their time from the server's.
    comparisons: [
      { row: own, over: plain, metric: 'perSec', by: 'ratio', aim: { atLeast: 2 } },
      { row: own, over: socketIo, metric: 'perSec', by: 'ratio', aim: { atLeast: 4 } },
      { row: own, over: plain, metric: 'serverUs', by: 'ratio', aim: { atMost: 0.5 } },
      { row: own, over: socketIo, metric: 'serverUs', by: 'ratio', aim: { atMost: 0.25 } },
    ],
    fresh: true,
    rounds: 5,
  };
}

/** Pushes to all clients of a gateway. */
export const fanOut: readonly Group[] = [fanOutGroup(1000), fanOutGroup(5000)];
