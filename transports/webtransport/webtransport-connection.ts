import { DISCONNECT, type Disconnect, withReason } from '../../src/protocol/disconnect.ts';
import type {
  CloseEvent,
  Connection,
  ConnectionHandlers,
  ConnectionInfo,
  ConnectionStats,
} from '../../src/transport.ts';
import type { FlushList } from '../flush-list.ts';
import { ControlStream } from './control-stream.ts';
import type { LibraryCloseInfo, LibrarySession, LibraryStream } from './library.ts';
import { backingStream } from './native.ts';
import type { ListenerOptions } from './options.ts';
import { refuseStream, SessionDriver } from './session-driver.ts';

/** What the connections of one listener share. */
export interface ConnectionContext {
  readonly options: ListenerOptions;
  readonly flushList: FlushList;
  /** The control stream is there: the core's handlers, or undefined where the listener takes no more. */
  onOpen(connection: WebTransportConnection): ConnectionHandlers | undefined;
  /** No control stream came in time. */
  onHelloTimeout(): void;
  /** The session has ended, whether it was open or not. Once. */
  onClosed(connection: WebTransportConnection): void;
}

/** How long a close may take: first for what was sent to arrive, then for the peer to answer. */
export interface CloseDeadlines {
  readonly flushMs: number;
  readonly answerMs: number;
}

/** The boundary allows 2 s for one connection, and 1 s for a whole listener. */
const CLOSE_DEADLINES: CloseDeadlines = { flushMs: 1_000, answerMs: 700 };

/** A peer that has finished its control stream and does not close the session is closed after this. */
const HALF_CLOSED_MS = 1_000;

const NORMAL = { code: 1000, reason: 'control stream finished' } as const satisfies Disconnect;

/**
 * One WebTransport session. Waits for its control stream, then is a Connection: the core hears of it with the first
 * bytes of that stream, since before them there is nothing to say and nowhere to say it. Datagrams that come earlier
 * are dropped.
 */
export class WebTransportConnection implements Connection {
  readonly info: ConnectionInfo;
  readonly #context: ConnectionContext;
  readonly #session: LibrarySession;
  readonly #driver: SessionDriver;
  #handlers: ConnectionHandlers | undefined;
  #stream: ControlStream | undefined;
  #ended: CloseEvent | undefined;
  #closed = false;
  #told = false;
  #paused = false;
  #streamsRefused = 0;
  #datagramsDropped = 0;
  #heard = true;
  #deadline: NodeJS.Timeout;
  #deadlineAtMs = Number.POSITIVE_INFINITY;

  constructor(session: LibrarySession, info: ConnectionInfo, context: ConnectionContext) {
    this.info = info;
    this.#session = session;
    this.#context = context;
    this.#driver = new SessionDriver(session, {
      onStream: (stream) => this.#onStream(stream),
      onStreamRefused: () => this.#countRefusedStream(),
      onDatagram: (bytes) => this.#onDatagram(bytes),
      onEnd: (closeInfo) => this.#onEnd(closeInfo),
      onFault: () => this.#breach(DISCONNECT.internal),
    });
    this.#deadline = setTimeout(() => this.#helloTimeout(), context.options.helloTimeoutMs);
  }

  /** Begins to read from the session. */
  start(): void {
    this.#driver.start();
  }

  send(frame: Uint8Array): boolean {
    if (this.#ended !== undefined || this.#stream === undefined) return false;
    return this.#stream.send(frame);
  }

  sendDatagram(frame: Uint8Array): boolean {
    return this.#ended === undefined && this.#driver.sendDatagram(frame);
  }

  get datagramBytesMax(): number {
    return this.#ended === undefined ? this.#driver.datagramBytesMax : 0;
  }

  get bufferedBytes(): number {
    return this.#stream?.bufferedBytes ?? 0;
  }

  setFrameBytesMax(bytes: number): void {
    this.#stream?.setFrameBytesMax(Math.min(bytes, this.#context.options.frameBytesHardMax));
  }

  /** Datagrams that come meanwhile are dropped: QUIC has no flow control for them (RFC 9221 section 5.3). */
  pause(): void {
    this.#paused = true;
    this.#stream?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#datagramsDropped = 0;
    this.#stream?.resume();
  }

  close(disconnect: Disconnect): void {
    this.closeWithin(disconnect, CLOSE_DEADLINES);
  }

  /** As `close`; a second call shortens the deadlines of the first. */
  closeWithin(disconnect: Disconnect, deadlines: CloseDeadlines): void {
    if (this.#closed) return;
    const { flushMs, answerMs } = deadlines;
    if (this.#ended !== undefined) {
      this.#hurry(deadlines);
      return;
    }
    this.#ended = closedByUs(disconnect);
    this.#after(flushMs, () => this.#tellPeer(answerMs));
    this.#stream?.mute();
    if (this.#stream === undefined) this.#tellPeer(answerMs);
    else this.#stream.finish(() => this.#tellPeer(answerMs));
  }

  stats(): Promise<ConnectionStats | undefined> {
    return this.#driver.stats();
  }

  /** Whether anything came since the last call; what we do not read does not count as silence. */
  takeHeard(): boolean {
    const heard = this.#heard || this.#paused;
    this.#heard = false;
    return this.#stream?.takeHeard() || heard;
  }

  #onStream(stream: LibraryStream): void {
    if (this.#stream !== undefined || this.#ended !== undefined) {
      refuseStream(stream);
      this.#countRefusedStream();
      return;
    }
    clearTimeout(this.#deadline);
    this.#stream = this.#controlStream(stream);
    this.#handlers = this.#context.onOpen(this);
    if (this.#handlers === undefined) this.#breach(DISCONNECT.drained);
    else this.#stream.start();
  }

  #controlStream(stream: LibraryStream): ControlStream {
    const { options, flushList } = this.#context;
    const events = {
      onFrame: (frame: Uint8Array) => this.#handlers?.onFrame(frame, false),
      onFrameTooLarge: () => this.#breach(DISCONNECT.frameTooLarge),
      onFlooded: () => this.#breach(DISCONNECT.flooded),
      onDrain: () => {
        if (this.#ended === undefined) this.#handlers?.onDrain();
      },
      onEnd: () => this.#onStreamEnd(),
      onFault: () => this.#breach(DISCONNECT.internal),
    };
    return new ControlStream(stream, events, {
      backing: backingStream(this.#session, stream),
      flushList,
      frameBytesMax: Math.min(options.frameBytesMax, options.frameBytesHardMax),
      highWaterBytes: options.highWaterBytes,
      unreadBytesMax: options.unreadBytesMax,
    });
  }

  #onDatagram(bytes: Uint8Array): void {
    if (this.#ended !== undefined) return;
    this.#heard = true;
    if (this.#handlers !== undefined && !this.#paused) {
      this.#handlers.onFrame(bytes, true);
      return;
    }
    this.#datagramsDropped++;
    if (this.#datagramsDropped > this.#context.options.datagramsMax) this.#breach(DISCONNECT.flooded);
  }

  #countRefusedStream(): void {
    this.#streamsRefused++;
    if (this.#streamsRefused > this.#context.options.streamsMax) this.#breach(DISCONNECT.flooded);
  }

  #helloTimeout(): void {
    this.#context.onHelloTimeout();
    this.#breach(DISCONNECT.helloTimeout);
  }

  /** The peer has finished or reset its side: its close of the session follows, or we end it. */
  #onStreamEnd(): void {
    if (this.#ended !== undefined) return;
    this.#after(HALF_CLOSED_MS, () => {
      this.#ended ??= { ...NORMAL, by: 'peer' };
      this.#tellPeer(CLOSE_DEADLINES.answerMs);
    });
  }

  /** The peer, or we ourselves, broke a rule: what was sent may be lost. */
  #breach(disconnect: Disconnect): void {
    if (this.#closed) return;
    this.#ended ??= closedByUs(disconnect);
    this.#stream?.mute();
    this.#tellPeer(CLOSE_DEADLINES.answerMs);
  }

  #tellPeer(answerMs: number): void {
    if (this.#told || this.#closed || this.#ended === undefined) return;
    this.#told = true;
    this.#driver.close(this.#ended.code, this.#ended.reason);
    this.#after(answerMs, () => this.#finish());
  }

  #onEnd({ closeCode, reason }: LibraryCloseInfo): void {
    this.#ended ??= closeCode === 0 ? LOST : { code: closeCode, reason, by: 'peer' };
    this.#finish();
  }

  /** Closing already: never later than it was to be. */
  #hurry({ flushMs, answerMs }: CloseDeadlines): void {
    const delayMs = this.#told ? answerMs : flushMs;
    if (performance.now() + delayMs >= this.#deadlineAtMs) return;
    this.#after(delayMs, () => (this.#told ? this.#finish() : this.#tellPeer(answerMs)));
  }

  #after(delayMs: number, action: () => void): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(action, delayMs);
    this.#deadlineAtMs = performance.now() + delayMs;
  }

  #finish(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#deadline);
    const handlers = this.#handlers;
    this.#handlers = undefined;
    this.#stream?.mute();
    this.#context.onClosed(this);
    handlers?.onClose(this.#ended ?? LOST);
  }
}

/** A bare close of the peer looks the same; our clients always send a code. */
const LOST = { code: 0, reason: '', by: 'lost' } as const satisfies CloseEvent;

function closedByUs(disconnect: Disconnect): CloseEvent {
  const { code, reason } = withReason(disconnect, disconnect.reason);
  return { code, reason, by: 'local' };
}
