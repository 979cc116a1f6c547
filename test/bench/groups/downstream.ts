import { encodeDownstreamBatch, type Push } from '../../../src/protocol/envelopes.ts';
import { dualgate } from '../../../src/protocol/gen/gateway.js';
import { ROUTE } from '../../../src/protocol/header.ts';
import type { BenchContext, Group, Row } from '../bench.ts';
import { gatewayConfig, redisBridge } from '../gateway-config.ts';
import { PAYLOAD_BYTES } from '../load/frames.ts';
import { PushLoop } from '../load/push-loop.ts';
import { throughputMetrics } from '../metrics.ts';
import { ServerProcess } from '../server-process.ts';

const CONNECTIONS = 50;
const IN_FLIGHT = 50 * 32;
const PUSHES_PER_BATCH = 100;
/** The gateways of a row share Redis with those of the other rows, so each listens on a name of its own. */
const HAND_CHANNEL = 'push:hand-written';
const PAYLOAD = new Uint8Array(PAYLOAD_BYTES).fill(7);

function pushTo(sessionId: string) {
  return { targetSessionIds: [sessionId], route: ROUTE.game, msgId: 1001, payload: PAYLOAD } satisfies Push;
}

function gatewayRow(name: string, title: string, pushesPerMessage: number): Row {
  const id = `bench-${name}`;
  return {
    name,
    title,
    start: async (context: BenchContext) => {
      const config = gatewayConfig({ ...redisBridge(context), gateway: { id }, games: [{ id: 'mmo' }] });
      return await PushLoop.start(await ServerProcess.start(context, 'gateway', config), {
        redisAddr: context.redisAddr,
        channel: `gateway:${id}`,
        connections: CONNECTIONS,
        inFlight: IN_FLIGHT,
        pushesPerMessage,
        message: (ids) => encodeDownstreamBatch(ids.map((sessionId) => ({ message: pushTo(sessionId) }))),
      });
    },
  };
}

const handWritten: Row = {
  name: 'hand-push',
  title: 'hand-written subscriber loop, one push per message',
  start: async (context) => {
    const argument = { redisAddr: context.redisAddr, channel: HAND_CHANNEL };
    return await PushLoop.start(await ServerProcess.start(context, 'hand-written-push', argument), {
      redisAddr: context.redisAddr,
      channel: HAND_CHANNEL,
      connections: CONNECTIONS,
      inFlight: IN_FLIGHT,
      pushesPerMessage: 1,
      message: ([sessionId]) => dualgate.v1.MessageBroadcast.encode(pushTo(sessionId)).finish(),
    });
  },
};

/** Pushes from Redis to single sessions. */
export const downstream: Group = {
  name: 'downstream',
  title: `Downstream: pushes to single sessions through Redis, ${CONNECTIONS} sessions, 64 B payload`,
  rows: [
    handWritten,
    gatewayRow('push-batched', `gateway, ${PUSHES_PER_BATCH} pushes per message`, PUSHES_PER_BATCH),
    gatewayRow('push-single', 'gateway, one push per message', 1),
  ],
  metrics: throughputMetrics('deliveries', 'delivery'),
  comparisons: [
    { row: 'push-batched', over: 'hand-push', metric: 'perSec', by: 'ratio', aim: { atLeast: 3 } },
    { row: 'push-single', over: 'hand-push', metric: 'perSec', by: 'ratio' },
    { row: 'push-batched', over: 'hand-push', metric: 'serverUs', by: 'ratio' },
    { row: 'push-single', over: 'hand-push', metric: 'serverUs', by: 'ratio' },
  ],
};
