import { DISCONNECT } from '../../protocol/disconnect.ts';
import { encodeDownstreamBatch } from '../../protocol/envelopes.ts';
import type { RedisCommands } from '../store/redis-commands.ts';
import { type HandoverMessage, parseHandover } from './handover-messages.ts';

/** End the user's sessions. */
export interface LogoutMessage {
  readonly kind: 'logout';
  readonly user: string;
  /** Names the logout, which may be told of again; empty: it is not. */
  readonly nonce: string;
  /** Unix ms: sessions that began later are not meant; 0: all are. */
  readonly beforeMs: number;
}

/** What gateways say to each other about sessions. */
export type ControlMessage =
  /** The session is here now, at that epoch. */
  | { readonly kind: 'taken'; readonly session: string; readonly epoch: number }
  /** These sessions of the user have given way to another one. */
  | { readonly kind: 'replaced'; readonly user: string; readonly sessions: readonly string[] }
  /** Whoever is said to have these of the user's sessions, and does not, is to take them out of the index. */
  | { readonly kind: 'query'; readonly user: string; readonly sessions: readonly string[] }
  | LogoutMessage
  /** Copies of these are stale. */
  | { readonly kind: 'changed'; readonly sessions: readonly string[]; readonly users: readonly string[] }
  | HandoverMessage;

/** Any message may be lost: whoever waits for an answer has a deadline, and the store's fences decide. */
export interface ControlChannel {
  /** Hears what is sent to that gateway and to all, at the latest from `start` on. Once. `onMessage` must not throw. */
  listen(gatewayId: string, onMessage: (message: ControlMessage) => void): void;
  /** Resolves with the outcome of the first attempt to connect, good or bad. */
  start(): Promise<void>;
  send(gatewayId: string, message: ControlMessage): void;
  /**
   * Asks for sessions on the channel of the pushes that every gateway hears: whoever has one answers for the pushes
   * before this, and who asks for the ones after.
   */
  sendBarrier(sessionIds: readonly string[], nonce: string): void;
  /** The same without a session: a name for a place among the pushes. */
  sendMark(name: string): void;
  /** Every gateway hears it, this one too. Resolves with their number: -1 unknown, 0 where Redis is away. */
  sendAll(message: ControlMessage): Promise<number>;
  /** Hears nothing more. Idempotent. */
  close(): void;
}

/** Where every gateway hears pushes, in the envelope format. */
export interface BarrierChannel {
  readonly name: string;
  /** Pushes are entries of a stream, which keeps about so many; undefined: they are published. */
  readonly streamMaxlen?: number | undefined;
  /** They are published inside the shard of a cluster. */
  readonly sharded?: boolean;
}

/** A barrier, as it stands among the pushes. */
export function encodeBarrier(sessionIds: readonly string[], nonce: string): Uint8Array {
  const disconnect = { sessionIds: [...sessionIds], code: DISCONNECT.resumed.code, reason: nonce };
  return encodeDownstreamBatch([{ disconnect }]);
}

const ALL = 'dualgate:control';

/** Control messages by Redis Pub/Sub. */
export class RedisControlChannel implements ControlChannel {
  readonly #redis: RedisCommands;
  readonly #barrier: BarrierChannel;

  constructor(redis: RedisCommands, barrier: BarrierChannel) {
    this.#redis = redis;
    this.#barrier = barrier;
  }

  sendBarrier(sessionIds: readonly string[], nonce: string): void {
    this.#sendInOrder(sessionIds, nonce);
  }

  sendMark(name: string): void {
    this.#sendInOrder([], name);
  }

  listen(gatewayId: string, onMessage: (message: ControlMessage) => void): void {
    this.#redis.listen([ALL, channelOf(gatewayId)], (bytes) => {
      const message = parse(bytes);
      if (message !== undefined) onMessage(message);
    });
  }

  start(): Promise<void> {
    return this.#redis.start();
  }

  send(gatewayId: string, message: ControlMessage): void {
    void this.#redis.publish(channelOf(gatewayId), JSON.stringify(message));
  }

  sendAll(message: ControlMessage): Promise<number> {
    return this.#redis.publish(ALL, JSON.stringify(message));
  }

  close(): void {
    this.#redis.close();
  }

  /** Lost where Redis is away: whoever asks has a deadline. */
  #sendInOrder(sessionIds: readonly string[], reason: string): void {
    const message = encodeBarrier(sessionIds, reason);
    const { name, streamMaxlen, sharded } = this.#barrier;
    const publish = sharded ? 'SPUBLISH' : 'PUBLISH';
    const sent =
      streamMaxlen === undefined
        ? this.#redis.call(publish, name, message)
        : this.#redis.call('XADD', name, 'MAXLEN', '~', streamMaxlen, '*', 'd', message);
    sent.catch(() => {});
  }
}

function channelOf(gatewayId: string): string {
  return `${ALL}:${gatewayId}`;
}

function parse(bytes: Uint8Array): ControlMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const kind: unknown = Reflect.get(value, 'kind');
  const session: unknown = Reflect.get(value, 'session');
  const epoch: unknown = Reflect.get(value, 'epoch');
  const user: unknown = Reflect.get(value, 'user');
  if (kind === 'taken' && typeof session === 'string' && typeof epoch === 'number')
    return { kind, session, epoch };
  if ((kind === 'replaced' || kind === 'query') && typeof user === 'string') {
    return { kind, user, sessions: textsOf(Reflect.get(value, 'sessions')) };
  }
  if (kind === 'logout' && typeof user === 'string') {
    const nonce: unknown = Reflect.get(value, 'nonce');
    const beforeMs: unknown = Reflect.get(value, 'beforeMs');
    return {
      ...{ kind, user, nonce: typeof nonce === 'string' ? nonce : '' },
      beforeMs: typeof beforeMs === 'number' ? beforeMs : 0,
    };
  }
  if (kind === 'changed') {
    return {
      kind,
      sessions: textsOf(Reflect.get(value, 'sessions')),
      users: textsOf(Reflect.get(value, 'users')),
    };
  }
  return parseHandover(value);
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
}
