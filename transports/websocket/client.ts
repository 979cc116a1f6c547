import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { Link, LinkHandlers, OpenLink } from '../../web-client/sdk/link.ts';

export interface WebSocketLinkOptions {
  /** Further request headers, such as `Authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Value of the Origin header; absent by default, as from any client but a browser. */
  readonly origin?: string;
  /** Local address to connect from: a load test has 64 K ports per address. */
  readonly localAddress?: string;
  /** Largest message accepted, in bytes. Default 16 MiB. */
  readonly frameBytesMax?: number;
}

const FRAME_BYTES_MAX = 16 * 1024 * 1024;
const CLOSE_TIMEOUT_MS = 1_500;
const NORMAL_CLOSURE = 1000;
const NO_STATUS_RECEIVED = 1005;
const ABNORMAL_CLOSURE = 1006;

/** A link over `ws` for Node: the tools, the load test, and the tests. Browsers have their own. */
export function webSocketLink(url: string, options: WebSocketLinkOptions = {}): OpenLink {
  return (handlers, signal) => openLink(url, options, handlers, signal);
}

function openLink(
  url: string,
  options: WebSocketLinkOptions,
  handlers: LinkHandlers,
  signal: AbortSignal | undefined,
): Promise<Link> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const webSocket = new WebSocket(url, clientOptions(options));
    const abort = () => webSocket.terminate();
    signal?.addEventListener('abort', abort, { once: true });
    let socket: Socket | undefined;
    let opened = false;
    let cause: unknown = new Error(`no WebSocket at ${url}`);
    webSocket.once('upgrade', (response) => {
      socket = response.socket;
    });
    webSocket.once('open', () => {
      signal?.removeEventListener('abort', abort);
      if (socket === undefined) return;
      opened = true;
      resolve(new WebSocketLink(webSocket, socket));
    });
    webSocket.on('message', (data, isBinary) => {
      if (isBinary && data instanceof Uint8Array) handlers.onFrame(data, false);
    });
    webSocket.on('error', (error) => {
      cause = error;
    });
    webSocket.once('close', (code, reason) => {
      signal?.removeEventListener('abort', abort);
      if (opened) handlers.onClose({ code: closeCode(code), reason: reason.toString() });
      else reject(signal?.aborted ? signal.reason : cause);
    });
  });
}

function clientOptions(options: WebSocketLinkOptions) {
  return {
    headers: { ...options.headers },
    origin: options.origin,
    localAddress: options.localAddress,
    maxPayload: options.frameBytesMax ?? FRAME_BYTES_MAX,
    perMessageDeflate: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
  };
}

function closeCode(code: number): number {
  if (code === ABNORMAL_CLOSURE) return 0;
  return code === NO_STATUS_RECEIVED ? NORMAL_CLOSURE : code;
}

/** Sends of one tick leave in one write: the socket is corked by the first and uncorked at the end of the tick. */
class WebSocketLink implements Link {
  readonly transport = 'websocket';
  readonly datagramBytesMax = 0;
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  #corked = false;

  constructor(webSocket: WebSocket, socket: Socket) {
    this.#webSocket = webSocket;
    this.#socket = socket;
  }

  get bufferedBytes(): number {
    return this.#webSocket.bufferedAmount;
  }

  send(frame: Uint8Array): void {
    if (this.#webSocket.readyState !== WebSocket.OPEN) return;
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      process.nextTick(uncork, this);
    }
    this.#webSocket.send(frame);
  }

  sendDatagram(): boolean {
    return false;
  }

  close(code = NORMAL_CLOSURE, reason = ''): void {
    this.#webSocket.close(code, reason);
  }

  uncork(): void {
    this.#corked = false;
    this.#socket.uncork();
  }
}

/** A function and its argument instead of a closure per tick. */
function uncork(link: WebSocketLink): void {
  link.uncork();
}
