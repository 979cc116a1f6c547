import { dualgate } from './gen/gateway.js';
import { longOf, longOfUserId, numberOf, userIdOf } from './int64.ts';

/**
 * Envelopes between gateway and backends as plain objects, on the generated code: for backends, tools and tests. The
 * gateway itself writes and reads them by `upstream-writer.ts` and `downstream-reader.ts`, which are faster.
 */

/** One client frame, as a backend sees it. */
export interface Upstream {
  gatewayId: string;
  sessionId: string;
  /** Decimal; `0`: not bound. */
  userId: string;
  transport: string;
  seq: number;
  route: number;
  msgId: number;
  /** Unix time. */
  receivedAtMs: number;
  gameId: string;
  payload: Uint8Array;
  latest: boolean;
}

/** A push from a backend; fields as in MessageBroadcast of gateway.proto, absent ones are its defaults. */
export interface Push {
  /** Decimal, as all user ids here. */
  targetUserIds?: string[];
  targetSessionIds?: string[];
  group?: string;
  everyone?: boolean;
  excludeSessionIds?: string[];
  route: number;
  msgId: number;
  seq?: number;
  response?: boolean;
  /** 1 critical, 2 high, 3 normal, 4 low; 0: as the route table says. */
  lane?: number;
  latest?: boolean;
  conflationKey?: string;
  payload: Uint8Array;
}

export interface GroupChange {
  group: string;
  addSessionIds?: string[];
  removeSessionIds?: string[];
  addUserIds?: string[];
  removeUserIds?: string[];
  dissolve?: boolean;
}

export interface DisconnectRequest {
  sessionIds?: string[];
  userIds?: string[];
  /** 0: `kicked`. */
  code?: number;
  reason?: string;
}

export type Downstream = { message: Push } | { group: GroupChange } | { disconnect: DisconnectRequest };

/** A batch that could not be handed over, or that a backend could not deal with. */
export interface DeadLetter {
  topic: string;
  reason: string;
  attempts: number;
  /** Unix time. */
  failedAtMs: number;
  /** Id of the gateway, or name of the consumer. */
  source: string;
  /** As they were published, or would have been. */
  messages: readonly Uint8Array[];
}

/** The messages of an UpstreamBatch; undefined where the bytes are none. Payloads are views of `bytes`. */
export function decodeUpstreamBatch(bytes: Uint8Array): Upstream[] | undefined {
  try {
    return dualgate.v1.UpstreamBatch.decode(bytes).messages.map(upstreamOf);
  } catch {
    return undefined;
  }
}

export function encodeDownstreamBatch(items: readonly Downstream[]): Uint8Array {
  return dualgate.v1.DownstreamBatch.encode({ items: items.map(downstreamOf) }).finish();
}

export function encodeDeadLetter(letter: DeadLetter): Uint8Array {
  const { failedAtMs, messages, ...rest } = letter;
  return dualgate.v1.DeadLetter.encode({
    ...rest,
    failedAtMs: longOf(failedAtMs),
    messages: [...messages],
  }).finish();
}

/** Undefined where the bytes are no DeadLetter. */
export function decodeDeadLetter(bytes: Uint8Array): DeadLetter | undefined {
  try {
    const { topic, reason, attempts, failedAtMs, source, messages } = dualgate.v1.DeadLetter.decode(bytes);
    return { topic, reason, attempts, failedAtMs: numberOf(failedAtMs), source, messages };
  } catch {
    return undefined;
  }
}

/** A ChatResponse (raw format), for backends and tests. `targetUserId` in decimal. */
export function encodeChatResponse(targetUserId: string, rest: Uint8Array): Uint8Array {
  return dualgate.v1.ChatResponse.encode({ targetUserId: longOfUserId(targetUserId), rest }).finish();
}

/** Undefined where the bytes are no GroupChange. */
export function decodeGroupChange(bytes: Uint8Array): GroupChange | undefined {
  try {
    const change = dualgate.v1.GroupChange.decode(bytes);
    return {
      group: change.group,
      addSessionIds: change.addSessionIds,
      removeSessionIds: change.removeSessionIds,
      addUserIds: change.addUserIds.map(userIdOf),
      removeUserIds: change.removeUserIds.map(userIdOf),
      dissolve: change.dissolve,
    };
  } catch {
    return undefined;
  }
}

/** Undefined where the bytes are no DisconnectRequest. */
export function decodeDisconnectRequest(bytes: Uint8Array): DisconnectRequest | undefined {
  try {
    const { sessionIds, userIds, code, reason } = dualgate.v1.DisconnectRequest.decode(bytes);
    return { sessionIds, userIds: userIds.map(userIdOf), code, reason };
  } catch {
    return undefined;
  }
}

function upstreamOf(message: dualgate.v1.Upstream.$Properties): Upstream {
  return {
    gatewayId: message.gatewayId ?? '',
    sessionId: message.sessionId ?? '',
    userId: userIdOf(message.userId ?? 0),
    transport: message.transport ?? '',
    seq: message.seq ?? 0,
    route: message.route ?? 0,
    msgId: message.msgId ?? 0,
    receivedAtMs: numberOf(message.receivedAtMs ?? 0),
    gameId: message.gameId ?? '',
    payload: message.payload ?? new Uint8Array(0),
    latest: message.latest ?? false,
  };
}

function downstreamOf(item: Downstream): dualgate.v1.Downstream.$Properties {
  if ('message' in item) {
    const { targetUserIds, ...rest } = item.message;
    return { message: { ...rest, targetUserIds: targetUserIds?.map(longOfUserId) } };
  }
  if ('group' in item) {
    const { addUserIds, removeUserIds, ...rest } = item.group;
    return {
      group: {
        ...rest,
        addUserIds: addUserIds?.map(longOfUserId),
        removeUserIds: removeUserIds?.map(longOfUserId),
      },
    };
  }
  const { userIds, ...rest } = item.disconnect;
  return { disconnect: { ...rest, userIds: userIds?.map(longOfUserId) } };
}
