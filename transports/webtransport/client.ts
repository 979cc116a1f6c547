import type { Link, LinkHandlers, OpenLink } from '../../web-client/sdk/link.ts';
import { FlushList } from '../flush-list.ts';
import { ControlStream } from './control-stream.ts';
import type { LibraryCloseInfo, LibrarySession, LibraryStream, WebTransportLibrary } from './library.ts';
import { backingStream, closeClientGently } from './native.ts';
import { refuseStream, SessionDriver } from './session-driver.ts';

export interface WebTransportLinkOptions {
  /** From `loadWebTransport`. */
  readonly library: WebTransportLibrary;
  /** Hex SHA-256 of certificates to trust, as `/cert-hash` gives them. */
  readonly serverCertificateHashes: readonly string[];
  /** Largest frame taken from the gateway. Default 16 MiB. */
  readonly frameBytesMax?: number;
}

const FRAME_BYTES_MAX = 16 * 1024 * 1024;
const NORMAL = 1000;
const FRAME_TOO_LARGE = 4201;
/** How long a close waits for what was sent to arrive, and then for the answer. */
const FLUSH_MS = 1_000;
const ANSWER_MS = 1_000;

/**
 * Opens links over the library's Node client, for tests and load tools. Servers are known by certificate hash alone:
 * the client's check of CA chains is experimental.
 */
export function webTransportLink(url: string, options: WebTransportLinkOptions): OpenLink {
  return async (handlers, signal) => {
    signal?.throwIfAborted();
    const session = new options.library.WebTransport(url, {
      requireUnreliable: true,
      serverCertificateHashes: options.serverCertificateHashes.map((hash) => ({
        algorithm: 'sha-256',
        value: new Uint8Array(Buffer.from(hash, 'hex')),
      })),
    });
    closeClientGently(session);
    const link = new WebTransportClientLink(session, handlers, options.frameBytesMax ?? FRAME_BYTES_MAX);
    const abort = () => link.close();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await session.ready;
      signal?.throwIfAborted();
      await link.open(await session.createBidirectionalStream());
      return link;
    } catch (error) {
      link.close();
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  };
}

/** A link over one session of the Node client. */
class WebTransportClientLink implements Link {
  readonly transport = 'webtransport';
  readonly #session: LibrarySession;
  readonly #handlers: LinkHandlers;
  readonly #frameBytesMax: number;
  readonly #driver: SessionDriver;
  readonly #flushList = new FlushList();
  #stream: ControlStream | undefined;
  #ending: { code: number; reason: string } | undefined;
  #told = false;
  #closed = false;
  #deadline: NodeJS.Timeout | undefined;

  constructor(session: LibrarySession, handlers: LinkHandlers, frameBytesMax: number) {
    this.#session = session;
    this.#handlers = handlers;
    this.#frameBytesMax = frameBytesMax;
    this.#driver = new SessionDriver(session, {
      onStream: refuseStream,
      onStreamRefused: () => {},
      onDatagram: (bytes) => {
        if (this.#ending === undefined) handlers.onFrame(bytes, true);
      },
      onEnd: (info) => this.#onEnd(info),
      onFault: () => this.close(),
    });
  }

  /** Takes the stream that carries the frames; the server hears of it with the first frame. */
  open(stream: LibraryStream): void {
    const events = {
      onFrame: (frame: Uint8Array) => this.#handlers.onFrame(frame, false),
      onFrameTooLarge: () => this.close(FRAME_TOO_LARGE, 'frame too large'),
      onFlooded: () => {},
      onDrain: () => {},
      onEnd: () => {},
      onFault: () => this.close(),
    };
    this.#stream = new ControlStream(stream, events, {
      backing: backingStream(this.#session, stream),
      flushList: this.#flushList,
      frameBytesMax: this.#frameBytesMax,
      highWaterBytes: Number.POSITIVE_INFINITY,
      unreadBytesMax: Number.POSITIVE_INFINITY,
    });
    this.#driver.start();
    this.#stream.start();
  }

  get datagramBytesMax(): number {
    return this.#driver.datagramBytesMax;
  }

  get bufferedBytes(): number {
    return this.#stream?.bufferedBytes ?? 0;
  }

  send(frame: Uint8Array): void {
    if (this.#ending === undefined) this.#stream?.send(frame);
  }

  sendDatagram(frame: Uint8Array): boolean {
    return this.#ending === undefined && this.#driver.sendDatagram(frame);
  }

  /** Stops taking bytes from the stream, so that the server's side fills up. For tests of backpressure. */
  pause(): void {
    this.#stream?.pause();
  }

  resume(): void {
    this.#stream?.resume();
  }

  close(code = NORMAL, reason = ''): void {
    if (this.#ending !== undefined || this.#closed) return;
    this.#ending = { code, reason };
    this.#after(FLUSH_MS, () => this.#tellPeer());
    if (this.#stream === undefined) this.#tellPeer();
    else this.#stream.finish(() => this.#tellPeer());
  }

  #tellPeer(): void {
    if (this.#told || this.#closed || this.#ending === undefined) return;
    this.#told = true;
    this.#driver.close(this.#ending.code, this.#ending.reason);
    this.#after(ANSWER_MS, () => this.#finish());
  }

  #onEnd({ closeCode: code, reason }: LibraryCloseInfo): void {
    this.#ending ??= { code, reason };
    this.#finish();
  }

  #after(delayMs: number, action: () => void): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(action, delayMs);
  }

  #finish(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#deadline);
    if (this.#stream !== undefined) this.#handlers.onClose(this.#ending ?? { code: 0, reason: '' });
  }
}
