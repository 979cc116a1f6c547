import { DISCONNECT, type Disconnect, withReason } from '../../src/protocol/disconnect.ts';
import type { CloseEvent, Connection, ConnectionHandlers, ConnectionInfo } from '../../src/transport.ts';
import { MemoryPipe, type PipeItem } from './memory-pipe.ts';

/** What the links of one listener share. */
export interface MemoryLinkSettings {
  readonly datagramBytesMax: number;
  readonly highWaterBytes: number;
  readonly frameBytesMax: number;
  onClosed(connection: MemoryConnection): void;
}

/** What the client end tells its owner: a `LinkHandlers` of the SDK fits. */
export interface MemoryClientHandlers {
  /** A view valid during the call only. */
  onFrame(frame: Uint8Array, datagram: boolean): void;
  /** Exactly once, last. `code` is 0 where the link was lost. */
  onClose(event: { readonly code: number; readonly reason: string }): void;
}

/** A peer that does not read our close is dropped after this; the boundary allows 2 s. */
const CLOSE_TIMEOUT_MS = 1_500;
const NORMAL_CLOSURE = 1000;
const LOST: CloseEvent = { code: 0, reason: '', by: 'lost' };

/** The gateway's end of a memory link. */
export class MemoryConnection implements Connection {
  readonly info: ConnectionInfo;
  readonly #settings: MemoryLinkSettings;
  readonly #inbound: MemoryPipe;
  readonly #outbound: MemoryPipe;
  readonly #client: MemoryClient;
  #handlers: ConnectionHandlers | undefined;
  #frameBytesMax: number;
  #wantsDrain = false;
  #open = true;
  #ended: Disconnect | undefined;
  #closeTimer: NodeJS.Timeout | undefined;

  constructor(info: ConnectionInfo, settings: MemoryLinkSettings, clientHandlers: MemoryClientHandlers) {
    this.info = info;
    this.#settings = settings;
    this.#frameBytesMax = settings.frameBytesMax;
    this.#inbound = new MemoryPipe(
      (item) => this.#receive(item),
      () => {},
    );
    this.#client = new MemoryClient(this, this.#inbound, clientHandlers);
    this.#outbound = new MemoryPipe(
      (item) => this.#client.receive(item),
      () => this.#drained(),
    );
  }

  get client(): MemoryClient {
    return this.#client;
  }

  start(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
  }

  get datagramBytesMax(): number {
    return this.info.datagrams ? this.#settings.datagramBytesMax : 0;
  }

  get bufferedBytes(): number {
    return this.#outbound.bytes;
  }

  send(frame: Uint8Array): boolean {
    if (!this.#open) return false;
    this.#outbound.push({ kind: 'frame', frame, datagram: false });
    if (this.#outbound.bytes <= this.#settings.highWaterBytes) return true;
    this.#wantsDrain = true;
    return false;
  }

  sendDatagram(frame: Uint8Array): boolean {
    if (!this.#open || frame.length > this.datagramBytesMax || !this.info.datagrams) return false;
    this.#outbound.push({ kind: 'frame', frame, datagram: true });
    return true;
  }

  setFrameBytesMax(bytes: number): void {
    this.#frameBytesMax = bytes;
  }

  pause(): void {
    this.#inbound.pause();
  }

  resume(): void {
    this.#inbound.resume();
  }

  close(disconnect: Disconnect): void {
    if (!this.#open) return;
    this.#open = false;
    this.#ended = withReason(disconnect, disconnect.reason);
    this.#inbound.end();
    this.#outbound.push({ kind: 'close', code: this.#ended.code, reason: this.#ended.reason });
    this.#closeTimer = setTimeout(() => this.destroy(), CLOSE_TIMEOUT_MS);
  }

  /** Drops the link on both ends; the client learns of it as lost unless our close has reached it. */
  destroy(): void {
    this.#outbound.end();
    this.#client.lost();
    this.finish(LOST);
  }

  /** Ends the gateway's side, once. `event` holds unless `close` came first. */
  finish(event: CloseEvent): void {
    const handlers = this.#handlers;
    if (handlers === undefined) return;
    this.#handlers = undefined;
    this.#open = false;
    clearTimeout(this.#closeTimer);
    this.#inbound.end();
    this.#outbound.end();
    this.#settings.onClosed(this);
    const ended = this.#ended;
    handlers.onClose(ended === undefined ? event : { ...ended, by: 'local' });
  }

  pauseOutbound(paused: boolean): void {
    if (paused) this.#outbound.pause();
    else this.#outbound.resume();
  }

  #receive(item: PipeItem): void {
    if (item.kind === 'close') this.finish({ code: item.code, reason: item.reason, by: 'peer' });
    else if (item.kind === 'text') this.#receiveText(item.text);
    else if (item.frame.length > this.#frameBytesMax) this.close(DISCONNECT.frameTooLarge);
    else handOver(item.frame, (view) => this.#handlers?.onFrame(view, item.datagram));
  }

  #receiveText(text: string): void {
    if (Buffer.byteLength(text) > this.#frameBytesMax) this.close(DISCONNECT.frameTooLarge);
    else this.#handlers?.onText(text);
  }

  #drained(): void {
    if (!this.#wantsDrain || !this.#open) return;
    this.#wantsDrain = false;
    this.#handlers?.onDrain();
  }
}

/** The client's end of a memory link, in the same process. */
export class MemoryClient {
  readonly #connection: MemoryConnection;
  readonly #outbound: MemoryPipe;
  #handlers: MemoryClientHandlers | undefined;
  #closing = false;

  constructor(connection: MemoryConnection, outbound: MemoryPipe, handlers: MemoryClientHandlers) {
    this.#connection = connection;
    this.#outbound = outbound;
    this.#handlers = handlers;
  }

  /** 0 without datagrams. */
  get datagramBytesMax(): number {
    return this.#connection.datagramBytesMax;
  }

  get bufferedBytes(): number {
    return this.#outbound.bytes;
  }

  send(frame: Uint8Array): void {
    if (!this.#closing) this.#outbound.push({ kind: 'frame', frame, datagram: false });
  }

  /** False: too large, no datagrams, or closed. */
  sendDatagram(frame: Uint8Array): boolean {
    if (this.#closing || frame.length > this.datagramBytesMax || this.datagramBytesMax === 0) return false;
    this.#outbound.push({ kind: 'frame', frame, datagram: true });
    return true;
  }

  sendText(text: string): void {
    if (!this.#closing) this.#outbound.push({ kind: 'text', text });
  }

  /** Ends the link after what was sent before. Idempotent. */
  close(code = NORMAL_CLOSURE, reason = ''): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#outbound.push({ kind: 'close', code, reason });
    this.#connection.pauseOutbound(false);
    queueMicrotask(() => this.#finish({ code, reason }));
  }

  /** Stops reading: what the gateway sends stays buffered. */
  pause(): void {
    this.#connection.pauseOutbound(true);
  }

  resume(): void {
    if (!this.#closing) this.#connection.pauseOutbound(false);
  }

  /** Is gone without a word, in a later microtask; what has not arrived is lost. */
  vanish(): void {
    queueMicrotask(() => this.#connection.destroy());
  }

  /** For the gateway's end only. */
  receive(item: PipeItem): void {
    if (item.kind === 'frame') {
      handOver(item.frame, (view) => this.#handlers?.onFrame(view, item.datagram));
    } else if (item.kind === 'close') {
      this.#finish({ code: item.code, reason: item.reason });
      this.#connection.finish(LOST);
    }
  }

  /** For the gateway's end only. */
  lost(): void {
    this.#finish({ code: 0, reason: '' });
  }

  #finish(event: { readonly code: number; readonly reason: string }): void {
    const handlers = this.#handlers;
    this.#handlers = undefined;
    this.#closing = true;
    handlers?.onClose(event);
  }
}

/**
 * Gives the receiver a view of its own and spoils it after the call: the sender's bytes may be shared with other
 * links, and a receiver that keeps the view is to be found out here and not on a socket. For the same reason it is a
 * Buffer, as sockets give: its `slice` does not copy.
 */
function handOver(frame: Uint8Array, receive: (view: Uint8Array) => void): void {
  const view = Buffer.from(frame);
  receive(view);
  view.fill(0xff);
}
