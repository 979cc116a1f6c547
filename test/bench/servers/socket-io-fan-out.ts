import { once } from 'node:events';
import { createServer } from 'node:http';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';
import { portOf } from './port.ts';
import { argument, reportTo } from './serve-child.ts';

/** Control: Socket.IO, one `emit` to everyone for each message from Redis; WebSocket only, no compression. */
const options = argument();
const [host, port] = String(Reflect.get(Object(options), 'redisAddr')).split(':');
const channel = String(Reflect.get(Object(options), 'channel'));
const redis = new Redis({ host, port: Number(port) });
const http = createServer();
const io = new Server(http, {
  transports: ['websocket'],
  perMessageDeflate: false,
  serveClient: false,
  pingInterval: 3_600_000,
  pingTimeout: 3_600_000,
});

redis.on('messageBuffer', (_channel: Buffer, message: Buffer) => {
  io.emit('push', message);
});

http.listen(0, '127.0.0.1');
await Promise.all([once(http, 'listening'), redis.subscribe(channel)]);
reportTo(process, portOf(http.address()), async () => {
  await io.close();
  redis.disconnect();
});
