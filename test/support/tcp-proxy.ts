import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy on a loopback port that can lose bytes while its connections stay up. */
export interface TcpProxy {
  readonly port: number;
  readonly addr: string;
  /** Connections accepted so far. */
  readonly accepted: number;
  /**
   * From now on bytes from the server are read and thrown away, on the connections that stand and whose client has
   * sent `sentText` in one of its first chunks. New ones are whole.
   */
  swallowFromServer(sentText: string): void;
  /** Bytes that clients have sent so far. */
  readonly bytesFromClients: number;
  /** Loses every byte in both directions from now on, on connections that stay up. */
  cut(): void;
  /** Ends every connection that stands, and goes on to accept. */
  dropConnections(): void;
  /** Ends every connection that stands, and each new one at once. */
  refuse(): void;
  /** Ends every connection whose client has sent `text` in its first 4 KiB, and from now on each as soon as it does. */
  refuseWhoSends(text: string): void;
  /** New connections are served again. */
  accept(): void;
  close(): Promise<void>;
}

/** Forwards to `127.0.0.1:targetPort`. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<ProxyPair>();
  let accepted = 0;
  let bytesFromClients = 0;
  let refusing = false;
  let refusedText: string | undefined;
  const dropConnections = (): void => {
    for (const pair of pairs) pair.destroy();
  };
  const server = createServer((client) => {
    if (refusing) {
      client.destroy();
      return;
    }
    accepted += 1;
    const pair = new ProxyPair(client, connect(targetPort, '127.0.0.1'));
    pairs.add(pair);
    client.on('data', (bytes) => {
      bytesFromClients += bytes.length;
      if (refusedText !== undefined && pair.sent.includes(refusedText)) pair.destroy();
    });
    client.once('close', () => pairs.delete(pair));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    port: address.port,
    addr: `127.0.0.1:${address.port}`,
    get accepted() {
      return accepted;
    },
    swallowFromServer: (sentText) => {
      for (const pair of pairs) pair.swallowing = pair.sent.includes(sentText);
    },
    get bytesFromClients() {
      return bytesFromClients;
    },
    cut: () => {
      for (const pair of pairs) pair.cut = true;
    },
    dropConnections,
    refuse: () => {
      refusing = true;
      dropConnections();
    },
    refuseWhoSends: (text) => {
      refusedText = text;
      for (const pair of pairs) if (pair.sent.includes(text)) pair.destroy();
    },
    accept: () => {
      refusing = false;
      refusedText = undefined;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      dropConnections();
      await closed;
    },
  };
}

const SENT_CHARS_MAX = 4096;

class ProxyPair {
  swallowing = false;
  cut = false;
  /** The beginning of what the client sent. */
  sent = '';
  readonly #client: Socket;
  readonly #upstream: Socket;

  constructor(client: Socket, upstream: Socket) {
    this.#client = client;
    this.#upstream = upstream;
    client.on('data', (bytes) => {
      if (this.sent.length < SENT_CHARS_MAX) this.sent += bytes.toString('latin1');
      if (!this.cut) upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (!this.swallowing && !this.cut) client.write(bytes);
    });
    for (const socket of [client, upstream]) {
      socket.on('error', () => undefined);
      socket.once('close', () => this.destroy());
    }
  }

  destroy(): void {
    this.#client.destroy();
    this.#upstream.destroy();
  }
}
