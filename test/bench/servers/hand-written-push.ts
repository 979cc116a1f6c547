import { once } from 'node:events';
import { Redis } from 'ioredis';
import { type WebSocket, WebSocketServer } from 'ws';
import { dualgate } from '../../../src/protocol/gen/gateway.js';
import { encodeFrame } from '../../../src/protocol/header.ts';
import { encodeWelcome } from '../../../src/protocol/system.ts';
import { portOf } from './port.ts';
import { argument, reportTo } from './serve-child.ts';

/** Control: a subscriber loop as one writes it by hand. One message is one push: decoded, looked up, sent. */
const options = argument();
const [host, port] = String(Reflect.get(Object(options), 'redisAddr')).split(':');
const channel = String(Reflect.get(Object(options), 'channel'));
const redis = new Redis({ host, port: Number(port) });
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/ws', perMessageDeflate: false });
const sockets = new Map<string, WebSocket>();

server.on('connection', (socket) => {
  const sessionId = String(1000 + sockets.size);
  sockets.set(sessionId, socket);
  socket.on('message', () => socket.send(welcome(sessionId)));
});

redis.on('messageBuffer', (_channel: Buffer, message: Buffer) => {
  const push = dualgate.v1.MessageBroadcast.decode(message);
  const frame = encodeFrame({ seq: 0, route: push.route, flags: 0, msgId: push.msgId }, push.payload);
  for (const sessionId of push.targetSessionIds) sockets.get(sessionId)?.send(frame);
});

function welcome(sessionId: string): Uint8Array {
  const none = { resumeToken: '', epoch: 1, recovered: false, replayed: 0, accepted: 0, userId: '0' };
  const limits = { heartbeatIntervalMs: 0, frameBytesMax: 65_536, datagramBytesMax: 0 };
  const times = { serverTimeMs: 0, expiresAtMs: 0 };
  return encodeWelcome({ sessionId, gatewayId: 'hand-written', ...none, ...limits, ...times }, 1);
}

await Promise.all([once(server, 'listening'), redis.subscribe(channel)]);
reportTo(process, portOf(server.address()), async () => {
  for (const socket of server.clients) socket.terminate();
  server.close();
  redis.disconnect();
});
