import { once } from 'node:events';
import { WebSocket } from 'ws';
import { forEachFrame } from '../../src/protocol/batch.ts';
import {
  FLAG,
  payloadOf,
  ROUTE,
  readFlags,
  readMsgId,
  readRoute,
  readSeq,
} from '../../src/protocol/header.ts';
import { decodeWelcome, encodeHello, encodePing, SYSTEM, type Welcome } from '../../src/protocol/system.ts';
import { isCounted } from '../../src/queue/replay-log.ts';
import type { MemoryListener } from '../../transports/memory/memory-listener.ts';

export interface Wire {
  send(frame: Uint8Array): void;
  /** Is gone without a word; what has not arrived is lost. */
  vanish(): void;
  close(): void;
  pause(): void;
  resume(): void;
}

export interface WireHandlers {
  onFrame(frame: Uint8Array): void;
  onClose(code: number): void;
}

export type OpenWire = (handlers: WireHandlers) => Promise<Wire>;

interface Attempt {
  wire: Wire | undefined;
  welcome: Welcome | undefined;
  /** Frames of the link that may still come do not count: the client has given it up. */
  abandoned: boolean;
}

/**
 * The least client that keeps the counts of gateway.proto by itself, apart from the SDK: it resumes with what it has
 * received, and sends again what the gateway has not accepted.
 */
export class ResumingClient {
  /** Reliable frames other than system ones, in order, over all links. */
  readonly received: Uint8Array[] = [];
  readonly welcomes: Welcome[] = [];
  readonly closeCodes: number[] = [];
  /** Counted frames that came ahead of a Welcome, which is one too many. */
  early = 0;
  /** Frames until the link is lost; undefined: it stays. */
  vanishAfter: number | undefined;
  batch = true;
  /** Name of the device in its Hello. */
  device = '';
  /** The next Welcome is lost with its link. */
  loseWelcome = false;
  #received = 0;
  #pongs = 0;
  #sent: Uint8Array[] = [];
  /** Count of the first frame of `#sent`. */
  #firstSent = 0;
  #attempt: Attempt | undefined;
  #waiting: (() => void)[] = [];

  /** Of what was received, in order. */
  get seqs(): number[] {
    return this.received.map((frame) => readSeq(frame));
  }

  get welcome(): Welcome | undefined {
    return this.#attempt?.welcome;
  }

  get wire(): Wire | undefined {
    return this.#attempt?.wire;
  }

  get live(): boolean {
    return this.#attempt?.welcome !== undefined && !this.#attempt.abandoned;
  }

  /** Opens a link and says Hello; an earlier link is left as it is. Resolves with the Welcome, or when it is lost. */
  async connect(open: OpenWire, token = ''): Promise<Welcome | undefined> {
    const attempt: Attempt = { wire: undefined, welcome: undefined, abandoned: false };
    if (this.#attempt !== undefined) this.#attempt.abandoned = true;
    this.#attempt = attempt;
    const resumeToken = this.welcomes.at(-1)?.resumeToken ?? '';
    attempt.wire = await open({
      onFrame: (frame) => this.#receive(attempt, frame),
      onClose: (code) => this.#closed(attempt, code),
    });
    const { batch, device } = this;
    attempt.wire.send(encodeHello({ resumeToken, received: this.#received, batch, device, token }, 1));
    while (attempt.welcome === undefined && !attempt.abandoned) await this.#changed();
    return attempt.welcome;
  }

  /** Sends a reliable frame, now or once there is a link. */
  send(frame: Uint8Array): void {
    this.#sent.push(frame);
    if (this.live) this.#attempt?.wire?.send(frame.slice());
  }

  /** Resolves once the gateway has sent all that was due before. */
  async fence(): Promise<void> {
    const pongs = this.#pongs;
    this.#attempt?.wire?.send(encodePing({ sentAtMs: 1, received: this.#received }, 9));
    while (this.#pongs === pongs && this.live) await this.#changed();
  }

  vanish(): void {
    const attempt = this.#attempt;
    if (attempt === undefined || attempt.abandoned) return;
    attempt.abandoned = true;
    attempt.wire?.vanish();
    this.#wake();
  }

  #receive(attempt: Attempt, frame: Uint8Array): void {
    if (attempt.abandoned) return;
    if (readFlags(frame) & FLAG.batch) {
      forEachFrame(payloadOf(frame), (inner) => this.#take(attempt, inner));
    } else this.#take(attempt, frame);
  }

  #take(attempt: Attempt, frame: Uint8Array): void {
    if (attempt.abandoned) return;
    if (readRoute(frame) === ROUTE.system && readMsgId(frame) === SYSTEM.welcome)
      this.#welcomed(attempt, frame);
    if (readRoute(frame) === ROUTE.system && readMsgId(frame) === SYSTEM.pong) {
      this.#pongs++;
      this.#wake();
    }
    if (!isCounted(frame)) return;
    if (attempt.welcome === undefined) {
      this.early++;
      return;
    }
    this.#received = (this.#received + 1) >>> 0;
    this.received.push(new Uint8Array(frame));
    if (this.vanishAfter === undefined) return;
    this.vanishAfter--;
    if (this.vanishAfter > 0) return;
    this.vanishAfter = undefined;
    this.vanish();
  }

  #welcomed(attempt: Attempt, frame: Uint8Array): void {
    const welcome = decodeWelcome(payloadOf(frame));
    if (welcome === undefined) throw new Error('a Welcome that does not decode');
    if (this.loseWelcome) {
      this.loseWelcome = false;
      this.vanish();
      return;
    }
    attempt.welcome = welcome;
    this.welcomes.push(welcome);
    if (welcome.recovered) {
      this.#sent.splice(0, (welcome.accepted - this.#firstSent) >>> 0);
      this.#firstSent = welcome.accepted;
    } else {
      this.#received = 0;
      this.#firstSent = 0;
    }
    for (const sent of this.#sent) attempt.wire?.send(sent.slice());
    this.#wake();
  }

  #closed(attempt: Attempt, code: number): void {
    this.closeCodes.push(code);
    attempt.abandoned = true;
    this.#wake();
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

export function memoryWire(listener: MemoryListener): OpenWire {
  return async ({ onFrame, onClose }) => listener.connect({ onFrame, onClose: ({ code }) => onClose(code) });
}

/** `autoPong` false: the gateway does not hear by that what has arrived. */
export function webSocketWire(url: string, headers: Record<string, string> = {}, autoPong = true): OpenWire {
  return async ({ onFrame, onClose }) => {
    const socket = new WebSocket(url, { perMessageDeflate: false, headers, autoPong });
    socket.on('message', (data) => {
      if (Buffer.isBuffer(data)) onFrame(data);
    });
    socket.on('close', (code) => onClose(code));
    await once(socket, 'open');
    socket.on('error', () => {});
    return {
      send: (frame) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(frame);
      },
      vanish: () => socket.terminate(),
      close: () => socket.close(1000),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
    };
  };
}
