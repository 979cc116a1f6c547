import { dualgate } from './gen/gateway.js';
import { longOf, longOfUserId, userIdOf } from './int64.ts';
import type { Status } from './system.ts';

/**
 * Messages of the range 9000-9999, which the gateway answers itself (proto/gateway.proto): payloads, without a header.
 * Decoders return undefined where the payload is malformed; they never throw.
 */

/** The msgId of each request; the response has the same. */
export const GATEWAY_MSG = {
  groupJoin: 9001,
  groupLeave: 9002,
  groupsQuery: 9003,
  presenceQuery: 9004,
  statusQuery: 9005,
} as const;

export interface GroupState {
  group: string;
  member: boolean;
  /** Sessions of this gateway. */
  members: number;
}

const { v1 } = dualgate;

/** The group that a GroupJoin or a GroupLeave names. */
export function decodeGroupName(payload: Uint8Array): string | undefined {
  try {
    return v1.GroupJoin.decode(payload).group;
  } catch {
    return undefined;
  }
}

export function encodeGroupName(group: string): Uint8Array {
  return v1.GroupJoin.encode({ group }).finish();
}

export function encodeGroupState(state: GroupState): Uint8Array {
  return v1.GroupState.encode(state).finish();
}

export function decodeGroupState(payload: Uint8Array): GroupState | undefined {
  try {
    const { group, member, members } = v1.GroupState.decode(payload);
    return { group, member, members };
  } catch {
    return undefined;
  }
}

export function encodeGroups(groups: readonly string[]): Uint8Array {
  return v1.Groups.encode({ groups: [...groups] }).finish();
}

export function decodeGroups(payload: Uint8Array): string[] | undefined {
  try {
    return v1.Groups.decode(payload).groups;
  } catch {
    return undefined;
  }
}

/** User ids in decimal, here and below. */
export function encodePresenceQuery(userIds: readonly string[]): Uint8Array {
  return v1.PresenceQuery.encode({ userIds: userIds.map(longOfUserId) }).finish();
}

export function decodePresenceQuery(payload: Uint8Array): string[] | undefined {
  try {
    return v1.PresenceQuery.decode(payload).userIds.map(userIdOf);
  } catch {
    return undefined;
  }
}

export function encodePresence(onlineUserIds: readonly string[]): Uint8Array {
  return v1.Presence.encode({ onlineUserIds: onlineUserIds.map(longOfUserId) }).finish();
}

export function decodePresence(payload: Uint8Array): string[] | undefined {
  try {
    return v1.Presence.decode(payload).onlineUserIds.map(userIdOf);
  } catch {
    return undefined;
  }
}

/** A Status without a header, where the request was no system message. */
export function encodeStatusPayload(status: Status): Uint8Array {
  return v1.Status.encode({ ...status, uptimeMs: longOf(Math.round(status.uptimeMs)) }).finish();
}
