import type { ConnectionStats } from '../../src/transport.ts';
import type {
  LibraryCloseInfo,
  LibraryRead,
  LibraryReadable,
  LibraryReader,
  LibrarySession,
  LibraryStream,
} from './library.ts';
import { type DatagramWriter, nativeDatagramWriter } from './native.ts';

/** What a session tells its owner. Called from promise callbacks. */
export interface SessionEvents {
  /** A bidirectional stream that the peer opened. `refuseStream` gets rid of it. */
  onStream(stream: LibraryStream): void;
  /** A unidirectional stream that the peer opened; it has been refused already. */
  onStreamRefused(): void;
  /** The view is valid during the call only. */
  onDatagram(bytes: Uint8Array): void;
  /** The session has ended: the code and reason that came last over the wire; 0 and '' where none did. Once. */
  onEnd(info: LibraryCloseInfo): void;
  /** An event handler threw: a fault of ours. */
  onFault(error: unknown): void;
}

/** The payload of a datagram is at most this, in bytes, also where the path would carry more (DESIGN.md section 2). */
export const DATAGRAM_BYTES_MAX = 1150;

/** Sent on streams that the protocol does not know (0 to 255, W3C WebTransport section 4.6). */
const STREAM_REFUSED_CODE = 1;

/**
 * Drives one session of the library, on the server and in the Node client alike: gives every promise a handler at
 * once, reads everything the peer sends at once (what is not read grows without bound in the library's queues), and
 * never cancels the session's own readables, whose controllers the library goes on to use.
 */
export class SessionDriver {
  readonly #session: LibrarySession;
  readonly #events: SessionEvents;
  readonly #datagramReader: LibraryReader<Uint8Array>;
  #datagramWriter: DatagramWriter | undefined;
  #datagramBytesMax = 0;
  #ended = false;
  readonly #onDatagram = (result: LibraryRead<Uint8Array>) => this.#tookDatagram(result);

  constructor(session: LibrarySession, events: SessionEvents) {
    this.#session = session;
    this.#events = events;
    session.ready.then(ignore, ignore);
    session.draining.then(() => this.#repairDraining(), ignore);
    session.closed.then(
      (info) => this.#end(info),
      () => this.#end({ closeCode: 0, reason: '' }),
    );
    this.#datagramReader = session.datagrams.readable.getReader();
    this.#datagramReader.closed.catch(ignore);
  }

  /** Begins to read. For a session that is ready. */
  start(): void {
    this.#datagramWriter = nativeDatagramWriter(this.#session) ?? publicDatagramWriter(this.#session);
    this.#measureDatagrams();
    this.#readDatagram();
    readAll(this.#session.incomingBidirectionalStreams, (stream) => this.#tookStream(stream));
    readAll(this.#session.incomingUnidirectionalStreams, (readable) => {
      readable.cancel({ code: STREAM_REFUSED_CODE }).catch(ignore);
      this.#guard(() => this.#events.onStreamRefused());
    });
  }

  /** Bytes of the largest datagram now; 0 once the session has ended. */
  get datagramBytesMax(): number {
    return this.#datagramBytesMax;
  }

  /** False: not sent. */
  sendDatagram(bytes: Uint8Array): boolean {
    if (bytes.length > this.#datagramBytesMax || this.#datagramWriter === undefined) return false;
    const { code } = this.#datagramWriter.writeDatagram(bytes);
    // 'blocked': queued by quiche, which drops it when it has waited for more than a round trip.
    if (code === 'success' || code === 'blocked') return true;
    this.#measureDatagrams();
    return false;
  }

  /** Tells the peer, once. `onEnd` follows when it has answered or is gone, which may be never. */
  close(code: number, reason: string): void {
    this.#datagramBytesMax = 0;
    if (!this.#ended) this.#guard(() => this.#session.close({ closeCode: code, reason }));
  }

  async stats(): Promise<ConnectionStats | undefined> {
    try {
      const stats = await this.#session.getStats();
      return { rttMs: stats.smoothedRtt, datagramsLost: stats.datagrams.lostOutgoing };
    } catch {
      return undefined;
    }
  }

  #measureDatagrams(): void {
    const bytes = this.#ended ? 0 : this.#session.datagrams.maxDatagramSize;
    this.#datagramBytesMax = Math.min(bytes, DATAGRAM_BYTES_MAX);
  }

  #readDatagram(): void {
    this.#datagramReader.read().then(this.#onDatagram, ignore);
  }

  #tookDatagram({ done, value }: LibraryRead<Uint8Array>): void {
    if (done) return;
    try {
      this.#events.onDatagram(value);
    } catch (error) {
      this.#events.onFault(error);
    }
    this.#readDatagram();
  }

  #tookStream(stream: LibraryStream): void {
    this.#guard(() => this.#events.onStream(stream));
  }

  /**
   * After a DRAIN or GOAWAY from the peer the library takes the session's end for a failed handshake: it rejects
   * `closed`, drops the peer's code and leaves its streams open, because `state` is no longer 'connected'. So the
   * state is put back. Where the end comes with the DRAIN in one packet this is too late, and the link counts as lost.
   */
  #repairDraining(): void {
    if (this.#session.state === 'draining') this.#session.state = 'connected';
  }

  #end(info: LibraryCloseInfo): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#datagramBytesMax = 0;
    this.#guard(() => this.#events.onEnd(info));
  }

  #guard(event: () => void): void {
    try {
      event();
    } catch (error) {
      this.#events.onFault(error);
    }
  }
}

/** Ends a stream that the protocol does not know: stops the peer's side and resets ours. */
export function refuseStream(stream: LibraryStream): void {
  const reason = { code: STREAM_REFUSED_CODE };
  stream.readable.cancel(reason).catch(ignore);
  stream.writable.abort(reason).catch(ignore);
}

/** Reads to the end, for the life of the session: what nobody reads, the library keeps. */
function readAll<T>(readable: LibraryReadable<T>, onValue: (value: T) => void): void {
  const reader = readable.getReader();
  reader.closed.catch(ignore);
  const take = ({ done, value }: LibraryRead<T>) => {
    if (done) return;
    onValue(value);
    reader.read().then(take, ignore);
  };
  reader.read().then(take, ignore);
}

/** The public way, for a library without the private one: it resolves whatever became of the datagram. */
function publicDatagramWriter(session: LibrarySession): DatagramWriter {
  const writer = session.datagrams.createWritable().getWriter();
  writer.closed.catch(ignore);
  return {
    writeDatagram(bytes) {
      writer.write(bytes).catch(ignore);
      return { code: 'success' };
    },
  };
}

function ignore(): void {}
