import type { Link, LinkHandlers, OpenLink } from './link.ts';

/** RFC 6455 section 7.4.1: closed on purpose, and lost without a close frame. */
const NORMAL = 1000;
const LOST = 1006;

/** Opens links over the platform's own WebSocket: browsers, and Node from 22 on. */
export function browserWebSocketLink(url: string): OpenLink {
  return (handlers, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const socket = new WebSocket(url);
      socket.binaryType = 'arraybuffer';
      const abort = () => {
        socket.close();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      socket.onopen = () => {
        signal?.removeEventListener('abort', abort);
        resolve(adopt(socket, handlers));
      };
      socket.onclose = (event) => {
        signal?.removeEventListener('abort', abort);
        reject(new Error(`WebSocket to ${url} was refused (${event.code})`));
      };
    });
}

function adopt(socket: WebSocket, handlers: LinkHandlers): Link {
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data instanceof ArrayBuffer) handlers.onFrame(new Uint8Array(data), false);
  };
  socket.onclose = ({ code, reason }) => handlers.onClose({ code: code === LOST ? 0 : code, reason });
  return {
    transport: 'websocket',
    datagramBytesMax: 0,
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    send(frame) {
      if (socket.readyState === WebSocket.OPEN) socket.send(ownBuffer(frame));
    },
    sendDatagram: () => false,
    close: (code = NORMAL, reason = '') => socket.close(code, reason),
  };
}

/** WebSocket.send takes no view of shared memory; frames that the SDK builds never are one. */
function ownBuffer(frame: Uint8Array): Uint8Array<ArrayBuffer> {
  return isPlain(frame) ? frame : new Uint8Array(frame);
}

function isPlain(frame: Uint8Array): frame is Uint8Array<ArrayBuffer> {
  return frame.buffer instanceof ArrayBuffer;
}
