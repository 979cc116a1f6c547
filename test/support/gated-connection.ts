import type { Disconnect } from '../../src/protocol/disconnect.ts';
import { readSeq } from '../../src/protocol/header.ts';
import type { Connection, ConnectionInfo } from '../../src/transport.ts';

/** A connection that takes as many frames as the test allows, and keeps what it was given. */
export class GatedConnection implements Connection {
  readonly info: ConnectionInfo;
  readonly sent: Uint8Array[] = [];
  readonly datagrams: Uint8Array[] = [];
  readonly closes: Disconnect[] = [];
  /** `send` returns true this many times more; below that it asks for rest, and still takes the frame. */
  room = Number.POSITIVE_INFINITY;
  bufferedBytes = 0;
  datagramBytesMax: number;
  frameBytesMax = 0;

  constructor(options: { datagramBytesMax?: number } = {}) {
    this.datagramBytesMax = options.datagramBytesMax ?? 0;
    this.info = { transport: 'gated', datagrams: this.datagramBytesMax > 0 };
  }

  get sentSeqs(): number[] {
    return this.sent.map((frame) => readSeq(frame));
  }

  send(frame: Uint8Array): boolean {
    if (this.closes.length > 0) return false;
    this.sent.push(frame);
    this.room -= 1;
    return this.room > 0;
  }

  sendDatagram(frame: Uint8Array): boolean {
    if (this.closes.length > 0 || frame.length > this.datagramBytesMax) return false;
    this.datagrams.push(frame);
    return true;
  }

  setFrameBytesMax(bytes: number): void {
    this.frameBytesMax = bytes;
  }

  pause(): void {}
  resume(): void {}

  close(disconnect: Disconnect): void {
    this.closes.push(disconnect);
  }
}
