import type { Clock, Timer } from './clock.ts';
import { HeldHandlers } from './held-handlers.ts';
import type { Link, LinkHandlers, LinkSource, OpenLink, TransportChoice } from './link.ts';
import type { TransportMemory } from './transport-memory.ts';

export interface TransportRaceOptions {
  webSocket: OpenLink;
  /** Hands over echoed links only. Undefined: not to be had, for the reason in `absent`. */
  webTransport: OpenLink | undefined;
  absent: string;
  memory: TransportMemory;
  clock: Clock;
}

const NORMAL = 1000;
/** A loser that is still connecting is let finish, but not for ever. */
const LOSER_MS_MAX = 30_000;

/** Opens links over WebTransport or WebSocket, whichever serves better, and knows why. */
export class TransportRace implements LinkSource {
  readonly #options: TransportRaceOptions;
  #choice: TransportChoice | undefined;

  constructor(options: TransportRaceOptions) {
    this.#options = options;
  }

  get choice(): TransportChoice | undefined {
    return this.#choice;
  }

  readonly open: OpenLink = async (handlers, signal) => {
    signal?.throwIfAborted();
    const { link, choice } = await new Heat(this.#options, handlers).run(signal);
    this.#choice = choice;
    return link;
  };
}

interface HeatResult {
  link: Link;
  choice: TransportChoice;
}

interface Runner {
  held: HeldHandlers;
  abort: AbortController;
  /** Its error, once it is out. */
  failure?: string;
  /** Bounds it once it has lost. */
  timer?: Timer;
}

/** One race: WebTransport runs first, WebSocket after the head start or as soon as WebTransport is out. */
class Heat {
  readonly #options: TransportRaceOptions;
  readonly #handlers: LinkHandlers;
  readonly #startedAtMs: number;
  #webTransport: Runner | undefined;
  #webSocket: Runner | undefined;
  #headStart: Timer | undefined;
  #finish: { resolve(result: HeatResult): void; reject(error: unknown): void } | undefined;
  #why: Pick<TransportChoice, 'cause' | 'detail'> = { cause: 'unavailable', detail: '' };

  constructor(options: TransportRaceOptions, handlers: LinkHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.#startedAtMs = options.clock.nowMs();
  }

  run(signal?: AbortSignal): Promise<HeatResult> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#end();
        for (const runner of [this.#webTransport, this.#webSocket]) runner?.abort.abort(signal?.reason);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      const release = () => signal?.removeEventListener('abort', abort);
      this.#finish = {
        resolve: (result) => {
          release();
          resolve(result);
        },
        reject: (error) => {
          release();
          reject(error);
        },
      };
      this.#start();
    });
  }

  #start(): void {
    const { webTransport, absent, memory, clock } = this.#options;
    if (webTransport === undefined) return this.#startWebSocket('unavailable', absent);
    const plan = memory.plan();
    if (plan.kind === 'websocket-only') {
      const minutes = Math.ceil((plan.untilMs - clock.unixMs()) / 60_000);
      return this.#startWebSocket('remembered', `WebTransport failed before; tried again in ${minutes} min`);
    }
    this.#webTransport = this.#run(webTransport, {
      onLink: (link, runner) => this.#webTransportOpen(link, runner),
      onFailure: (reason) => this.#webTransportFailed(reason),
    });
    this.#headStart = clock.after(plan.headStartMs, () => {
      this.#startWebSocket('late', `no WebTransport within ${plan.headStartMs} ms`);
    });
  }

  #run(
    open: OpenLink,
    events: { onLink(link: Link, runner: Runner): void; onFailure(reason: string): void },
  ): Runner {
    const runner: Runner = { held: new HeldHandlers(this.#handlers), abort: new AbortController() };
    open(runner.held, runner.abort.signal).then(
      (link) => {
        runner.timer?.cancel();
        events.onLink(link, runner);
      },
      (error: unknown) => {
        runner.timer?.cancel();
        events.onFailure(error instanceof Error ? error.message : String(error));
      },
    );
    return runner;
  }

  #startWebSocket(cause: TransportChoice['cause'], detail: string): void {
    this.#why = { cause, detail };
    this.#headStart?.cancel();
    this.#webSocket = this.#run(this.#options.webSocket, {
      onLink: (link, runner) => this.#webSocketOpen(link, runner),
      onFailure: (reason) => this.#webSocketFailed(reason),
    });
  }

  #webTransportOpen(link: Link, runner: Runner): void {
    this.#options.memory.worked();
    const datagrams = link.datagramBytesMax > 0 ? 'stream and datagram' : 'stream only, no datagrams';
    this.#arrive(link, runner, { cause: 'echo', detail: `echo came back: ${datagrams}` });
  }

  #webTransportFailed(reason: string): void {
    if (this.#webTransport !== undefined) this.#webTransport.failure = reason;
    // A race that WebSocket has won has counted it already.
    if (this.#finish === undefined) return;
    const detail = `WebTransport failed: ${reason}`;
    if (this.#webSocket === undefined) this.#startWebSocket('failed', detail);
    else if (this.#webSocket.failure === undefined) this.#why = { cause: 'failed', detail };
    else this.#lost();
  }

  /** A failure counts only where WebSocket gets through: without any network it tells nothing of WebTransport. */
  #webSocketOpen(link: Link, runner: Runner): void {
    if (this.#finish !== undefined && this.#webTransport !== undefined) this.#options.memory.failed();
    this.#arrive(link, runner, this.#why);
  }

  #webSocketFailed(reason: string): void {
    if (this.#webSocket !== undefined) this.#webSocket.failure = reason;
    if (this.#webTransport === undefined || this.#webTransport.failure !== undefined) this.#lost();
  }

  /** The first to arrive wins; the other is let finish and closed then. */
  #arrive(link: Link, runner: Runner, why: Pick<TransportChoice, 'cause' | 'detail'>): void {
    const finish = this.#finish;
    if (finish === undefined) {
      runner.held.discard();
      link.close(NORMAL, 'the other transport won');
      return;
    }
    this.#end();
    const loser = runner === this.#webSocket ? this.#webTransport : this.#webSocket;
    if (loser !== undefined && loser.failure === undefined) this.#boundLoser(loser);
    const afterMs = this.#options.clock.nowMs() - this.#startedAtMs;
    finish.resolve({ link, choice: { ...why, transport: link.transport, afterMs } });
    runner.held.release();
  }

  #boundLoser(loser: Runner): void {
    loser.held.discard();
    loser.timer = this.#options.clock.after(LOSER_MS_MAX, () => {
      loser.abort.abort(new Error('the other transport won'));
    });
  }

  #lost(): void {
    const finish = this.#finish;
    this.#end();
    const parts = [this.#webTransport?.failure, this.#webSocket?.failure];
    finish?.reject(new Error(parts.filter((part) => part !== undefined).join('; ')));
  }

  #end(): void {
    this.#finish = undefined;
    this.#headStart?.cancel();
  }
}
