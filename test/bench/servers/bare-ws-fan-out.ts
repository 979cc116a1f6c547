import { once } from 'node:events';
import { Redis } from 'ioredis';
import { WebSocketServer } from 'ws';
import { portOf } from './port.ts';
import { argument, reportTo } from './serve-child.ts';

/** Control: a plain loop of `ws` sends for each message from Redis. */
const options = argument();
const [host, port] = String(Reflect.get(Object(options), 'redisAddr')).split(':');
const channel = String(Reflect.get(Object(options), 'channel'));
const redis = new Redis({ host, port: Number(port) });
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/ws', perMessageDeflate: false });

redis.on('messageBuffer', (_channel: Buffer, message: Buffer) => {
  for (const socket of server.clients) socket.send(message);
});

await Promise.all([once(server, 'listening'), redis.subscribe(channel)]);
reportTo(process, portOf(server.address()), async () => {
  for (const socket of server.clients) socket.terminate();
  server.close();
  redis.disconnect();
});
