import type { Link, LinkHandlers, OpenLink } from '../../web-client/sdk/link.ts';
import type { TransportStorage } from '../../web-client/sdk/transport-memory.ts';
import { settle } from './fake-clock.ts';

/** One attempt to open a link, which ends when the test says so. */
export class FakeAttempt {
  readonly handlers: LinkHandlers;
  readonly signal: AbortSignal | undefined;
  closedWith: { code: number | undefined; reason: string | undefined } | undefined;
  readonly sent: Uint8Array[] = [];
  readonly datagrams: Uint8Array[] = [];
  datagramBytesMax = 0;
  readonly #transport: Link['transport'];
  readonly #settled: { resolve(link: Link): void; reject(error: unknown): void };

  constructor(
    transport: Link['transport'],
    given: { handlers: LinkHandlers; signal: AbortSignal | undefined },
    settled: { resolve(link: Link): void; reject(error: unknown): void },
  ) {
    this.#transport = transport;
    this.handlers = given.handlers;
    this.signal = given.signal;
    this.#settled = settled;
  }

  async succeed(): Promise<void> {
    const attempt = this;
    this.#settled.resolve({
      transport: this.#transport,
      get datagramBytesMax() {
        return attempt.datagramBytesMax;
      },
      bufferedBytes: 0,
      send: (frame) => attempt.sent.push(frame.slice()),
      sendDatagram: (frame) => attempt.datagrams.push(frame.slice()) > 0,
      close: (code, reason) => {
        attempt.closedWith ??= { code, reason };
      },
    });
    await settle();
  }

  async fail(message: string): Promise<void> {
    this.#settled.reject(new Error(message));
    await settle();
  }
}

/** A way to open links that keeps each attempt for the test. */
export class FakeOpen {
  readonly attempts: FakeAttempt[] = [];
  readonly #transport: Link['transport'];

  constructor(transport: Link['transport']) {
    this.#transport = transport;
  }

  readonly open: OpenLink = (handlers, signal) => {
    return new Promise((resolve, reject) => {
      this.attempts.push(new FakeAttempt(this.#transport, { handlers, signal }, { resolve, reject }));
    });
  };

  /** The newest attempt. */
  get last(): FakeAttempt {
    const attempt = this.attempts.at(-1);
    if (attempt === undefined) throw new Error(`no attempt over ${this.#transport}`);
    return attempt;
  }
}

/** What a link told its owner. */
export class RecordingHandlers implements LinkHandlers {
  readonly frames: number[][] = [];
  readonly datagrams: number[][] = [];
  readonly closes: { code: number; reason: string }[] = [];

  onFrame(frame: Uint8Array, datagram: boolean): void {
    (datagram ? this.datagrams : this.frames).push([...frame]);
  }

  onClose(event: { code: number; reason: string }): void {
    this.closes.push(event);
  }
}

export function memoryStorage(): TransportStorage {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
  };
}
