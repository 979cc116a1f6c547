import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const MASKED_BINARY = 0x82;
const MASK_BIT = 0x80;
const LENGTH_16 = 126;
const MASK_BYTES = 4;
const EMPTY = Buffer.alloc(0);

/**
 * A WebSocket client that does as little as it can, so that the servers are what is measured: frames are masked once,
 * as templates, and a chunk of answers is walked through in place.
 */
export class RawClient {
  readonly #socket: Socket;
  readonly #mask = randomBytes(MASK_BYTES);
  #rest: Buffer = EMPTY;
  /** One message from the server: `bytes[start, end)`, valid during the call only. */
  onMessage: (bytes: Buffer, start: number, end: number) => void = ignore;
  /** The messages of a chunk have been handed over. */
  onChunk: () => void = ignore;
  /** Not called for `close` of this side. */
  onLost: (why: string) => void = ignore;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Resolves once the server has switched protocols (RFC 6455 section 4.1). */
  static async open(port: number, path: string, localAddress = '127.0.0.1'): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true });
    const client = new RawClient(socket);
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    );
    await client.#upgraded();
    socket.on('data', (chunk) => client.#onData(chunk));
    socket.on('close', () => client.onLost('connection closed'));
    return client;
  }

  /** A message up to 125 bytes, masked and ready to be written many times. */
  template(message: Uint8Array): Buffer {
    if (message.length >= LENGTH_16) throw new RangeError('a template holds up to 125 bytes');
    const frame = Buffer.alloc(2 + MASK_BYTES + message.length);
    frame[0] = MASKED_BINARY;
    frame[1] = MASK_BIT | message.length;
    frame.set(this.#mask, 2);
    for (let index = 0; index < message.length; index++) {
      frame[2 + MASK_BYTES + index] = message[index] ^ this.#mask[index & 3];
    }
    return frame;
  }

  /**
   * Writes `count` copies of a template, their first four bytes being `seq` and the numbers behind it: in one go, or
   * one by one (`apart`), as clients do that have one frame at a time.
   */
  writeCopies(template: Buffer, count: number, seq: number, apart = false): void {
    if (apart && count > 1) {
      for (let index = 0; index < count; index++) this.writeCopies(template, 1, seq + index);
      return;
    }
    const { length } = template;
    const bytes = Buffer.allocUnsafe(length * count);
    for (let index = 0; index < count; index++) {
      const start = index * length;
      bytes.set(template, start);
      writeMaskedUint32(bytes, start + 2, seq + index);
    }
    this.#socket.write(bytes);
  }

  write(template: Buffer): void {
    this.#socket.write(template);
  }

  close(): void {
    this.onLost = ignore;
    this.#socket.destroy();
  }

  #upgraded(): Promise<void> {
    return new Promise((resolve, reject) => {
      let head = '';
      const onData = (chunk: Buffer): void => {
        head += chunk.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end === -1) return;
        this.#socket.off('data', onData);
        this.#socket.off('close', onClose);
        if (!head.startsWith('HTTP/1.1 101')) reject(new Error(head.slice(0, head.indexOf('\r\n'))));
        this.#rest = Buffer.from(head.slice(end + 4), 'latin1');
        resolve();
      };
      const onClose = (): void => reject(new Error('connection closed in the handshake'));
      this.#socket.on('data', onData);
      this.#socket.on('close', onClose);
      this.#socket.on('error', ignore);
    });
  }

  #onData(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let offset = 0;
    while (bytes.length - offset >= 2) {
      const short = bytes[offset + 1];
      if (short > LENGTH_16) throw new Error('unexpected frame');
      const start = short < LENGTH_16 ? offset + 2 : offset + 4;
      if (start > bytes.length) break;
      const end = start + (short < LENGTH_16 ? short : bytes.readUInt16BE(offset + 2));
      if (end > bytes.length) break;
      if (bytes[offset] === MASKED_BINARY) this.onMessage(bytes, start, end);
      offset = end;
    }
    this.#rest = offset === bytes.length ? EMPTY : bytes.subarray(offset);
    this.onChunk();
  }
}

/** `offset` is that of the mask; the number stands behind it. */
function writeMaskedUint32(bytes: Buffer, offset: number, value: number): void {
  bytes[offset + 4] = (value >>> 24) ^ bytes[offset];
  bytes[offset + 5] = (value >>> 16) ^ bytes[offset + 1];
  bytes[offset + 6] = (value >>> 8) ^ bytes[offset + 2];
  bytes[offset + 7] = value ^ bytes[offset + 3];
}

function ignore(): void {}
