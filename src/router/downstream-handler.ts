import type { DownstreamSource } from '../bridge/bridge.ts';
import type { Cell } from '../observe/counters.ts';
import type { Metrics } from '../observe/metrics.ts';
import { DISCONNECT, retryAdvice, withReason } from '../protocol/disconnect.ts';
import {
  DownstreamReader,
  type DownstreamVisitor,
  isBatch,
  readChatResponse,
} from '../protocol/downstream-reader.ts';
import { decodeDisconnectRequest, decodeGroupChange } from '../protocol/envelopes.ts';
import { FrameSlab } from '../protocol/frame-slab.ts';
import { ROUTE } from '../protocol/header.ts';
import { LatestSeq } from '../protocol/newest.ts';
import { flagsOf, type PushMessage } from '../protocol/push-message.ts';
import { type UserKey, userKeyOf } from '../protocol/user-id.ts';
import { LANE, type Lane, laneFromProto } from '../queue/lane.ts';
import type { ConflationKey } from '../queue/waiting-frames.ts';
import type { PushHistory } from '../session/history/push-history.ts';
import type { Hub } from '../session/hub.ts';
import type { SessionLifecycle } from '../session/lifecycle.ts';
import type { Session } from '../session/session.ts';
import type { RouteTable } from './route-table.ts';

export interface DownstreamHandlerOptions {
  readonly format: 'envelope' | 'raw';
  readonly hub: Hub;
  readonly lifecycle: SessionLifecycle;
  readonly table: RouteTable;
  readonly metrics: Metrics;
  /** Keeps and counts what comes by the channel that all gateways hear; undefined: nobody asks for it again. */
  readonly history: PushHistory | undefined;
  /** A DisconnectRequest with the code `resumed`: a gateway asks for sessions whose clients have come to it. */
  onBarrier(sessionIds: readonly string[], nonce: string): void;
}

/** One push on its way to its sessions: the frame is encoded once and shared. */
interface Push {
  frame: Uint8Array;
  lane: Lane;
  latest: boolean;
  key: ConflationKey;
}

/**
 * Reads what backends publish and hands it to the sessions that are here. A target that is not here is ignored and
 * counted: the message went to every gateway.
 */
export class DownstreamHandler implements DownstreamVisitor {
  readonly #options: DownstreamHandlerOptions;
  readonly #slab = new FrameSlab();
  readonly #reader = new DownstreamReader();
  readonly #push: Push = { frame: new Uint8Array(0), lane: LANE.normal, latest: false, key: '' };
  readonly #latestSeq = new LatestSeq();
  /** Of the push in hand; a session that bears it has got the push. */
  #pushNumber = 0;
  /** The history, while it counts what is read. */
  #counting: PushHistory | undefined;
  readonly #messages: Cell;
  readonly #deliveries: Cell;

  constructor(options: DownstreamHandlerOptions) {
    this.#options = options;
    this.#messages = options.metrics.downstreamMessages.cell('message');
    this.#deliveries = options.metrics.downstreamDeliveries.cell();
  }

  receive(message: Uint8Array, source: DownstreamSource): void {
    const { format, history } = this.#options;
    if (source === 'past') return history?.past(message);
    if (format === 'raw') return this.#receiveRaw(message);
    this.#counting = source === 'broadcast' ? history : undefined;
    this.#counting?.start(message);
    const fault = this.#reader.read(message, this);
    this.#counting?.end();
    if (fault !== undefined) this.#ignore('malformed');
  }

  onMessage(message: PushMessage): void {
    this.#counting?.item();
    this.#messages.value++;
    this.#pushNumber++;
    if (!this.#prepare(message)) return this.#ignore('bad_header');
    if (!hasTarget(message)) return this.#ignore('no_target');
    const excluded = message.excludeSessionIds.length === 0 ? undefined : new Set(message.excludeSessionIds);
    for (let index = 0; index < message.targetUserIds.count; index++) {
      this.#deliverToUser(message.targetUserIds.key(index), excluded);
    }
    for (const id of message.targetSessionIds) {
      const session = this.#options.hub.session(id);
      if (session === undefined) this.#ignore('unknown_session');
      else this.#deliver(session, excluded);
    }
    if (message.group !== '') this.#deliverToGroup(message.group, excluded);
    if (message.everyone) for (const session of this.#options.hub.all()) this.#deliver(session, excluded);
  }

  onGroupChange(encoded: Uint8Array): void {
    this.#counting?.item();
    const { hub, metrics } = this.#options;
    metrics.downstreamMessages.add(1, 'group');
    const change = decodeGroupChange(encoded);
    if (change === undefined || change.group === '') return this.#ignore('malformed');
    if (change.dissolve) return hub.dissolve(change.group);
    for (const session of this.#targets(change.addSessionIds, change.addUserIds))
      hub.join(change.group, session);
    for (const session of this.#targets(change.removeSessionIds, change.removeUserIds)) {
      hub.leave(change.group, session);
    }
  }

  onDisconnectRequest(encoded: Uint8Array): void {
    this.#counting?.item();
    this.#options.metrics.downstreamMessages.add(1, 'disconnect');
    const request = decodeDisconnectRequest(encoded);
    if (request === undefined) return this.#ignore('malformed');
    const code = request.code === undefined || request.code === 0 ? DISCONNECT.kicked.code : request.code;
    if (code < 4000 || code > 4999) return this.#ignore('bad_header');
    if (code === DISCONNECT.resumed.code) {
      this.#counting?.mark(request.reason ?? '');
      return this.#options.onBarrier(request.sessionIds ?? [], request.reason ?? '');
    }
    const reason = request.reason || DISCONNECT.kicked.reason;
    for (const session of this.#targets(request.sessionIds, request.userIds)) {
      const disconnect = withReason({ code, reason }, reason);
      if (retryAdvice(code) === 'never') this.#options.lifecycle.end(session, disconnect);
      else session.disconnect(disconnect);
    }
  }

  /** Format `raw`: the message is a ChatResponse and becomes the payload of a chat frame, whole; or it is a barrier. */
  #receiveRaw(message: Uint8Array): void {
    if (isBatch(message)) return this.#receiveBarriers(message);
    this.#options.metrics.downstreamMessages.add(1, 'chat_response');
    this.#pushNumber++;
    const user = readChatResponse(message);
    if (user === undefined) return this.#ignore('malformed');
    const push = this.#push;
    push.frame = this.#slab.encode({ seq: 0, route: ROUTE.chat, flags: 0, msgId: 0 }, message);
    push.lane = this.#options.table.lane(ROUTE.chat, 0);
    push.latest = false;
    this.#deliverToUser(user, undefined);
  }

  /** From other gateways; whatever else a batch holds, backends do not push by it in this format. */
  #receiveBarriers(message: Uint8Array): void {
    const malformed = (): void => this.#ignore('malformed');
    const onDisconnectRequest = (encoded: Uint8Array): void => {
      if (decodeDisconnectRequest(encoded)?.code !== DISCONNECT.resumed.code) return malformed();
      this.onDisconnectRequest(encoded);
    };
    const visitor = { onMessage: malformed, onGroupChange: malformed, onDisconnectRequest };
    if (this.#reader.read(message, visitor) !== undefined) malformed();
  }

  /** Encodes the frame. False where the header would not hold what the backend asks for. */
  #prepare(message: PushMessage): boolean {
    const { route, msgId, response, latest } = message;
    const flags = flagsOf(message);
    if (flags === undefined) return false;
    const push = this.#push;
    const seq = latest && !response && message.seq === 0 ? this.#latestSeq.next() : message.seq;
    push.frame = this.#slab.encode({ seq, route, flags, msgId }, message.payload);
    push.lane = laneFromProto(message.lane, this.#options.table.lane(route, msgId));
    push.latest = latest;
    push.key = message.conflationKey || (route << 16) | msgId;
    return true;
  }

  #deliverToUser(user: UserKey, excluded: ReadonlySet<string> | undefined): void {
    const sessions = this.#options.hub.sessionsOf(user);
    if (sessions === undefined) return this.#ignore('unknown_user');
    for (const session of sessions) this.#deliver(session, excluded);
  }

  #deliverToGroup(group: string, excluded: ReadonlySet<string> | undefined): void {
    const members = this.#options.hub.group(group);
    if (members === undefined) return this.#ignore('unknown_group');
    for (const session of members) this.#deliver(session, excluded);
  }

  #deliver(session: Session, excluded: ReadonlySet<string> | undefined): void {
    if (session.pushMark === this.#pushNumber || excluded?.has(session.id)) return;
    session.pushMark = this.#pushNumber;
    const { frame, lane, latest, key } = this.#push;
    this.#deliveries.value++;
    if (latest) session.sendLatest(frame, lane, key);
    else session.send(frame, lane);
  }

  *#targets(sessionIds: readonly string[] = [], userIds: readonly string[] = []): Generator<Session> {
    for (const id of sessionIds) {
      const session = this.#options.hub.session(id);
      if (session === undefined) this.#ignore('unknown_session');
      else yield session;
    }
    for (const id of userIds) {
      const key = userKeyOf(id);
      const sessions = key === undefined ? undefined : this.#options.hub.sessionsOf(key);
      if (sessions === undefined) this.#ignore('unknown_user');
      else yield* sessions;
    }
  }

  #ignore(reason: string): void {
    this.#options.metrics.downstreamIgnored.add(1, reason);
  }
}

function hasTarget({ everyone, group, targetUserIds, targetSessionIds }: PushMessage): boolean {
  return everyone || group !== '' || targetUserIds.count > 0 || targetSessionIds.length > 0;
}
