import { dualgate } from './gen/gateway.js';
import { longOfUserId, userIdOf } from './int64.ts';

/**
 * Messages of the range 9000-9999, which the gateway answers itself (proto/gateway.proto): payloads, without a header.
 * Decoders return undefined where the payload is malformed; they never throw.
 */

/** The msgId of each request; the response has the same. */
export const GATEWAY_MSG = {
  groupJoin: 9001,
  groupLeave: 9002,
  groups: 9003,
  presence: 9004,
  status: 9005,
} as const;

export interface GroupState {
  group: string;
  member: boolean;
  /** Sessions of this gateway. */
  members: number;
}

const { v1 } = dualgate;

/** The group that a request to join or to leave names. */
export function decodeGroupName(payload: Uint8Array): string | undefined {
  try {
    return v1.GatewayMessage.decode(payload).group;
  } catch {
    return undefined;
  }
}

export function encodeGroupName(group: string): Uint8Array {
  return v1.GatewayMessage.encode({ group }).finish();
}

export function encodeGroupState(state: GroupState): Uint8Array {
  return v1.GatewayMessage.encode(state).finish();
}

export function decodeGroupState(payload: Uint8Array): GroupState | undefined {
  try {
    const { group, member, members } = v1.GatewayMessage.decode(payload);
    return { group, member, members };
  } catch {
    return undefined;
  }
}

export function encodeGroups(groups: readonly string[]): Uint8Array {
  return v1.GatewayMessage.encode({ groups: [...groups] }).finish();
}

export function decodeGroups(payload: Uint8Array): string[] | undefined {
  try {
    return v1.GatewayMessage.decode(payload).groups;
  } catch {
    return undefined;
  }
}

/** Of a question for presence and of its answer; decimal. */
export function encodeUserIds(userIds: readonly string[]): Uint8Array {
  return v1.GatewayMessage.encode({ userIds: userIds.map(longOfUserId) }).finish();
}

export function decodeUserIds(payload: Uint8Array): string[] | undefined {
  try {
    return v1.GatewayMessage.decode(payload).userIds.map(userIdOf);
  } catch {
    return undefined;
  }
}
