import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { WebSocketServer } from 'ws';
import { dualgate } from '../../../src/protocol/gen/gateway.js';
import { FLAG, HEADER_BYTES, readHeader, writeHeader } from '../../../src/protocol/header.ts';
import { longOf } from '../../../src/protocol/int64.ts';
import { portOf } from './port.ts';
import { argument, reportTo } from './serve-child.ts';

/**
 * Control: the gateway that one writes in an afternoon on `ws` and `ioredis`. Each message becomes an Upstream envelope
 * and one PUBLISH, and the client gets its ack once Redis has answered. `autoPipelining` is the one setting of ioredis
 * that gathers the commands of a tick.
 */
const options = argument();
const [host, port] = String(Reflect.get(Object(options), 'redisAddr')).split(':');
const redis = new Redis({
  host,
  port: Number(port),
  enableAutoPipelining: Reflect.get(Object(options), 'autoPipelining') === true,
});
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/ws', perMessageDeflate: false });

server.on('connection', (socket) => {
  const sessionId = randomUUID();
  socket.on('message', (data) => {
    if (!(data instanceof Buffer)) return;
    const { seq, route, msgId } = readHeader(data);
    const envelope = dualgate.v1.Upstream.encode({
      gatewayId: 'hand-written',
      sessionId,
      transport: 'websocket',
      seq,
      route,
      msgId,
      receivedAtMs: longOf(Date.now()),
      gameId: 'mmo',
      payload: data.subarray(HEADER_BYTES),
    }).finish();
    redis
      .publish('game:request:mmo', Buffer.from(envelope.buffer, envelope.byteOffset, envelope.length))
      .then(
        () => {
          const ack = Buffer.allocUnsafe(HEADER_BYTES);
          writeHeader(ack, 0, { seq, route, msgId, flags: FLAG.ack });
          socket.send(ack);
        },
        () => socket.close(1013),
      );
  });
});

await Promise.all([once(server, 'listening'), once(redis, 'ready')]);
reportTo(process, portOf(server.address()), async () => {
  for (const socket of server.clients) socket.terminate();
  server.close();
  redis.disconnect();
});
