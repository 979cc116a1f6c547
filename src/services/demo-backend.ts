import type { BackendPort } from '../bridge/bridge.ts';
import { messageOf } from '../errors.ts';
import type { Log } from '../observe/log.ts';
import {
  type Downstream,
  decodeUpstreamBatch,
  encodeDownstreamBatch,
  type Upstream,
} from '../protocol/envelopes.ts';
import { ROUTE } from '../protocol/header.ts';

export interface DemoBackendOptions {
  readonly port: BackendPort;
  /** Of the game it serves. */
  readonly topic: string;
  /** This gateway: frames of other gateways are theirs to answer. */
  readonly gatewayId: string;
  readonly channels: { readonly broadcast: string; readonly addressed: string };
  readonly log: Log;
}

/**
 * The built-in backend of game `demo`, on the same boundary as any other: answers a game frame with a response of the
 * same seq, msgId and payload, and relays a chat frame to every session of every gateway. Understands the envelope
 * format only.
 */
export class DemoBackend {
  readonly #options: DemoBackendOptions;

  constructor(options: DemoBackendOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.#options.port.subscribe(this.#options.topic, (message) => this.#onMessage(message));
  }

  close(): Promise<void> {
    return this.#options.port.close();
  }

  #onMessage(message: Uint8Array): void {
    const batch = decodeUpstreamBatch(message);
    if (batch === undefined) {
      this.#options.log.warn({ bytes: message.length }, 'demo backend: not an UpstreamBatch');
      return;
    }
    const mine = batch.filter((upstream) => upstream.gatewayId === this.#options.gatewayId);
    const { addressed, broadcast } = this.#options.channels;
    this.#publish(addressed, mine.filter((upstream) => upstream.route !== ROUTE.chat).map(echo));
    this.#publish(broadcast, mine.filter((upstream) => upstream.route === ROUTE.chat).map(relay));
  }

  #publish(channel: string, items: Downstream[]): void {
    if (items.length === 0) return;
    this.#options.port.publish(channel, encodeDownstreamBatch(items)).catch((error: unknown) => {
      this.#options.log.warn({ error: messageOf(error) }, 'demo backend: answer not published');
    });
  }
}

function echo(upstream: Upstream): Downstream {
  const { sessionId, route, msgId, seq, payload, latest } = upstream;
  return { message: { targetSessionIds: [sessionId], route, msgId, seq, response: true, latest, payload } };
}

function relay(upstream: Upstream): Downstream {
  const { route, msgId, payload } = upstream;
  return { message: { everyone: true, route, msgId, payload } };
}
