import { encodeStreamChunk, StreamFramer } from '../../src/protocol/framer.ts';
import type { LibrarySession, LibraryStream, LibraryWriter } from '../../transports/webtransport/library.ts';
import { backingStream, nativeReading, onAcknowledged } from '../../transports/webtransport/native.ts';
import type { RawClient, RawClientHandlers } from '../compliance/transport-harness.ts';

const FRAME_BYTES_MAX = 0xffff_ffff;

/**
 * A client straight on the library, apart from the gateway's own link. Its stream reaches the server with its first
 * byte, and the connections under test begin with that: so it sends the first byte of the first length ahead, which
 * is zero for every length below 16 MiB.
 */
export class RawWebTransport implements RawClient {
  readonly #session: LibrarySession;
  readonly #stream: object;
  readonly #writer: LibraryWriter;
  #ahead = 1;
  #closing = false;

  constructor(session: LibrarySession, stream: LibraryStream, handlers: RawClientHandlers) {
    this.#session = session;
    this.#stream = backingStream(session, stream);
    this.#writer = stream.writable.getWriter();
    this.#writer.closed.catch(ignore);
    this.#write(Uint8Array.of(0));
    readFrames(stream, handlers);
    readDatagrams(session, handlers);
    session.closed.then(
      ({ closeCode, reason }) => handlers.onClose({ code: closeCode, reason }),
      () => handlers.onClose({ code: 0, reason: '' }),
    );
  }

  send(frame: Uint8Array): void {
    this.#write(this.#withoutAhead(encodeStreamChunk([frame])));
  }

  sendDatagram(frame: Uint8Array): void {
    const writer = this.#session.datagrams.createWritable().getWriter();
    writer.closed.catch(ignore);
    writer.write(frame).catch(ignore);
  }

  announce(bytes: number): void {
    const prefix = new Uint8Array(4);
    new DataView(prefix.buffer).setUint32(0, bytes);
    this.#write(this.#withoutAhead(prefix));
  }

  pause(): void {
    nativeReading(this.#stream)?.stopReading();
  }

  resume(): void {
    nativeReading(this.#stream)?.startReading();
  }

  close(code: number, reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    onAcknowledged(this.#stream, () => this.#session.close({ closeCode: code, reason }));
    this.#writer.close().catch(ignore);
  }

  /** The library gives a lost QUIC connection and this the same end: code 0, no reason. */
  vanish(): void {
    this.#session.close({ closeCode: 0, reason: '' });
  }

  #write(bytes: Uint8Array): void {
    if (!this.#closing) this.#writer.write(bytes).catch(ignore);
  }

  #withoutAhead(bytes: Uint8Array): Uint8Array {
    const rest = bytes.subarray(this.#ahead);
    this.#ahead = 0;
    return rest;
  }
}

function readFrames(stream: LibraryStream, handlers: RawClientHandlers): void {
  const framer = new StreamFramer(FRAME_BYTES_MAX, (frame) => handlers.onFrame(frame, false));
  const reader = stream.readable.getReader();
  reader.closed.catch(ignore);
  const take = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      framer.push(value);
    }
  };
  take().catch(ignore);
}

function readDatagrams(session: LibrarySession, handlers: RawClientHandlers): void {
  const reader = session.datagrams.readable.getReader();
  reader.closed.catch(ignore);
  const take = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      handlers.onFrame(value, true);
    }
  };
  take().catch(ignore);
}

function ignore(): void {}
