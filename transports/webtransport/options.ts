import type { Refusal } from '../admission.ts';
import type { CertificatePair } from './certificate-check.ts';
import type { WebTransportLibrary } from './library.ts';

/** Why a session was refused or ended before it became a connection; a bounded label for counters. */
export type RefusedReason = Refusal | 'no-control-stream' | 'bad-handshake';

export interface WebTransportListenerOptions {
  /** From `loadWebTransport`. */
  readonly library: WebTransportLibrary;
  /** Served until `replaceCertificate`. Checked by `listen`. */
  readonly certificate: CertificatePair;
  /** Address to bind; a name is resolved once, to one family. Default `127.0.0.1`. */
  readonly host?: string;
  /** UDP port; 0 (default): any free one. One per process: QUIC finds its connections by id, not by address. */
  readonly port?: number;
  /** Path of the request, compared without its query. Default `/wt`; another one is answered with 404. */
  readonly path?: string;
  /** Sessions at a time. Default 10,000; the next one is answered with 503. */
  readonly connectionsMax?: number;
  /** Default 200; the next one is accepted and closed with `fullForAddress`: the request does not say who asks. */
  readonly connectionsPerAddressMax?: number;
  /** Requests accepted per second, with a burst of five times as many. Default 1,000; the next one is answered with 429. */
  readonly handshakesPerSec?: number;
  /** The same for one address. Default 200; the next one is accepted and closed with `rateLimited`. */
  readonly handshakesPerSecPerAddress?: number;
  /**
   * Exact origins (`https://example.org`), or `*` for any (default). Requests without Origin do not come from
   * browsers and are let in; another origin is answered with 403.
   */
  readonly allowedOrigins?: readonly string[];
  /** A session that has not opened its control stream after so long is closed. Default 8,000. */
  readonly helloTimeoutMs?: number;
  /**
   * A connection that has sent nothing for so long is closed. Default 90,000: above the core's heartbeat timeout,
   * as a last resort, since QUIC's own idle time goes up to 600 s.
   */
  readonly idleTimeoutMs?: number;
  /** Streams besides the control stream, each refused at once, after which a peer is `flooded`. Default 64. */
  readonly streamsMax?: number;
  /** Datagrams dropped while paused, or before the control stream, after which a peer is `flooded`. Default 4,096. */
  readonly datagramsMax?: number;
  /** Bytes kept while paused where the library cannot be told to stop reading. Default 1 MiB. */
  readonly unreadBytesMax?: number;
  /** Largest frame of a new connection, until `setFrameBytesMax`. Default 64 KiB. */
  readonly frameBytesMax?: number;
  /** Upper bound of `setFrameBytesMax`. Default 16 MiB. */
  readonly frameBytesHardMax?: number;
  /** `send` returns false above this. Default 64 KiB. */
  readonly highWaterBytes?: number;
  /** SO_RCVBUF of the UDP socket; 0: as the system has it, which may also give less. Default 1 MiB. */
  readonly recvBufferBytes?: number;
  /** SO_SNDBUF likewise. Default 1 MiB. */
  readonly sendBufferBytes?: number;
  /** Default 2,000. The library itself may wait for ever. */
  readonly startTimeoutMs?: number;
  /** Called where `serving` of the listener has changed. */
  readonly onServing?: (serving: boolean) => void;
  /** For counters. */
  readonly onRefused?: (reason: RefusedReason) => void;
}

export type ListenerOptions = Required<WebTransportListenerOptions>;

export const DEFAULTS = {
  host: '127.0.0.1',
  port: 0,
  path: '/wt',
  connectionsMax: 10_000,
  connectionsPerAddressMax: 200,
  handshakesPerSec: 1_000,
  handshakesPerSecPerAddress: 200,
  allowedOrigins: ['*'],
  helloTimeoutMs: 8_000,
  idleTimeoutMs: 90_000,
  streamsMax: 64,
  datagramsMax: 4_096,
  unreadBytesMax: 1024 * 1024,
  frameBytesMax: 64 * 1024,
  frameBytesHardMax: 16 * 1024 * 1024,
  highWaterBytes: 64 * 1024,
  recvBufferBytes: 1024 * 1024,
  sendBufferBytes: 1024 * 1024,
  startTimeoutMs: 2_000,
  onServing: () => {},
  onRefused: () => {},
} as const satisfies Omit<WebTransportListenerOptions, 'library' | 'certificate'>;
