import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import { encodeStreamChunk, StreamFramer } from '../../src/protocol/framer.ts';
import type { Link, LinkHandlers, OpenLink } from './link.ts';
import {
  hashBytes,
  openDatagrams,
  platformWebTransport,
  type WebTransportApi,
  type WebTransportSession,
} from './webtransport-api.ts';

export interface WebTransportLinkOptions {
  /**
   * SHA-256 of certificates to trust instead of the platform's authorities, hex; for development. A function is asked
   * before each attempt, because such certificates live for days. Undefined or empty: the authorities decide.
   */
  certificateHashes?: readonly string[] | (() => Promise<readonly string[] | undefined>);
  /** In place of the platform's. */
  api?: WebTransportApi;
}

const NORMAL = 1000;
/** RFC 6455 section 7.4.1, as browsers close the WebSockets of a page that goes. */
const GOING_AWAY = 1001;
/** The gateway's hard cap. */
const FRAME_BYTES_MAX = 16 * 1024 * 1024;
/** Fits the smallest path that QUIC takes, with room for its own headers (RFC 9000 section 14). */
const DATAGRAM_BYTES_MAX = 1_150;
const DATAGRAMS_WAITING_MAX = 64;
/** What was sent before a close gets this long to leave. */
const FLUSH_MS = 500;

type BytesWriter = WritableStreamDefaultWriter<Uint8Array>;

/**
 * Opens links over WebTransport: one bidirectional control stream with length-prefixed frames, and datagrams of one frame
 * each. An aborted attempt is let finish and closed then: browsers delay the next one after a handshake that was given up.
 */
export function browserWebTransportLink(url: string, options: WebTransportLinkOptions = {}): OpenLink {
  return async (handlers, signal) => {
    signal?.throwIfAborted();
    const api = options.api ?? platformWebTransport();
    if (api === undefined) throw new Error('WebTransport is not supported here');
    const { certificateHashes } = options;
    const hashes = typeof certificateHashes === 'function' ? await certificateHashes() : certificateHashes;
    signal?.throwIfAborted();
    return await open(new api(url, sessionOptions(hashes)), handlers, signal);
  };
}

function sessionOptions(hashes: readonly string[] = []) {
  const base = { congestionControl: 'low-latency' } as const;
  if (hashes.length === 0) return base;
  return {
    ...base,
    serverCertificateHashes: hashes.map((hash) => ({ algorithm: 'sha-256', value: hashBytes(hash) })),
  };
}

function open(session: WebTransportSession, handlers: LinkHandlers, signal?: AbortSignal): Promise<Link> {
  session.closed.catch(() => {});
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    start(session, handlers)
      .then((link) => {
        if (signal?.aborted) link.close();
        else resolve(link);
      }, reject)
      .finally(() => signal?.removeEventListener('abort', abort));
  });
}

async function start(session: WebTransportSession, handlers: LinkHandlers): Promise<Link> {
  await session.ready;
  const { readable, writable } = await session.createBidirectionalStream();
  const link = new WebTransportLink(session, handlers, writable.getWriter());
  link.read(readable);
  return link;
}

/** One open session. */
class WebTransportLink implements Link {
  readonly transport = 'webtransport';
  readonly #session: WebTransportSession;
  readonly #handlers: LinkHandlers;
  readonly #writer: BytesWriter;
  readonly #datagrams: BytesWriter | undefined;
  readonly #framer: StreamFramer;
  #queued: Uint8Array[] = [];
  #bufferedBytes = 0;
  #datagramsWaiting = 0;
  #datagramsDropped = 0;
  #closing = false;
  #closed = false;
  /** Of itself a browser drops the session without a code, and the gateway takes it for a lost link. */
  readonly #pageHides = () => this.#session.close({ closeCode: GOING_AWAY, reason: 'the page went away' });

  constructor(session: WebTransportSession, handlers: LinkHandlers, writer: BytesWriter) {
    this.#session = session;
    this.#handlers = handlers;
    this.#writer = writer;
    this.#framer = new StreamFramer(FRAME_BYTES_MAX, (frame) => handlers.onFrame(frame, false));
    this.#datagrams = openDatagrams(session.datagrams)?.getWriter();
    // Outside of pages there is no such event, and in Node nothing to listen to.
    globalThis.addEventListener?.('pagehide', this.#pageHides);
    writer.closed.catch(() => {});
    this.#datagrams?.closed.catch(() => {});
    session.closed.then(
      ({ closeCode, reason }) => this.#ended(closeCode ?? 0, reason ?? ''),
      () => this.#ended(0, ''),
    );
  }

  /** Reads the control stream and the datagrams until they end. */
  read(stream: ReadableStream<Uint8Array>): void {
    this.#pump(stream, (chunk) => {
      if (this.#framer.push(chunk) === undefined) return;
      this.close(DISCONNECT.frameTooLarge.code, DISCONNECT.frameTooLarge.reason);
    });
    this.#pump(this.#session.datagrams.readable, (frame) => this.#handlers.onFrame(frame, true));
  }

  get datagramBytesMax(): number {
    if (this.#datagrams === undefined || this.#closing) return 0;
    return Math.min(DATAGRAM_BYTES_MAX, this.#session.datagrams.maxDatagramSize);
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  get datagramsDropped(): number {
    return this.#datagramsDropped;
  }

  /** Frames of one turn leave in one write: each write costs at least one packet. */
  send(frame: Uint8Array): void {
    if (this.#closing) return;
    this.#bufferedBytes += frame.length;
    this.#queued.push(frame);
    if (this.#queued.length === 1) queueMicrotask(() => this.#flush());
  }

  sendDatagram(frame: Uint8Array): boolean {
    if (this.#datagrams === undefined || this.#closing) return false;
    if (this.#datagramsWaiting >= DATAGRAMS_WAITING_MAX) {
      this.#datagramsDropped++;
      return true;
    }
    this.#datagramsWaiting++;
    const done = () => {
      this.#datagramsWaiting--;
    };
    this.#datagrams.write(frame).then(done, done);
    return true;
  }

  close(code = NORMAL, reason = ''): void {
    if (this.#closing) return;
    this.#flush();
    this.#closing = true;
    const tell = () => {
      clearTimeout(deadline);
      if (!this.#closed) this.#session.close({ closeCode: code, reason });
    };
    const deadline = setTimeout(tell, FLUSH_MS);
    this.#writer.close().then(tell, tell);
  }

  #flush(): void {
    if (this.#queued.length === 0) return;
    const frames = this.#queued;
    this.#queued = [];
    const bytes = frames.reduce((sum, frame) => sum + frame.length, 0);
    const done = () => {
      this.#bufferedBytes -= bytes;
    };
    this.#writer.write(encodeStreamChunk(frames)).then(done, done);
  }

  /** Ends with its stream; that the session is lost is told by `closed`. */
  async #pump(stream: ReadableStream<Uint8Array>, onChunk: (chunk: Uint8Array) => void): Promise<void> {
    const reader = stream.getReader();
    reader.closed.catch(() => {});
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done || this.#closing) return;
        onChunk(value);
      }
    } catch {
      return;
    }
  }

  #ended(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#closing = true;
    globalThis.removeEventListener?.('pagehide', this.#pageHides);
    this.#handlers.onClose({ code, reason });
  }
}
