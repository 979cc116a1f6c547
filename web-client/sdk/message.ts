import { FLAG, HEADER_BYTES, type Header, ROUTE, readHeader } from '../../src/protocol/header.ts';

/** A frame as the application gets it. */
export interface Message extends Header {
  /** A copy: the application's own. */
  payload: Uint8Array;
  /** It came unreliably. */
  datagram: boolean;
}

export function messageOfFrame(frame: Uint8Array, datagram: boolean): Message {
  return { ...readHeader(frame), payload: new Uint8Array(frame.subarray(HEADER_BYTES)), datagram };
}

/**
 * Whether a frame belongs to the counts of Hello, Ping and Welcome: every frame but system frames and `latest` ones,
 * acknowledgements, responses and errors included.
 */
export function isCounted(route: number, flags: number): boolean {
  return route !== ROUTE.system && (flags & FLAG.latest) === 0;
}
