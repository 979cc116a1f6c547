/** The client's side of a connection, whatever carries it. */
export interface Link {
  readonly transport: 'websocket' | 'webtransport';
  /** Largest frame for sendDatagram; 0 without datagrams. */
  readonly datagramBytesMax: number;
  /** Bytes not yet taken by the system. */
  readonly bufferedBytes: number;
  /** Datagrams that sendDatagram took and threw away because too many waited. Absent: none. */
  readonly datagramsDropped?: number;
  /** Sends one frame, reliable and ordered. The bytes are given away. Does nothing once the link is closed. */
  send(frame: Uint8Array): void;
  /** False: not sent, use send. */
  sendDatagram(frame: Uint8Array): boolean;
  /** Ends the link after what `send` has taken. Idempotent. `onClose` follows. */
  close(code?: number, reason?: string): void;
}

/** What a link tells its owner. The handlers do not throw. */
export interface LinkHandlers {
  /** A view valid during the call only. */
  onFrame(frame: Uint8Array, datagram: boolean): void;
  /** Exactly once for a link that was open, last. `code` is 0 where the link was lost without one. */
  onClose(event: { code: number; reason: string }): void;
}

/** Resolves when open; rejects when the link cannot be had. Abort ends the attempt. */
export type OpenLink = (handlers: LinkHandlers, signal?: AbortSignal) => Promise<Link>;

/** Which transport a link got, and why. */
export interface TransportChoice {
  transport: 'websocket' | 'webtransport';
  /**
   * - `chosen`: the application asked for this one
   * - `echo`: WebTransport, because the gateway's echo came back over it in time
   * - `unavailable`: WebSocket, because there is no WebTransport here or at the gateway
   * - `failed`: WebSocket, because the WebTransport attempt failed
   * - `late`: WebSocket, because it was there first after WebTransport's head start
   * - `remembered`: WebSocket, because WebTransport failed before
   * - `redirected`: the gateway before asked for this address when it drained
   */
  cause: 'chosen' | 'echo' | 'unavailable' | 'failed' | 'late' | 'remembered' | 'redirected';
  /** For people. */
  detail: string;
  /** From the start of the attempt to the open link, ms. */
  afterMs: number;
}

/** Opens links, and knows why the last one is what it is. */
export interface LinkSource {
  readonly open: OpenLink;
  /** Undefined before the first link, and where nothing was to be chosen. */
  readonly choice?: TransportChoice | undefined;
  /** The next link is to go to this address of a GoAway. Ignored where it may not, or cannot. */
  redirect?(url: string): void;
}
