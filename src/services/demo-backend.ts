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

/** Game frames with these message ids go to everyone, `latest` or reliable as they came: the demo arena lives on them. */
const ARENA = { from: 1100, to: 1199 } as const;

/**
 * The built-in backend of game `demo`, on the same boundary as all others: answers a game frame with a response of the
 * same seq, msgId and payload, and relays chat frames and those of the arena to every session of every gateway.
 * Understands the envelope format only.
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
    this.#publish(addressed, mine.filter((upstream) => !isRelayed(upstream)).map(echo));
    this.#publish(broadcast, mine.filter(isRelayed).map(relay));
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

function isRelayed({ route, msgId }: Upstream): boolean {
  return route === ROUTE.chat || (msgId >= ARENA.from && msgId <= ARENA.to);
}

/** The newest counts per sender and message id: one player's position does not push out another's. */
function relay(upstream: Upstream): Downstream {
  const { sessionId, route, msgId, latest, payload } = upstream;
  const conflationKey = latest ? `${sessionId}/${msgId}` : undefined;
  return { message: { everyone: true, route, msgId, latest, conflationKey, payload } };
}
