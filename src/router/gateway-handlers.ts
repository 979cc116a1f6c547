import {
  decodeGroupName,
  decodeUserIds,
  encodeGroupState,
  encodeGroups,
  encodeUserIds,
  GATEWAY_MSG,
} from '../protocol/gateway-messages.ts';
import { encodeFrame, FLAG, payloadOf, readMsgId } from '../protocol/header.ts';
import { encodeStatusPayload, type Status } from '../protocol/system.ts';
import { userKeyOf } from '../protocol/user-id.ts';
import type { Hub } from '../session/hub.ts';
import type { UserDirectory } from '../session/remote.ts';
import type { FrameRef, Session } from '../session/session.ts';
import { type Link, refOf } from './link.ts';
import type { RouteTable } from './route-table.ts';

export interface GatewayHandlersOptions {
  readonly hub: Hub;
  readonly table: RouteTable;
  /** Groups that clients may join by themselves: those whose name begins with one of these. */
  readonly clientPrefixes: readonly string[];
  /** Groups of one session at a time, where its client joins. */
  readonly groupsPerSession: number;
  /** Clients may ask which users are online. */
  readonly clientPresence: boolean;
  /** Undefined: users of other gateways are unknown. */
  readonly directory: UserDirectory | undefined;
  status(): Status;
  /** True where authentication has given the session this permission. */
  may(session: Session, permission: string): boolean;
}

const GROUP_NAME_CHARS_MAX = 128;
const PRESENCE_USERS_MAX = 1000;
const RETRY_AFTER_MS = 1_000;

/**
 * Requests that the gateway answers itself (msgIds 9000-9999): groups, presence, status. A client may join a group whose
 * prefix is open to clients, or with the permission `group:<name>`; leave any that it is in; and ask for presence where
 * that is open to clients, or with the permission `presence`.
 */
export class GatewayHandlers {
  readonly #options: GatewayHandlersOptions;

  constructor(options: GatewayHandlersOptions) {
    this.#options = options;
  }

  handle(link: Link, frame: Uint8Array): void {
    switch (readMsgId(frame)) {
      case GATEWAY_MSG.groupJoin:
        return this.#join(link, frame);
      case GATEWAY_MSG.groupLeave:
        return this.#leave(link, frame);
      case GATEWAY_MSG.groups:
        return this.#respond(link, frame, encodeGroups([...(link.session.groups ?? [])]));
      case GATEWAY_MSG.presence:
        return this.#presence(link, frame);
      case GATEWAY_MSG.status:
        return this.#respond(link, frame, encodeStatusPayload(this.#options.status()));
      default:
        return link.reject(refOf(frame), 'UNKNOWN_ROUTE', `gateway message ${readMsgId(frame)}`);
    }
  }

  #join(link: Link, frame: Uint8Array): void {
    const { hub, groupsPerSession } = this.#options;
    const { session } = link;
    const group = this.#groupOf(link, frame);
    if (group === undefined) return;
    if (!this.#mayJoin(session, group)) {
      return link.reject(refOf(frame), 'FORBIDDEN', 'this group is not open to clients');
    }
    const groups = session.groups?.size ?? 0;
    if (groups >= groupsPerSession && !session.groups?.has(group)) {
      return link.reject(refOf(frame), 'FORBIDDEN', `a session is in ${groupsPerSession} groups at most`);
    }
    hub.join(group, session);
    this.#respondState(link, frame, group);
  }

  #leave(link: Link, frame: Uint8Array): void {
    const group = this.#groupOf(link, frame);
    if (group === undefined) return;
    this.#options.hub.leave(group, link.session);
    this.#respondState(link, frame, group);
  }

  #groupOf(link: Link, frame: Uint8Array): string | undefined {
    const group = decodeGroupName(payloadOf(frame));
    if (group !== undefined && group !== '' && group.length <= GROUP_NAME_CHARS_MAX) return group;
    link.reject(refOf(frame), 'BAD_MESSAGE', `a group name of 1 to ${GROUP_NAME_CHARS_MAX} characters`);
    return undefined;
  }

  #mayJoin(session: Session, group: string): boolean {
    const { clientPrefixes, may } = this.#options;
    return clientPrefixes.some((prefix) => group.startsWith(prefix)) || may(session, `group:${group}`);
  }

  #presence(link: Link, frame: Uint8Array): void {
    const { clientPresence, may, directory } = this.#options;
    if (!clientPresence && !may(link.session, 'presence')) {
      return link.reject(refOf(frame), 'FORBIDDEN', 'presence is not open to clients');
    }
    const userIds = decodeUserIds(payloadOf(frame));
    if (userIds === undefined || userIds.length > PRESENCE_USERS_MAX) {
      return link.reject(refOf(frame), 'BAD_MESSAGE', `up to ${PRESENCE_USERS_MAX} user ids`);
    }
    const here = new Set(userIds.filter((id) => this.#isHere(id)));
    if (directory === undefined || here.size === userIds.length) {
      return this.#respond(link, frame, encodeUserIds([...here]));
    }
    if (directory.busy) {
      return link.reject(refOf(frame), 'BUSY', 'too many presence queries', RETRY_AFTER_MS);
    }
    const ref = refOf(frame);
    const asked = userIds.map((id) => here.has(id) || directory.isElsewhere(id));
    void Promise.all(asked).then(
      (online) => this.#answer(link.session, ref, encodeUserIds(userIds.filter((_, index) => online[index]))),
      () => link.reject(ref, 'UNAVAILABLE', 'the session store is away', RETRY_AFTER_MS),
    );
  }

  #isHere(userId: string): boolean {
    const key = userKeyOf(userId);
    return key !== undefined && this.#options.hub.sessionsOf(key) !== undefined;
  }

  /** Outsiders are not told how many are in it. */
  #respondState(link: Link, frame: Uint8Array, group: string): void {
    const member = link.session.groups?.has(group) ?? false;
    const members = member ? (this.#options.hub.group(group)?.size ?? 0) : 0;
    this.#respond(link, frame, encodeGroupState({ group, member, members }));
  }

  #respond(link: Link, frame: Uint8Array, payload: Uint8Array): void {
    this.#answer(link.session, refOf(frame), payload);
  }

  #answer(session: Session, { seq, route, msgId }: FrameRef, payload: Uint8Array): void {
    const response = encodeFrame({ seq, route, flags: FLAG.response, msgId }, payload);
    session.send(response, this.#options.table.lane(route, msgId));
  }
}
