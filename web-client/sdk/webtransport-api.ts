/**
 * The platform's WebTransport (W3C WebTransport) as far as the SDK uses it. Engines differ in what they have: Chrome and
 * Firefox give `datagrams.writable`, Safari gives `createWritable()`; what is optional here is asked for before use.
 */
export interface WebTransportApi {
  new (url: string, options?: WebTransportApiOptions): WebTransportSession;
}

export interface WebTransportApiOptions {
  requireUnreliable?: boolean;
  congestionControl?: 'default' | 'throughput' | 'low-latency';
  serverCertificateHashes?: { algorithm: string; value: Uint8Array<ArrayBuffer> }[];
}

export interface WebTransportSession {
  readonly ready: Promise<unknown>;
  readonly closed: Promise<{ closeCode?: number; reason?: string }>;
  readonly datagrams: WebTransportDatagrams;
  createBidirectionalStream(): Promise<{
    readable: ReadableStream<Uint8Array>;
    writable: WritableStream<Uint8Array>;
  }>;
  close(info: { closeCode: number; reason: string }): void;
}

export interface WebTransportDatagrams {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable?: WritableStream<Uint8Array>;
  createWritable?(): WritableStream<Uint8Array>;
  readonly maxDatagramSize: number;
  /** Newer and older name of the same queue length. */
  incomingMaxBufferedDatagrams?: number;
  incomingHighWaterMark?: number;
  /** Milliseconds. */
  outgoingMaxAge?: number | null;
}

/** The platform's own; undefined where it has none (an old browser, an insecure page, Node). */
export function platformWebTransport(): WebTransportApi | undefined {
  return typeof WebTransport === 'undefined' ? undefined : WebTransport;
}

/** Datagrams that may wait for the page to read them; by default browsers keep one and drop the rest. */
const INCOMING_DATAGRAMS_MAX = 64;
/** A datagram that could not leave for this long is old news. */
const OUTGOING_AGE_MS_MAX = 100;

/** Sets the queues as games want them, and opens the way out; undefined: this engine cannot send datagrams. */
export function openDatagrams(datagrams: WebTransportDatagrams): WritableStream<Uint8Array> | undefined {
  if ('incomingMaxBufferedDatagrams' in datagrams) {
    datagrams.incomingMaxBufferedDatagrams = INCOMING_DATAGRAMS_MAX;
  } else if ('incomingHighWaterMark' in datagrams) {
    datagrams.incomingHighWaterMark = INCOMING_DATAGRAMS_MAX;
  }
  if ('outgoingMaxAge' in datagrams) datagrams.outgoingMaxAge = OUTGOING_AGE_MS_MAX;
  return typeof datagrams.createWritable === 'function' ? datagrams.createWritable() : datagrams.writable;
}

/** The bytes of a certificate hash in hex. Throws where the text is none. */
export function hashBytes(hex: string): Uint8Array<ArrayBuffer> {
  if (!/^[0-9a-f]{64}$/i.test(hex)) throw new Error('a certificate hash is 64 hex digits');
  const bytes = new Uint8Array(hex.length / 2);
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16);
  }
  return bytes;
}
