import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import { portOf } from './port.ts';
import { reportTo } from './serve-child.ts';

/** Control: `ws` alone, each message sent back. */
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/ws', perMessageDeflate: false });
server.on('connection', (socket) => {
  socket.on('message', (data) => socket.send(data));
});
await once(server, 'listening');
reportTo(process, portOf(server.address()), async () => {
  for (const socket of server.clients) socket.terminate();
  server.close();
});
