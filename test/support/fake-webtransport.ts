import { encodeStreamChunk } from '../../src/protocol/framer.ts';
import type {
  WebTransportApi,
  WebTransportApiOptions,
  WebTransportDatagrams,
  WebTransportSession,
} from '../../web-client/sdk/webtransport-api.ts';
import { settle } from './fake-clock.ts';

interface Deferred<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

function deferred<T>(): Deferred<T> {
  let settled: Omit<Deferred<T>, 'promise'> = { resolve: () => {}, reject: () => {} };
  const promise = new Promise<T>((resolve, reject) => {
    settled = { resolve, reject };
  });
  return { promise, ...settled };
}

/** A readable and a writable whose other ends are the test. */
class Pipe {
  readonly written: Uint8Array[] = [];
  finished = false;
  /** Set: writes wait for this. */
  hold: Promise<void> | undefined;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  readonly readable = new ReadableStream<Uint8Array>({
    start: (controller) => {
      this.#controller = controller;
    },
  });
  readonly writable = new WritableStream<Uint8Array>({
    write: async (chunk) => {
      await this.hold;
      this.written.push(chunk.slice());
    },
    close: () => {
      this.finished = true;
    },
  });

  async feed(chunk: Uint8Array): Promise<void> {
    this.#controller?.enqueue(chunk);
    await settle();
  }
}

/** The platform's WebTransport, driven by the test. */
export class FakeSession implements WebTransportSession {
  readonly url: string;
  readonly options: WebTransportApiOptions | undefined;
  readonly datagrams: WebTransportDatagrams;
  readonly stream = new Pipe();
  readonly datagramPipe = new Pipe();
  closedWith: { closeCode: number; reason: string } | undefined;
  readonly #ready = deferred<void>();
  readonly #closed = deferred<{ closeCode?: number; reason?: string }>();

  constructor(url: string, options: WebTransportApiOptions | undefined, quirks: Quirks) {
    this.url = url;
    this.options = options;
    const { readable, writable } = this.datagramPipe;
    const out = quirks.createWritable ? { createWritable: () => writable } : { writable };
    this.datagrams = { readable, maxDatagramSize: 1_200, outgoingMaxAge: null, ...out, ...quirks.queue };
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  get closed(): Promise<{ closeCode?: number; reason?: string }> {
    return this.#closed.promise;
  }

  async createBidirectionalStream() {
    return this.stream;
  }

  close(info: { closeCode: number; reason: string }): void {
    this.closedWith ??= info;
    this.#closed.resolve(info);
  }

  async becomeReady(): Promise<void> {
    this.#ready.resolve();
    await settle();
  }

  async refuse(message: string): Promise<void> {
    this.#ready.reject(new Error(message));
    this.#closed.reject(new Error(message));
    await settle();
  }

  /** The gateway closes. */
  async end(closeCode: number, reason: string): Promise<void> {
    this.#closed.resolve({ closeCode, reason });
    await settle();
  }

  /** The network is gone. */
  async lose(): Promise<void> {
    this.#closed.reject(new Error('lost'));
    await settle();
  }

  async receive(...frames: Uint8Array[]): Promise<void> {
    await this.stream.feed(encodeStreamChunk(frames));
  }
}

/** How engines differ. */
export interface Quirks {
  createWritable?: boolean;
  queue?: { incomingMaxBufferedDatagrams?: number; incomingHighWaterMark?: number };
}

/** A class of sessions that keeps them. */
export function fakeWebTransport(quirks: Quirks = {}): { api: WebTransportApi; sessions: FakeSession[] } {
  const sessions: FakeSession[] = [];
  class Api extends FakeSession {
    constructor(url: string, options?: WebTransportApiOptions) {
      super(url, options, quirks);
      sessions.push(this);
    }
  }
  return { api: Api, sessions };
}
