import { ROUTE } from '../src/protocol/header.ts';
import { connect } from '../web-client/sdk/client.ts';
import type { Client } from '../web-client/sdk/client-api.ts';
import { ClientError } from '../web-client/sdk/errors.ts';
import type { OpenLink } from '../web-client/sdk/link.ts';
import type { Message } from '../web-client/sdk/message.ts';
import type { EndpointOptions } from './endpoint.ts';
import type { MessageOptions } from './load-options.ts';
import { count, LoadResult } from './load-result.ts';
import { formatCounts, formatMs, formatTable } from './output.ts';
import { buildPayload } from './payload.ts';

/** What `client` runs with. */
export interface ClientOptions extends MessageOptions, EndpointOptions {
  messages: number;
  /** Between an answer and the next message. */
  intervalMs: number;
}

/** One run of `client`: a connection that sends one message after the other and shows each answer. */
export class ClientRun {
  readonly #options: ClientOptions;
  readonly #open: OpenLink;
  readonly #stop: AbortSignal;
  readonly #result = new LoadResult();
  readonly #payload: Uint8Array;

  constructor(options: ClientOptions, open: OpenLink, stop: AbortSignal) {
    this.#options = options;
    this.#open = open;
    this.#stop = stop;
    this.#payload = buildPayload(options);
  }

  /** Once. The exit code. */
  async run(): Promise<number> {
    const { url, token, timeoutMs } = this.#options;
    let client: Client | undefined;
    try {
      client = await connect({
        open: this.#open,
        token,
        client: 'dualgate-client',
        connectTimeoutMs: timeoutMs,
        requestTimeoutMs: timeoutMs,
        reconnect: false,
        signal: this.#stop,
      });
      this.#result.connected++;
      this.#say(`connected to ${url}, session ${client.stats().sessionId}`);
      await this.#sendAll(client);
    } catch (error) {
      count(this.#result.connectFailures, reasonOf(error));
    } finally {
      client?.close();
    }
    this.#report();
    return this.#ok ? 0 : 1;
  }

  /** Every message was answered, and nothing failed. */
  get #ok(): boolean {
    return this.#result.clean && this.#result.answered === this.#result.sent;
  }

  async #sendAll(client: Client): Promise<void> {
    for (let number = 1; number <= this.#options.messages && !this.#stop.aborted; number++) {
      if (client.state !== 'open') break;
      await this.#sendOne(client, number);
      if (number < this.#options.messages) await pause(this.#options.intervalMs, this.#stop);
    }
    this.#result.received = client.stats().received;
    if (client.state === 'closed') count(this.#result.dropped, 'connection ended');
  }

  async #sendOne(client: Client, number: number): Promise<void> {
    const startedAtMs = performance.now();
    const result = this.#result;
    if (result.firstSentAtMs === 0) result.firstSentAtMs = performance.timeOrigin + startedAtMs;
    result.sent++;
    try {
      const answer = await this.#answerOf(client);
      const endedAtMs = performance.now();
      result.lastAnswerAtMs = performance.timeOrigin + endedAtMs;
      result.answered++;
      result.recordLatency(Math.round((endedAtMs - startedAtMs) * 1_000));
      const took = formatMs((endedAtMs - startedAtMs) * 1_000);
      this.#say(`${number}: ${answer.payload.length} bytes, msgId ${answer.msgId}, in ${took}`);
    } catch (error) {
      this.#failed(number, error);
    }
  }

  #failed(number: number, error: unknown): void {
    const reason = reasonOf(error);
    if (reason !== 'NO_ANSWER') {
      count(this.#result.errors, reason);
      this.#result.errorCount++;
    }
    this.#say(`${number}: ${reason}${error instanceof Error ? ` (${error.message})` : ''}`);
  }

  #answerOf(client: Client): Promise<Message> {
    const { route, msgId, timeoutMs } = this.#options;
    if (route === 'game') return client.request(ROUTE.game, msgId, this.#payload, { signal: this.#stop });
    return relayedCopy(client, { msgId, payload: this.#payload, timeoutMs });
  }

  /** For people; `--json` keeps stdout for the result. */
  #say(line: string): void {
    if (!this.#options.json) process.stdout.write(`${line}\n`);
  }

  #report(): void {
    const { connectFailures, dropped, sent, answered, received, lost, errors } = this.#result;
    const { durationMs, answersPerSec } = this.#result;
    const [p50, p90, p99] = [50, 90, 99].map((percentile) => this.#result.latencyUs(percentile));
    const max = this.#result.latencyUsMax;
    if (this.#options.json) {
      const counts = { connectFailures, dropped, sent, answered, received, lost, errors };
      const latencyUs = { p50, p90, p99, max };
      const { url, transport } = this.#options;
      const rate = { durationMs, msgsPerSec: answersPerSec };
      const report = { tool: 'client', url, transport, ...counts, ...rate, latencyUs, ok: this.#ok };
      process.stdout.write(`${JSON.stringify(report)}\n`);
      return;
    }
    const rows: [string, string][] = [
      ['connect failures', formatCounts(connectFailures)],
      ['sent', String(sent)],
      ['answered', String(answered)],
      ['lost', String(lost)],
      ['errors', formatCounts(errors)],
      ['rate', `${answersPerSec.toFixed(1)} msgs/s`],
      ['latency p50 / p90 / p99 / max', [p50, p90, p99, max].map(formatMs).join(' / ')],
    ];
    process.stdout.write(`${formatTable(rows)}\n`);
  }
}

/** A chat frame has no response: what comes back is the copy that the backend relays to every session. */
function relayedCopy(
  client: Client,
  chat: { msgId: number; payload: Uint8Array; timeoutMs: number },
): Promise<Message> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(timer);
      for (const unsubscribe of subscriptions) unsubscribe();
    };
    const fail = (error: Error) => {
      settle();
      reject(error);
    };
    const timer = setTimeout(() => {
      fail(new ClientError('NO_ANSWER', `no relayed copy within ${chat.timeoutMs} ms`));
    }, chat.timeoutMs);
    const subscriptions = [
      client.on('message', (message) => {
        if (message.route !== ROUTE.chat || message.msgId !== chat.msgId) return;
        settle();
        resolve(message);
      }),
      client.on('error', ({ error }) => fail(error)),
      client.on('state', ({ state }) => {
        if (state === 'closed') fail(new ClientError('CLOSED', 'the connection ended'));
      }),
    ];
    if (!client.send(ROUTE.chat, chat.msgId, chat.payload)) fail(new ClientError('DISCONNECTED', 'no link'));
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof ClientError)) return String(error);
  return error.code === 'DISCONNECTED' ? error.message : error.code;
}

/** Abort ends it early, without an error. */
function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, signal.aborted ? 0 : delayMs);
    signal.addEventListener('abort', end, { once: true });
  });
}
