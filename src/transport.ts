import type { Disconnect } from './protocol/disconnect.ts';

/**
 * The boundary between the core and the transports: all that a transport may know of the core, and all that the core
 * may know of a transport. An adapter moves bytes; authentication, queues, priority and rate limits are the core's.
 */

/** Accepts connections of one transport. */
export interface Listener {
  /** Label for metrics, logs and envelopes (`websocket`, `webtransport`); never branched on. */
  readonly transport: string;

  /**
   * Binds and starts to accept. Resolves once connections are possible; rejects with a StartError (port taken, bad
   * certificate) within 2 s. `accept` is called once per connection, before any of its frames, and returns the
   * handlers at once, so no frame falls between accept and listen.
   */
  listen(accept: Accept): Promise<BoundAddress>;

  /** Takes no further connections; the ones that stand are untouched. For draining. Idempotent. */
  stopAccepting(): void;

  /**
   * Closes the listener and every connection with `disconnect`. Idempotent; settles within 1 s whatever the peers do,
   * and every connection's `onClose` has run by then.
   */
  close(disconnect: Disconnect): Promise<void>;
}

export type Accept = (connection: Connection) => ConnectionHandlers;

/** Where a listener can be reached. */
export interface BoundAddress {
  readonly host: string;
  readonly port: number;
}

/** What a connection can do. The core asks for these, never for a transport's name. */
export interface ConnectionInfo {
  /** Label for metrics, logs and envelopes. */
  readonly transport: string;
  /** True where `send` with `latest` may travel unreliably and out of order. */
  readonly datagrams: boolean;
  /** The peer's address without port, absent where the transport has none (memory). */
  readonly remoteAddress?: string;
  /** The token that came with the handshake (`Authorization: Bearer`, or `?token=`); never logged. */
  readonly token?: string;
}

/** One accepted link. */
export interface Connection {
  readonly info: ConnectionInfo;

  /**
   * Queues one frame, reliable and ordered. The bytes are given away: neither changed nor reused by the caller, and
   * possibly shared with other connections. Frames of one tick leave in one write.
   *
   * Returns false when the connection wants to rest: the frame is taken, and `onDrain` follows once there is room.
   * After close it does nothing and returns false, and no `onDrain` follows.
   */
  send(frame: Uint8Array): boolean;

  /**
   * Sends one frame as a datagram: it may be lost, and may overtake others. Returns false, with nothing sent, where
   * it does not fit into `datagramBytesMax` or the connection has no datagrams or is closed: the caller uses `send`.
   */
  sendDatagram(frame: Uint8Array): boolean;

  /** The largest frame that fits into a datagram now, in bytes; 0 without datagrams. */
  readonly datagramBytesMax: number;

  /** Bytes taken by `send` that the operating system or the library has not taken yet. */
  readonly bufferedBytes: number;

  /**
   * The largest frame accepted from the peer, header included, in bytes. Holds from the next frame on; a larger one
   * ends the link with `frameTooLarge`, before memory is taken for it.
   */
  setFrameBytesMax(bytes: number): void;

  /** Stops reading from the peer, so that its transport slows it down. A few frames already read may still come. */
  pause(): void;
  resume(): void;

  /**
   * Ends the link after what `send` has taken. Idempotent: the first call's code wins. `onClose` follows within 2 s,
   * also where the peer never answers.
   */
  close(disconnect: Disconnect): void;

  /**
   * Asks the peer's end of the transport to say that it has all that `send` has taken so far; `onArrived` follows once it
   * does, if it does. One question at a time. Absent where the transport has none.
   */
  askArrival?(): void;

  /** Round trip and loss where the transport measures them; undefined elsewhere. For /stats, not per frame. */
  stats?(): Promise<ConnectionStats | undefined>;
}

export interface ConnectionStats {
  readonly rttMs?: number;
  readonly datagramsLost?: number;
}

/** The core's side of a connection. Called by the adapter, never after `onClose`. They do not throw. */
export interface ConnectionHandlers {
  /**
   * One whole frame, never longer than the limit, possibly shorter than a header. The view is valid during the call
   * only. `datagram`: it came unreliably.
   */
  onFrame(frame: Uint8Array, datagram: boolean): void;

  /** A text message, on transports that have such. Valid UTF-8, within the frame limit in bytes. */
  onText(text: string): void;

  /** `send` returned false and there is room again. */
  onDrain(): void;

  /** What had been sent before `askArrival` has arrived. */
  onArrived?(): void;

  /** Exactly once, last. */
  onClose(event: CloseEvent): void;
}

export interface CloseEvent {
  /** The code that ended the link, ours or the peer's; 0 where it was lost without one. */
  readonly code: number;
  readonly reason: string;
  /** Who ended it: this side, the peer, or nobody (lost). */
  readonly by: 'local' | 'peer' | 'lost';
}
