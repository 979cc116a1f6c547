import { FLAG, ROUTE } from '../../src/protocol/header.ts';
import {
  type Client,
  ClientError,
  type ClientState,
  type ClientStats,
  connect,
  type Discovered,
  type Message,
} from '../sdk/index.ts';
import { decodeDemo, encodeDemo, MSG } from './payload.ts';
import { Probes } from './probes.ts';
import type { Settings } from './settings.ts';
import { Tap, type TappedFrame } from './tap.ts';

/** The user, or the gateway in peace, ended the link (RFC 6455 section 7.4.1). */
const NORMAL_CLOSURE = 1000;

export type LaneName = 'websocket' | 'webtransport' | 'auto';

export const LANE_TITLES: Readonly<Record<LaneName, string>> = {
  websocket: 'WebSocket',
  webtransport: 'WebTransport',
  auto: 'Automatic',
};

/** What a lane tells the page. */
export interface LaneEvents {
  onFrame(lane: Lane, frame: TappedFrame): void;
  onMessage(lane: Lane, message: Message): void;
  onNote(lane: Lane, severity: 'error' | 'info', text: string): void;
  /** Its state is another one now. */
  onState(lane: Lane): void;
}

export interface LaneSetup {
  settings: Readonly<Settings>;
  token: string;
  discover(signal: AbortSignal): Promise<Discovered>;
}

/** One of the links side by side: a client, its probes, and what it is up to. */
export class Lane {
  readonly name: LaneName;
  readonly probes = new Probes();
  readonly #events: LaneEvents;
  readonly #tap: Tap;
  #client: Client | undefined;
  #attempt: AbortController | undefined;
  #probeTimer: number | undefined;
  #lastError = '';

  constructor(name: LaneName, events: LaneEvents) {
    this.name = name;
    this.#events = events;
    this.#tap = new Tap((frame) => events.onFrame(this, frame));
  }

  get title(): string {
    return LANE_TITLES[this.name];
  }

  get client(): Client | undefined {
    return this.#client;
  }

  get state(): ClientState | 'idle' {
    if (this.#attempt !== undefined) return 'connecting';
    return this.#client?.state ?? 'idle';
  }

  get stats(): ClientStats | undefined {
    return this.#client?.stats();
  }

  /** Why the last attempt failed; empty: it did not. */
  get lastError(): string {
    return this.#lastError;
  }

  /** A new session. Never rejects: what goes wrong is a note. */
  async connect(setup: LaneSetup): Promise<void> {
    this.disconnect();
    this.#lastError = '';
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#events.onState(this);
    try {
      const found = await setup.discover(attempt.signal);
      const client = await connect({
        ...found,
        transport: this.name,
        token: setup.token === '' ? undefined : setup.token,
        client: 'dualgate-web-client',
        wrap: this.#tap.wrap,
        signal: attempt.signal,
      });
      if (attempt.signal.aborted) client.close();
      else this.#adopt(client);
    } catch (error) {
      if (!attempt.signal.aborted) this.#failed(error);
    } finally {
      if (this.#attempt === attempt) this.#attempt = undefined;
      this.#events.onState(this);
    }
  }

  disconnect(): void {
    this.#attempt?.abort();
    this.#attempt = undefined;
    this.#client?.close();
    this.#client = undefined;
    this.#events.onState(this);
  }

  /** The link breaks; the client finds out and comes back. */
  kill(): void {
    if (!this.#tap.kill()) this.#events.onNote(this, 'error', 'there is no link to kill');
  }

  /** Another link for the same session, at once. */
  resume(): void {
    this.#client?.reconnect();
  }

  sendRaw(frame: Uint8Array): boolean {
    return this.#tap.sendRaw(frame);
  }

  /** Sends probes at the rate of the settings from now on. */
  probe(settings: Readonly<Settings>): void {
    window.clearInterval(this.#probeTimer);
    if (settings.rate === 0) return;
    this.#probeTimer = window.setInterval(() => this.#sendProbe(settings), 1_000 / settings.rate);
  }

  #sendProbe({ user, bytes, delivery }: Readonly<Settings>): void {
    const client = this.#client;
    if (client?.state !== 'open') return;
    const sentAtMs = performance.now();
    const number = this.probes.begin(sentAtMs);
    const payload = encodeDemo({ user, number, sentAtMs }, bytes);
    const sent = client.send(ROUTE.game, MSG.probe, payload, { latest: delivery === 'latest' });
    if (!sent) this.probes.cancel(number);
  }

  #adopt(client: Client): void {
    this.#client = client;
    this.probes.reset();
    const { choice, sessionId } = client.stats();
    const how = choice === undefined ? '' : ` by ${choice.transport} after ${Math.round(choice.afterMs)} ms`;
    this.#events.onNote(this, 'info', `session ${sessionId} open${how}`);
    client.on('message', (message) => this.#receive(message));
    client.on('latest', (message) => this.#receive(message));
    client.on('goaway', ({ reason, spreadMs }) => {
      this.#events.onNote(this, 'info', `GoAway: ${reason}; moving within ${spreadMs} ms`);
    });
    client.on('error', ({ error, seq }) =>
      this.#events.onNote(this, 'error', `seq ${seq}: ${describe(error)}`),
    );
    client.on('state', (event) => {
      this.#events.onState(this);
      if (event.state === 'open') {
        const { recovered, replayed } = event;
        const what = recovered ? `resumed, ${replayed} frames replayed` : 'new session';
        this.#events.onNote(this, 'info', `${what} by ${client.stats().transport ?? 'no link'}`);
      } else {
        const next = event.state === 'closed' ? 'closed' : `again in ${Math.round(event.retryInMs)} ms`;
        const why = `${event.code} ${event.reason}`.trim();
        const kind = event.code === NORMAL_CLOSURE ? 'info' : 'error';
        this.#events.onNote(this, kind, `link ended (${why}); ${next}`);
      }
    });
  }

  #receive(message: Message): void {
    const nowMs = performance.now();
    this.probes.countMessage(nowMs);
    if (message.flags & FLAG.response && message.msgId === MSG.probe) {
      const { number } = decodeDemo(message.payload);
      if (number !== undefined) this.probes.end(number, nowMs);
    }
    this.#events.onMessage(this, message);
  }

  #failed(error: unknown): void {
    this.#lastError = describe(error);
    this.#events.onNote(this, 'error', `no connection: ${this.#lastError}`);
  }
}

function describe(error: unknown): string {
  if (error instanceof ClientError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
