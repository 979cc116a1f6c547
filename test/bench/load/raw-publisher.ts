import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/**
 * A publisher that costs next to nothing: PUBLISH commands (RESP, https://redis.io/docs/latest/develop/reference/protocol-spec/)
 * are built once and written many at a time, and the replies are not read one by one.
 */
export class RawPublisher {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async connect(redisAddr: string): Promise<RawPublisher> {
    const [host, port] = redisAddr.split(':');
    const socket = connect({ host, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    socket.on('data', (chunk) => {
      if (chunk[0] === ERROR) throw new Error(`Redis: ${chunk.toString('latin1', 0, 200)}`);
    });
    return new RawPublisher(socket);
  }

  static command(channel: string, message: Uint8Array): Buffer {
    const head = `*3\r\n$7\r\nPUBLISH\r\n$${Buffer.byteLength(channel)}\r\n${channel}\r\n$${message.length}\r\n`;
    return Buffer.concat([Buffer.from(head), message, Buffer.from('\r\n')]);
  }

  write(commands: readonly Buffer[]): void {
    this.#socket.write(commands.length === 1 ? commands[0] : Buffer.concat(commands));
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** The first byte of an error reply. */
const ERROR = 0x2d;
