import { isMainThread } from 'node:worker_threads';
import { messageOf } from '../../src/errors.ts';

/**
 * `@fails-components/webtransport` as far as this folder uses it. Only the files beside this one that take a
 * `Library…` type touch its objects: session, streams, readers and writers never reach the core.
 */

/** A client's `WebTransport` and a server's session alike (W3C WebTransport, sections 6 to 8). */
export interface LibrarySession {
  /** 'connecting', 'connected', 'draining', 'closed' or 'failed'. Writable: see `repairDraining`. */
  state?: string;
  readonly ready: Promise<unknown>;
  readonly closed: Promise<LibraryCloseInfo>;
  readonly draining: Promise<unknown>;
  /** Server only: `ip:port` at the time of the request; not updated when the peer's address changes. */
  readonly peerAddress?: string;
  /** Server only: the request's header fields, lower case. */
  readonly header?: unknown;
  readonly datagrams: {
    readonly readable: LibraryReadable<Uint8Array>;
    readonly maxDatagramSize: number;
    createWritable(): LibraryWritable;
  };
  readonly incomingBidirectionalStreams: LibraryReadable<LibraryStream>;
  readonly incomingUnidirectionalStreams: LibraryReadable<LibraryReadable<Uint8Array>>;
  createBidirectionalStream(): Promise<LibraryStream>;
  getStats(): Promise<LibraryStats>;
  close(info: LibraryCloseInfo): void;
}

export interface LibraryCloseInfo {
  readonly closeCode: number;
  readonly reason: string;
}

export interface LibraryStream {
  readonly readable: LibraryReadable<Uint8Array>;
  readonly writable: LibraryWritable;
}

/** As much of a web stream as is used: the library's own types and the platform's differ in the rest. */
export interface LibraryReadable<T> {
  getReader(): LibraryReader<T>;
  cancel(reason?: unknown): Promise<unknown>;
}

export interface LibraryReader<T> {
  readonly closed: Promise<unknown>;
  read(): Promise<LibraryRead<T>>;
}

export type LibraryRead<T> =
  | { readonly done: false; readonly value: T }
  | { readonly done: true; readonly value?: T };

export interface LibraryWritable {
  getWriter(): LibraryWriter;
  abort(reason?: unknown): Promise<unknown>;
}

export interface LibraryWriter {
  /** Null once the stream is broken. */
  readonly desiredSize: number | null;
  readonly closed: Promise<unknown>;
  write(chunk: Uint8Array): Promise<unknown>;
  close(): Promise<unknown>;
}

export interface LibraryStats {
  /** Milliseconds. */
  readonly smoothedRtt: number;
  readonly datagrams: { readonly lostOutgoing: number; readonly expiredOutgoing: number };
}

export interface LibraryServer {
  readonly ready: Promise<unknown>;
  readonly closed: Promise<unknown>;
  startServer(): void;
  stopServer(): void;
  address(): { host: string; port: number } | null;
  setRequestCallback(callback: (request: { header: unknown }) => Promise<RequestAnswer>): void;
  sessionStream(path: string): LibraryReadable<LibrarySession>;
}

/** Both fields are needed also for a refusal: without them the library answers nothing and the client hangs. */
export interface RequestAnswer {
  /** The registered session stream that gets the session; not the path of the request. */
  readonly path: string;
  /** 200 accepts; another HTTP status refuses. */
  readonly status: number;
}

export interface LibraryServerInit {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  readonly cert: string;
  readonly privKey: string;
  readonly initialBidirectionalStreams: number;
  readonly initialUnidirectionalStreams: number;
  readonly quicheNodeSocketOptions: object;
}

export interface LibraryClientInit {
  readonly serverCertificateHashes?: { algorithm: string; value: Uint8Array<ArrayBuffer> }[];
  readonly requireUnreliable: boolean;
}

export interface WebTransportLibrary {
  readonly Http3Server: new (init: LibraryServerInit) => LibraryServer;
  readonly WebTransport: new (url: string, init: LibraryClientInit) => LibrarySession;
}

/** The library, or in one line why there is none here. */
export type LoadedLibrary =
  | { readonly available: true; readonly library: WebTransportLibrary }
  | { readonly available: false; readonly reason: string };

const ADDON = '@fails-components/webtransport-transport-http3-quiche';

/**
 * Loads the library and its HTTP/3 addon, a native binary that not every platform has. Never throws: where it cannot
 * be loaded the gateway says why and serves WebSocket alone. `addon` is another module name for tests.
 *
 * The addon is imported first, by name: the library itself answers its absence with console output and a server
 * whose `ready` never settles. It keeps static references to one thread, so it works on the main thread only; to
 * isolate it, a child process is the way.
 */
export async function loadWebTransport(addon: string = ADDON): Promise<LoadedLibrary> {
  if (!isMainThread) {
    return { available: false, reason: 'the HTTP/3 addon works on the main thread only' };
  }
  try {
    await import(addon);
    const { Http3Server, WebTransport, quicheLoaded } = await import('@fails-components/webtransport');
    await quicheLoaded;
    return { available: true, library: { Http3Server, WebTransport } };
  } catch (error) {
    return { available: false, reason: firstLine(messageOf(error)) };
  }
}

/** Node lists the whole require stack below the first line. */
function firstLine(text: string): string {
  return text.split('\n', 1)[0];
}
