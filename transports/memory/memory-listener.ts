import { StartError } from '../../src/errors.ts';
import type { Disconnect } from '../../src/protocol/disconnect.ts';
import type { Accept, BoundAddress, ConnectionInfo, Listener } from '../../src/transport.ts';
import {
  type MemoryClient,
  type MemoryClientHandlers,
  MemoryConnection,
  type MemoryLinkSettings,
} from './memory-link.ts';

export interface MemoryListenerOptions {
  /** Whether connections have datagrams. Default true. */
  readonly datagrams?: boolean;
  /** Largest datagram, in bytes. Default 1150, as on WebTransport. */
  readonly datagramBytesMax?: number;
  /** `send` returns false above this. Default 64 KiB. */
  readonly highWaterBytes?: number;
  /** Largest frame of a new connection, until `setFrameBytesMax`. Default 64 KiB. */
  readonly frameBytesMax?: number;
}

export interface MemoryConnectOptions {
  readonly token?: string;
  readonly remoteAddress?: string;
}

/** The boundary allows 1 s. */
const LISTENER_CLOSE_TIMEOUT_MS = 700;
const IGNORE: MemoryClientHandlers = { onFrame: () => {}, onClose: () => {} };

/** A transport without a network: for tests of the core, and the first to pass the compliance suite. */
export class MemoryListener implements Listener {
  readonly transport = 'memory';
  readonly #datagrams: boolean;
  readonly #settings: MemoryLinkSettings;
  readonly #connections = new Set<MemoryConnection>();
  #accept: Accept | undefined;
  #closed: Promise<void> | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(options: MemoryListenerOptions = {}) {
    this.#datagrams = options.datagrams ?? true;
    this.#settings = {
      datagramBytesMax: options.datagramBytesMax ?? 1150,
      highWaterBytes: options.highWaterBytes ?? 64 * 1024,
      frameBytesMax: options.frameBytesMax ?? 64 * 1024,
      onClosed: (connection) => this.#forget(connection),
    };
  }

  async listen(accept: Accept): Promise<BoundAddress> {
    if (this.#closed !== undefined) throw new StartError('the memory listener is closed');
    this.#accept = accept;
    return { host: 'memory', port: 0 };
  }

  /**
   * Opens a link; the connection has been accepted when this returns, and frames follow in later microtasks. Throws
   * where the listener does not accept, as a refused connect would.
   */
  connect(handlers: MemoryClientHandlers = IGNORE, options: MemoryConnectOptions = {}): MemoryClient {
    if (this.#accept === undefined) throw new Error('the memory listener does not accept connections');
    const info: ConnectionInfo = { transport: this.transport, datagrams: this.#datagrams, ...options };
    const connection = new MemoryConnection(info, this.#settings, handlers);
    this.#connections.add(connection);
    connection.start(this.#accept(connection));
    return connection.client;
  }

  stopAccepting(): void {
    this.#accept = undefined;
  }

  close(disconnect: Disconnect): Promise<void> {
    this.#closed ??= this.#closeAll(disconnect);
    return this.#closed;
  }

  async #closeAll(disconnect: Disconnect): Promise<void> {
    this.stopAccepting();
    for (const connection of this.#connections) connection.close(disconnect);
    if (this.#connections.size === 0) return;
    const deadline = setTimeout(() => {
      for (const connection of this.#connections) connection.destroy();
    }, LISTENER_CLOSE_TIMEOUT_MS);
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
    clearTimeout(deadline);
  }

  #forget(connection: MemoryConnection): void {
    this.#connections.delete(connection);
    if (this.#connections.size === 0) this.#onEmpty?.();
  }
}
