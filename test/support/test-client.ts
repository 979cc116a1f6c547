import { once } from 'node:events';
import { WebSocket } from 'ws';
import { forEachFrame } from '../../src/protocol/batch.ts';
import { FLAG, type Header, payloadOf, readFlags, readHeader } from '../../src/protocol/header.ts';
import {
  decodeError,
  decodeWelcome,
  encodeHello,
  encodePing,
  type Hello,
  SYSTEM,
} from '../../src/protocol/system.ts';
import type { MemoryConnectOptions, MemoryListener } from '../../transports/memory/memory-listener.ts';
import { WAIT_MS_MAX } from './deadline.ts';

export interface Received extends Header {
  readonly payload: Uint8Array;
}

export interface ClientEnd {
  readonly code: number;
  readonly reason: string;
}

/** How a client moves bytes. */
interface Wire {
  send(frame: Uint8Array): void;
  sendText(text: string): void;
  close(): void;
  pause(): void;
  resume(): void;
}

const FENCE_SEQ = 0xfffffff0;

/** A client that keeps what it is sent, on any transport. */
export class TestClient {
  /** What came and was not asked for yet, batches as they are. */
  readonly inbox: Received[] = [];
  readonly closed: Promise<ClientEnd>;
  /** The frames of a batch come to the inbox one by one. */
  unwrapsBatches = false;
  readonly #wire: Wire;
  readonly #wakeUps = new Set<() => void>();
  #end: ClientEnd | undefined;
  #settleClosed: (end: ClientEnd) => void = () => {};

  constructor(open: (client: TestClient) => Wire) {
    this.closed = new Promise((resolve) => {
      this.#settleClosed = resolve;
    });
    this.#wire = open(this);
  }

  get isOpen(): boolean {
    return this.#end === undefined;
  }

  send(frame: Uint8Array): void {
    this.#wire.send(frame);
  }

  sendText(text: string): void {
    this.#wire.sendText(text);
  }

  pause(): void {
    this.#wire.pause();
  }

  resume(): void {
    this.#wire.resume();
  }

  async close(): Promise<ClientEnd> {
    this.#wire.close();
    return await this.closed;
  }

  /** Takes the first frame that matches out of the inbox; waits for it, with a deadline. */
  async take(what: string, matches: (frame: Received) => boolean): Promise<Received> {
    const endMs = performance.now() + WAIT_MS_MAX;
    for (;;) {
      const index = this.inbox.findIndex(matches);
      if (index >= 0) return this.inbox.splice(index, 1)[0];
      if (this.#end !== undefined) throw new Error(`closed with ${this.#end.code} while waiting for ${what}`);
      if (performance.now() > endMs) throw new Error(`waited in vain for ${what}`);
      await this.#changed();
    }
  }

  takeSeq(seq: number): Promise<Received> {
    return this.take(`seq ${seq}`, (frame) => frame.seq === seq);
  }

  /** The Error that answers `seq`. */
  async takeError(seq: number): Promise<{ code: string; message: string; retryAfterMs: number }> {
    const frame = await this.take(`an Error for ${seq}`, (f) => f.seq === seq && (f.flags & 0x03) === 0x03);
    const error = decodeError(frame.payload);
    if (error === undefined) throw new Error('an Error that does not decode');
    return error;
  }

  /** Says Hello, and resolves with the Welcome. */
  async hello(options: Partial<Hello> = {}) {
    this.send(encodeHello(options, 1));
    const frame = await this.take('Welcome', (f) => f.route === 3 && f.msgId === SYSTEM.welcome);
    const welcome = decodeWelcome(frame.payload);
    if (welcome === undefined) throw new Error('a Welcome that does not decode');
    return welcome;
  }

  /** Resolves once the gateway has dealt with everything sent before, and its answers are in the inbox. */
  async fence(): Promise<void> {
    this.send(encodePing({ sentAtMs: 1, received: 0 }, FENCE_SEQ));
    await this.take('Pong', (f) => f.seq === FENCE_SEQ && f.msgId === SYSTEM.pong);
  }

  /** For the wire. */
  receive(frame: Uint8Array): void {
    if (this.unwrapsBatches && readFlags(frame) & FLAG.batch) {
      forEachFrame(payloadOf(frame), (inner) => this.#keep(inner));
    } else {
      this.#keep(frame);
    }
    this.#wake();
  }

  /** For the wire. */
  ended(end: ClientEnd): void {
    this.#end = end;
    this.#settleClosed(end);
    this.#wake();
  }

  #keep(frame: Uint8Array): void {
    this.inbox.push({ ...readHeader(frame), payload: new Uint8Array(payloadOf(frame)) });
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, 100);
      this.#wakeUps.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #wake(): void {
    for (const wakeUp of this.#wakeUps) wakeUp();
    this.#wakeUps.clear();
  }
}

export function openMemoryClient(listener: MemoryListener, options: MemoryConnectOptions = {}): TestClient {
  return new TestClient((client) => {
    const handlers = {
      onFrame: (frame: Uint8Array) => client.receive(frame),
      onClose: ({ code, reason }: ClientEnd) => client.ended({ code, reason }),
    };
    const link = listener.connect(handlers, options);
    return {
      send: (frame) => link.send(frame),
      sendText: (text) => link.sendText(text),
      close: () => link.close(),
      pause: () => link.pause(),
      resume: () => link.resume(),
    };
  });
}

/** `url`: `ws://host:port/path`. */
export async function openWebSocketClient(url: string): Promise<TestClient> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  socket.binaryType = 'nodebuffer';
  const client = new TestClient((self) => {
    socket.on('message', (data) => {
      if (Buffer.isBuffer(data)) self.receive(data);
    });
    socket.on('close', (code, reason) => self.ended({ code, reason: reason.toString() }));
    socket.on('error', () => {});
    return {
      send: (frame) => socket.send(frame),
      sendText: (text) => socket.send(text),
      close: () => socket.close(1000),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
    };
  });
  await once(socket, 'open');
  return client;
}
