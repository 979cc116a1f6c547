import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { unmapped } from '../admission.ts';
import { readProxyHeader } from './proxy-protocol.ts';

export interface ProxiedConnectionsOptions {
  /** A header that is not there after so long ends the connection. */
  readonly timeoutMs: number;
  /** Whether the peer is a proxy that begins with a header. Everybody else is a client of its own. */
  trusts(peer: string): boolean;
  /** A proxy sent no header, or a damaged one; its connection has been dropped. */
  onRefused(): void;
}

/**
 * Reads the PROXY headers of connections ahead of an HTTP server, which gets each connection behind its header. Trusted
 * peers have to send one: who guesses could be told any address by a client behind the proxy (section 2, HAProxy, "The
 * PROXY protocol").
 */
export class ProxiedConnections {
  readonly #options: ProxiedConnectionsOptions;
  readonly #addresses = new WeakMap<Socket, string>();
  readonly #waiting = new Set<Socket>();

  constructor(options: ProxiedConnectionsOptions) {
    this.#options = options;
  }

  /** The address that a header named; undefined: none did. */
  addressOf(socket: Socket): string | undefined {
    return this.#addresses.get(socket);
  }

  /** Steps between the server and its new connections. Before it listens; once. */
  attach(server: Server): void {
    const handlers = server.listeners('connection');
    server.removeAllListeners('connection');
    server.on('connection', (socket: Socket) => {
      const serve = (): void => {
        for (const handler of handlers) Reflect.apply(handler, server, [socket]);
      };
      if (this.#options.trusts(unmapped(socket.remoteAddress ?? ''))) this.#await(socket, serve);
      else serve();
    });
  }

  /** Drops connections without a header so far. */
  close(): void {
    for (const socket of this.#waiting) socket.destroy();
  }

  #await(socket: Socket, serve: () => void): void {
    let bytes: Buffer = Buffer.alloc(0);
    const end = (): void => {
      clearTimeout(timer);
      this.#waiting.delete(socket);
      socket.off('readable', read).off('close', end).off('error', ignore);
    };
    const refuse = (): void => {
      end();
      socket.on('error', ignore).destroy();
      this.#options.onRefused();
    };
    const read = (): void => {
      const chunk: unknown = socket.read();
      if (!Buffer.isBuffer(chunk)) return;
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
      const header = readProxyHeader(bytes);
      if (header === 'more') return;
      if (header === 'bad') return refuse();
      end();
      if (header.address !== undefined) this.#addresses.set(socket, unmapped(header.address));
      if (header.bytes < bytes.length) socket.unshift(bytes.subarray(header.bytes));
      serve();
      socket.resume();
    };
    const timer = setTimeout(refuse, this.#options.timeoutMs);
    this.#waiting.add(socket);
    socket.on('readable', read).on('close', end).on('error', ignore);
  }
}

/** The close follows, which is what counts. */
function ignore(): void {}
