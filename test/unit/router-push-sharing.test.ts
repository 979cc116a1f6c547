import { expect, it } from 'vitest';
import { Metrics } from '../../src/observe/metrics.ts';
import { encodeDownstreamBatch } from '../../src/protocol/envelopes.ts';
import { SendQueue } from '../../src/queue/send-queue.ts';
import { TickFlusher } from '../../src/queue/tick-flusher.ts';
import { DownstreamHandler } from '../../src/router/downstream-handler.ts';
import { RouteTable } from '../../src/router/route-table.ts';
import { Hub } from '../../src/session/hub.ts';
import { Session } from '../../src/session/session.ts';
import { WriteBatcher } from '../../transports/websocket/write-batcher.ts';
import { GatedConnection } from '../support/gated-connection.ts';

it('a push to a group is one frame in memory for all members, and one on the wire of WebSocket', () => {
  const hub = new Hub();
  const metrics = new Metrics();
  const shared = {
    framesMax: 10,
    bytesMax: 1000,
    slowGraceMs: 0,
    flusher: new TickFlusher(() => {}),
    onDropped() {},
    onPromoted() {},
  };
  const connections = ['1', '2', '3'].map((id) => {
    const connection = new GatedConnection();
    const queue = new SendQueue(shared, connection, metrics.forTransport('gated'), () => {});
    const session = new Session(id, connection, queue, { gatewayId: 'g1', onAckSent() {} });
    hub.add(session);
    hub.join('room', session);
    return connection;
  });
  const handler = new DownstreamHandler({ format: 'envelope', hub, table: new RouteTable([]), metrics });
  const message = { group: 'room', route: 2, msgId: 1, payload: Uint8Array.of(1, 2, 3) };
  handler.receive(encodeDownstreamBatch([{ message }]));
  const frames = connections.map(({ sent }) => sent[0]);
  expect(frames.map((frame) => frame === frames[0])).toEqual([true, true, true]);
  const batcher = new WriteBatcher();
  const wire = frames.map((frame) => batcher.encode(frame));
  expect(wire.map((bytes) => bytes === wire[0])).toEqual([true, true, true]);
});
