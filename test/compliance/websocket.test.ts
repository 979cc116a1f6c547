import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { BoundAddress } from '../../src/transport.ts';
import { WebSocketListener } from '../../transports/websocket/websocket-listener.ts';
import type { Harness, RawClient, RawClientHandlers } from './transport-harness.ts';
import { transportSuite } from './transport-suite.ts';

const NO_CLOSE_FRAME = 1006;

function webSocketHarness(perMessageDeflate: boolean): Harness {
  return {
    hasPort: true,
    createListener: (settings) => new WebSocketListener({ ...settings, perMessageDeflate }),
    connect: (_listener, address, handlers) => connectRaw(address, perMessageDeflate, handlers),
  };
}

function connectRaw(
  address: BoundAddress,
  perMessageDeflate: boolean,
  handlers: RawClientHandlers,
): Promise<RawClient> {
  return new Promise((resolve, reject) => {
    const webSocket = new WebSocket(`ws://${address.host}:${address.port}/ws`, { perMessageDeflate });
    let socket: Socket | undefined;
    webSocket.on('upgrade', (response) => {
      socket = response.socket;
    });
    webSocket.on('error', reject);
    webSocket.on('open', () => {
      if (socket !== undefined) resolve(rawClient(webSocket, socket));
    });
    webSocket.on('message', (data) => {
      if (data instanceof Uint8Array) handlers.onFrame(data, false);
    });
    webSocket.on('close', (code, reason) => {
      handlers.onClose({ code: code === NO_CLOSE_FRAME ? 0 : code, reason: reason.toString() });
    });
  });
}

function rawClient(webSocket: WebSocket, socket: Socket): RawClient {
  return {
    send: (frame) => webSocket.send(frame),
    sendDatagram: () => {},
    sendText: (text) => webSocket.send(text),
    // RFC 6455 section 5.2: final binary frame, masked, 64-bit length, mask.
    announce: (bytes) => {
      const header = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
      header.writeUInt32BE(bytes, 6);
      socket.write(header);
    },
    pause: () => webSocket.pause(),
    resume: () => webSocket.resume(),
    close: (code, reason) => webSocket.close(code, reason),
    vanish: () => socket.resetAndDestroy(),
  };
}

transportSuite('websocket', async () => webSocketHarness(false));
transportSuite('websocket with perMessageDeflate', async () => webSocketHarness(true));
