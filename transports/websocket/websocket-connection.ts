import type { Socket } from 'node:net';
import { type Disconnect, withReason } from '../../src/protocol/disconnect.ts';
import type { CloseEvent, Connection, ConnectionHandlers, ConnectionInfo } from '../../src/transport.ts';
import type { Flushable } from '../flush-list.ts';
import { setReceiveBytesMax } from './receive-limit.ts';
import { encodeFrameHeader, encodeFrames, frameHeaderBytes } from './server-frame.ts';
import type { ServerSocket, SocketOwner } from './server-socket.ts';
import type { WriteBatcher } from './write-batcher.ts';

/** What the connections of one listener share. */
export interface ConnectionContext {
  readonly batcher: WriteBatcher;
  /** Above this, in bytes, `send` asks for rest. */
  readonly highWaterBytes: number;
  /** Upper bound of `setFrameBytesMax`. */
  readonly frameBytesHardMax: number;
  onClosed(connection: WebSocketConnection): void;
}

/** A payload above this is written by itself: the copy into a common buffer would cost more than a second iovec. */
const COPY_BYTES_MAX = 16 * 1024;
/** So many bytes do not wait for the end of the tick. */
const PENDING_BYTES_MAX = 64 * 1024;

/** Told from the pongs that a peer may send unasked (RFC 6455, section 5.5.3). */
const ARRIVAL = Buffer.from('arrived');

const NO_STATUS_RECEIVED = 1005;
const ABNORMAL_CLOSURE = 1006;
const NORMAL_CLOSURE = 1000;

/** One accepted WebSocket. Kept small: thousands of them idle. */
export class WebSocketConnection implements Connection, SocketOwner, Flushable {
  readonly info: ConnectionInfo;
  readonly #context: ConnectionContext;
  readonly #webSocket: ServerSocket;
  readonly #socket: Socket;
  /** ws' callback per compressed frame; absent where perMessageDeflate was not agreed on. */
  readonly #onCompressed: ((error?: Error) => void) | undefined;
  #handlers: ConnectionHandlers | undefined;
  #first: Uint8Array | undefined;
  #more: Uint8Array[] | undefined;
  #pendingBytes = 0;
  #pendingLarge = false;
  #scheduled = false;
  #wantsDrain = false;
  #awaitsDrain = false;
  #awaitsPong = false;
  #open = true;
  #ended: Disconnect | undefined;

  constructor(info: ConnectionInfo, webSocket: ServerSocket, socket: Socket, context: ConnectionContext) {
    this.info = info;
    this.#context = context;
    this.#webSocket = webSocket;
    this.#socket = socket;
    if (webSocket.extensions !== '') this.#onCompressed = (error) => this.#compressed(error);
    webSocket.owner = this;
  }

  /** Frames arrive in a later tick than the handshake, so handlers that `accept` returned at once miss none. */
  start(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
  }

  get datagramBytesMax(): number {
    return 0;
  }

  get bufferedBytes(): number {
    return this.#onCompressed === undefined
      ? this.#pendingBytes + this.#socket.writableLength
      : this.#webSocket.bufferedAmount;
  }

  send(frame: Uint8Array): boolean {
    if (!this.#open) return false;
    if (this.#onCompressed === undefined) this.#enqueue(frame);
    else this.#webSocket.send(frame, this.#onCompressed);
    if (this.bufferedBytes <= this.#context.highWaterBytes) return true;
    this.#wantsDrain = true;
    return false;
  }

  sendDatagram(): boolean {
    return false;
  }

  setFrameBytesMax(bytes: number): void {
    // ws reads 0 as "no limit".
    setReceiveBytesMax(this.#webSocket, Math.max(1, Math.min(bytes, this.#context.frameBytesHardMax)));
  }

  /** Peers answer a ping in its place (RFC 6455, section 5.5.2), browsers by themselves. */
  askArrival(): void {
    if (!this.#open) return;
    this.#write();
    this.#awaitsPong = true;
    this.#webSocket.ping(ARRIVAL);
  }

  pause(): void {
    if (this.#open) this.#webSocket.pause();
  }

  resume(): void {
    if (this.#open) this.#webSocket.resume();
  }

  close(disconnect: Disconnect): void {
    if (!this.#open) return;
    this.#ended = disconnect;
    // The peer's close frame is only seen where we read.
    this.#webSocket.resume();
    this.#webSocket.close(disconnect.code, withReason(disconnect, disconnect.reason).reason);
  }

  /** Drops the link without a handshake; `onClose` follows at once, with what `close` said before. */
  destroy(): void {
    this.#socket.destroy();
  }

  onMessage(data: Uint8Array, isBinary: boolean): void {
    if (!this.#open || this.#handlers === undefined) return;
    if (isBinary) this.#handlers.onFrame(data, false);
    else this.#handlers.onText(data.toString());
  }

  onPong(data: Uint8Array): void {
    if (!this.#open || !this.#awaitsPong || ARRIVAL.compare(data) !== 0) return;
    this.#awaitsPong = false;
    this.#handlers?.onArrived?.();
  }

  onClosing(breach: Disconnect | undefined): void {
    if (!this.#open) return;
    this.#write();
    this.#open = false;
    this.#ended ??= breach;
  }

  onClosed(code: number, reason: string): void {
    this.#open = false;
    this.#discard();
    this.#context.onClosed(this);
    const handlers = this.#handlers;
    this.#handlers = undefined;
    handlers?.onClose(closeEvent(this.#ended, code, reason));
  }

  flush(): void {
    this.#scheduled = false;
    this.#write();
    if (this.#wantsDrain) this.#settleDrain();
  }

  onFlushFault(): void {
    this.destroy();
  }

  #enqueue(frame: Uint8Array): void {
    if (this.#first === undefined) this.#first = frame;
    else if (this.#more === undefined) this.#more = [frame];
    else this.#more.push(frame);
    this.#pendingBytes += frameHeaderBytes(frame.length) + frame.length;
    if (frame.length > COPY_BYTES_MAX) this.#pendingLarge = true;
    if (!this.#scheduled) {
      this.#scheduled = true;
      this.#context.batcher.schedule(this);
    }
    if (this.#pendingBytes >= PENDING_BYTES_MAX) this.#write();
  }

  #write(): void {
    const first = this.#first;
    if (first === undefined) return;
    const more = this.#more;
    const bytes = this.#pendingBytes;
    const large = this.#pendingLarge;
    this.#discard();
    // After the peer's FIN ws has ended the socket; what could not go is lost with the link.
    if (!this.#socket.writable) return;
    if (large) this.#writeLarge(first, more);
    else if (more === undefined) this.#socket.write(this.#context.batcher.encode(first));
    else this.#socket.write(encodeFrames(first, more, bytes));
  }

  #writeLarge(first: Uint8Array, more: readonly Uint8Array[] | undefined): void {
    this.#socket.cork();
    this.#writeOne(first);
    if (more !== undefined) for (const frame of more) this.#writeOne(frame);
    this.#socket.uncork();
  }

  #writeOne(frame: Uint8Array): void {
    if (frame.length <= COPY_BYTES_MAX) {
      this.#socket.write(this.#context.batcher.encode(frame));
      return;
    }
    this.#socket.write(encodeFrameHeader(frame.length));
    this.#socket.write(frame);
  }

  #discard(): void {
    this.#first = undefined;
    this.#more = undefined;
    this.#pendingBytes = 0;
    this.#pendingLarge = false;
  }

  /** Tells the core that there is room, or waits for the socket to say so. */
  #settleDrain(): void {
    if (!this.#open || this.#awaitsDrain || !this.#socket.writable) return;
    if (this.#socket.writableNeedDrain) {
      this.#awaitsDrain = true;
      this.#socket.once('drain', () => {
        this.#awaitsDrain = false;
        this.#settleDrain();
      });
      return;
    }
    if (!this.#wantsDrain) return;
    this.#wantsDrain = false;
    this.#handlers?.onDrain();
  }

  /** ws has compressed a frame and handed it to the socket, or failed to. */
  #compressed(error: Error | undefined): void {
    if (error || !this.#wantsDrain || this.bufferedBytes > this.#context.highWaterBytes) return;
    this.#settleDrain();
  }
}

function closeEvent(ended: Disconnect | undefined, code: number, reason: string): CloseEvent {
  if (ended !== undefined) return { code: ended.code, reason: ended.reason, by: 'local' };
  if (code === ABNORMAL_CLOSURE) return { code: 0, reason: '', by: 'lost' };
  return { code: code === NO_STATUS_RECEIVED ? NORMAL_CLOSURE : code, reason, by: 'peer' };
}
