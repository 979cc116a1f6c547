import type { Disconnect } from '../../src/protocol/disconnect.ts';
import type {
  Accept,
  BoundAddress,
  CloseEvent,
  Connection,
  ConnectionHandlers,
  Listener,
} from '../../src/transport.ts';
import { WAIT_MS_MAX } from '../support/deadline.ts';

/** What an adapter's spec file gives to the compliance suite: how to make its listener, and a raw client for it. */
export interface Harness {
  /** A listener that is not listening yet. Limits that are absent are the adapter's defaults. */
  createListener(options: ListenerSettings): Listener;
  /** A client of its own implementation where there is one; it does no more than it is told. */
  connect(listener: Listener, address: BoundAddress, handlers: RawClientHandlers): Promise<RawClient>;
  /** True where the listener binds a port that can be taken. */
  readonly hasPort: boolean;
  /** Releases what the harness itself holds. */
  tearDown?(): Promise<void>;
}

export interface ListenerSettings {
  /** Largest frame of a new connection, in bytes. Default 64 KiB in all adapters. */
  readonly frameBytesMax?: number;
  /** Default 0. Only where `hasPort`. */
  readonly port?: number;
}

export interface RawClientHandlers {
  /** The suite copies what it keeps. */
  onFrame(frame: Uint8Array, datagram: boolean): void;
  /** Once, last; `code` is 0 where the link was lost. */
  onClose(event: { readonly code: number; readonly reason: string }): void;
}

/** The peer of a connection under test. Calls after the end do nothing. */
export interface RawClient {
  send(frame: Uint8Array): void;
  /** Used where the connection says `datagrams`. */
  sendDatagram(frame: Uint8Array): void;
  /** Absent where the transport has no text messages. */
  sendText?(text: string): void;
  /** Sends the header or length prefix of a frame of `bytes` bytes and nothing of the frame. Absent without such. */
  announce?(bytes: number): void;
  /** Reads nothing from the gateway until `resume`. */
  pause(): void;
  resume(): void;
  close(code: number, reason: string): void;
  /** Is gone without a close message. Absent where the transport cannot tell within `LOST_DEADLINE_MS`. */
  vanish?(): void;
}

/** A connection that never ends by itself is a failure after this. */
export const LOST_DEADLINE_MS = WAIT_MS_MAX;

/** The gateway's side of one connection: records, and spoils every view after the call, as the boundary allows. */
export class Recorder implements ConnectionHandlers {
  readonly connection: Connection;
  readonly frames: Uint8Array[] = [];
  readonly datagrams: Uint8Array[] = [];
  readonly texts: string[] = [];
  readonly closes: CloseEvent[] = [];
  drains = 0;
  arrivals = 0;
  /** `bufferedBytes` as the latest drain found it. */
  bytesAtDrain = 0;
  afterClose = 0;
  /** Called with the view, before it is spoilt. */
  onEach: ((frame: Uint8Array) => void) | undefined;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  onFrame(frame: Uint8Array, datagram: boolean): void {
    this.#note();
    (datagram ? this.datagrams : this.frames).push(copyOf(frame));
    this.onEach?.(frame);
    frame.fill(0xff);
  }

  onText(text: string): void {
    this.#note();
    this.texts.push(text);
  }

  onDrain(): void {
    this.#note();
    this.drains++;
    this.bytesAtDrain = this.connection.bufferedBytes;
  }

  onArrived(): void {
    this.#note();
    this.arrivals++;
  }

  onClose(event: CloseEvent): void {
    this.#note();
    this.closes.push(event);
  }

  #note(): void {
    if (this.closes.length > 0) this.afterClose++;
  }
}

/** A view may be a Buffer, whose own `slice` does not copy. */
export function copyOf(frame: Uint8Array): Uint8Array {
  return new Uint8Array(frame);
}

/** One test's listener, its connections, and the clients at their other ends. */
export class Bench {
  readonly harness: Harness;
  readonly listener: Listener;
  readonly address: BoundAddress;
  readonly recorders: Recorder[];

  constructor(harness: Harness, listener: Listener, address: BoundAddress, recorders: Recorder[]) {
    this.harness = harness;
    this.listener = listener;
    this.address = address;
    this.recorders = recorders;
  }

  /** Starts a listener whose connections are recorded; `onAccept` runs inside `accept`. */
  static async start(
    harness: Harness,
    settings: ListenerSettings = {},
    onAccept: (connection: Connection) => void = () => {},
  ): Promise<Bench> {
    const recorders: Recorder[] = [];
    const accept: Accept = (connection) => {
      const recorder = new Recorder(connection);
      recorders.push(recorder);
      onAccept(connection);
      return recorder;
    };
    const listener = harness.createListener(settings);
    return new Bench(harness, listener, await listener.listen(accept), recorders);
  }

  /** Connects a client and returns both ends. */
  async connect(): Promise<Pair> {
    const before = this.recorders.length;
    const peer = new Peer();
    peer.attach(await this.harness.connect(this.listener, this.address, peer));
    await until(() => this.recorders.length > before, 'the connection is accepted');
    const gateway = this.recorders[before];
    return { gateway, connection: gateway.connection, peer };
  }

  async close(disconnect: Disconnect): Promise<void> {
    await this.listener.close(disconnect);
  }
}

/** Where a case gets its bench from; the suite closes it. */
export interface BenchSource {
  harness(): Harness;
  start(settings?: ListenerSettings, onAccept?: (connection: Connection) => void): Promise<Bench>;
  /** A bench with one connection. */
  connect(settings?: ListenerSettings): Promise<Pair>;
}

export interface Pair {
  readonly gateway: Recorder;
  readonly connection: Connection;
  readonly peer: Peer;
}

/** The client's side of one connection: records. */
export class Peer implements RawClientHandlers {
  readonly frames: Uint8Array[] = [];
  readonly datagrams: Uint8Array[] = [];
  readonly closes: { readonly code: number; readonly reason: string }[] = [];
  frameBytes = 0;
  #client: RawClient | undefined;

  attach(client: RawClient): void {
    this.#client = client;
  }

  get client(): RawClient {
    if (this.#client === undefined) throw new Error('the client is not connected');
    return this.#client;
  }

  onFrame(frame: Uint8Array, datagram: boolean): void {
    this.frameBytes += frame.length;
    (datagram ? this.datagrams : this.frames).push(copyOf(frame));
  }

  onClose(event: { readonly code: number; readonly reason: string }): void {
    this.closes.push(event);
  }
}

/** Waits, by turns of the event loop, until `condition` holds; fails with `what` after the deadline. */
export async function until(
  condition: () => boolean,
  what: string,
  deadlineMs = LOST_DEADLINE_MS,
): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** `length` bytes that tell frames apart: the number, then a pattern that depends on it. */
export function frameOf(length: number, number = 0): Uint8Array {
  const frame = new Uint8Array(length);
  for (let i = 0; i < length; i++) frame[i] = (number * 31 + i * 7) & 0x7f;
  if (length >= 4) new DataView(frame.buffer).setUint32(0, number);
  return frame;
}

export function numberOf(frame: Uint8Array): number {
  return new DataView(frame.buffer, frame.byteOffset).getUint32(0);
}
