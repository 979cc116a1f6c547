/** What the page of the Chromium tests offers. Bytes travel between test and page as arrays of numbers. */
export interface PageClient {
  /** Resolves when the session is ready and the control stream is open. */
  open(url: string, hashes: readonly string[]): Promise<void>;
  send(frame: readonly number[]): Promise<void>;
  sendDatagram(frame: readonly number[]): Promise<void>;
  /** Resolves with the next one. */
  frame(): Promise<number[]>;
  datagram(): Promise<number[]>;
  /** `error` for a link that was lost. */
  ended(): Promise<{ closeCode?: number; reason?: string; error?: string }>;
  close(closeCode: number, reason: string): void;
  /** Sends frames and datagrams without end, for a page that is about to go away. */
  flood(frame: readonly number[]): Promise<void>;
}

declare global {
  var client: PageClient;
}

/**
 * Runs in the page, alone: a WebTransport client on the platform's own classes, with nothing of the project's in it.
 * One link per page.
 */
export function installPageClient(): void {
  class Inbox {
    readonly #items: number[][] = [];
    readonly #takers: ((item: number[]) => void)[] = [];

    put(item: number[]): void {
      const taker = this.#takers.shift();
      if (taker === undefined) this.#items.push(item);
      else taker(item);
    }

    take(): Promise<number[]> {
      const item = this.#items.shift();
      if (item !== undefined) return Promise.resolve(item);
      return new Promise((resolve) => this.#takers.push(resolve));
    }
  }

  class Link implements PageClient {
    readonly #frames = new Inbox();
    readonly #datagrams = new Inbox();
    #transport: WebTransport | undefined;
    #writer: WritableStreamDefaultWriter | undefined;
    #datagramWriter: WritableStreamDefaultWriter | undefined;
    #ended: ReturnType<PageClient['ended']> = Promise.resolve({ error: 'never opened' });
    #rest = new Uint8Array(0);

    async open(url: string, hashes: readonly string[]): Promise<void> {
      const serverCertificateHashes = hashes.map((hash) => ({
        algorithm: 'sha-256',
        value: Uint8Array.from(hash.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
      }));
      const transport = new WebTransport(url, { serverCertificateHashes });
      this.#transport = transport;
      this.#ended = transport.closed.then(
        ({ closeCode, reason }) => ({ closeCode, reason }),
        (error: unknown) => ({ error: String(error) }),
      );
      await transport.ready;
      const stream = await transport.createBidirectionalStream();
      this.#writer = stream.writable.getWriter();
      this.#datagramWriter = transport.datagrams.writable.getWriter();
      this.#readAll(stream.readable, (bytes) => this.#cut(bytes));
      this.#readAll(transport.datagrams.readable, (bytes) => this.#datagrams.put([...bytes]));
    }

    async send(frame: readonly number[]): Promise<void> {
      const bytes = new Uint8Array(4 + frame.length);
      new DataView(bytes.buffer).setUint32(0, frame.length);
      bytes.set(frame, 4);
      await this.#writer?.write(bytes);
    }

    async sendDatagram(frame: readonly number[]): Promise<void> {
      await this.#datagramWriter?.write(Uint8Array.from(frame));
    }

    frame = () => this.#frames.take();
    datagram = () => this.#datagrams.take();
    ended = () => this.#ended;

    close(closeCode: number, reason: string): void {
      this.#transport?.close({ closeCode, reason });
    }

    async flood(frame: readonly number[]): Promise<void> {
      for (;;) {
        await this.send(frame);
        await this.sendDatagram(frame);
      }
    }

    /** Until the link ends, which `ended` tells. */
    #readAll(readable: ReadableStream<Uint8Array>, take: (bytes: Uint8Array) => void): void {
      const reader = readable.getReader();
      const next = (): void => {
        reader.read().then(
          ({ done, value }) => {
            if (done) return;
            take(value);
            next();
          },
          () => {},
        );
      };
      next();
    }

    #cut(chunk: Uint8Array): void {
      const bytes = new Uint8Array(this.#rest.length + chunk.length);
      bytes.set(this.#rest);
      bytes.set(chunk, this.#rest.length);
      let offset = 0;
      while (bytes.length - offset >= 4) {
        const end = offset + 4 + new DataView(bytes.buffer, offset).getUint32(0);
        if (end > bytes.length) break;
        this.#frames.put([...bytes.subarray(offset + 4, end)]);
        offset = end;
      }
      this.#rest = bytes.slice(offset);
    }
  }

  globalThis.client = new Link();
}
