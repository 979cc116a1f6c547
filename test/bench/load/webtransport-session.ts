import { encodeHello } from '../../../src/protocol/system.ts';
import { webTransportLink } from '../../../transports/webtransport/client.ts';
import type { Link } from '../../../web-client/sdk/link.ts';
import type { WebTransportContext } from '../webtransport-context.ts';
import { until } from './usage.ts';

/** Handshakes at a time. */
const PARALLEL = 20;
const CLOSED_DEADLINE_MS = 5_000;

/** One session of the library's Node client. */
export class WebTransportSession {
  #link: Link | undefined;
  #closing = false;
  /** Valid during the call only. */
  onFrame: (frame: Uint8Array) => void = ignore;
  closed = false;

  /** Resolves when the server has answered a Hello: an echo server with the same, the gateway with a Welcome. */
  static async open(context: WebTransportContext, port: number): Promise<WebTransportSession> {
    const session = new WebTransportSession();
    const open = webTransportLink(`https://127.0.0.1:${port}/wt`, {
      library: context.library,
      serverCertificateHashes: [context.hash],
    });
    const answered = new Promise<void>((resolve) => {
      session.onFrame = () => resolve();
    });
    session.#link = await open({
      onFrame: (frame) => session.onFrame(frame),
      onClose: ({ code, reason }) => session.#onClose(`${code} ${reason}`),
    });
    session.send(encodeHello({ client: 'bench' }, 1));
    await answered;
    session.onFrame = ignore;
    return session;
  }

  static async openMany(
    context: WebTransportContext,
    port: number,
    count: number,
  ): Promise<WebTransportSession[]> {
    const sessions: WebTransportSession[] = [];
    while (sessions.length < count) {
      const length = Math.min(PARALLEL, count - sessions.length);
      sessions.push(
        ...(await Promise.all(Array.from({ length }, () => WebTransportSession.open(context, port)))),
      );
    }
    return sessions;
  }

  static async closeAll(sessions: readonly WebTransportSession[]): Promise<void> {
    for (const session of sessions) session.close();
    await until(() => sessions.every(({ closed }) => closed), 'the end of all sessions', CLOSED_DEADLINE_MS);
  }

  send(frame: Uint8Array): void {
    this.#link?.send(frame);
  }

  sendDatagram(frame: Uint8Array): void {
    this.#link?.sendDatagram(frame);
  }

  close(): void {
    this.#closing = true;
    this.#link?.close();
  }

  #onClose(why: string): void {
    this.closed = true;
    if (!this.#closing) throw new Error(`the server under test dropped a client: ${why}`);
  }
}

function ignore(): void {}
