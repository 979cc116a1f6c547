import { DISCONNECT, retryAdvice } from '../../protocol/disconnect.ts';
import { DownstreamReader, type DownstreamVisitor } from '../../protocol/downstream-reader.ts';
import { decodeDisconnectRequest, decodeGroupChange, type GroupChange } from '../../protocol/envelopes.ts';
import { encodeFrame } from '../../protocol/header.ts';
import { flagsOf, type PushMessage } from '../../protocol/push-message.ts';
import type { UserKey } from '../../protocol/user-id.ts';
import { isCounted } from '../../queue/replay-log.ts';

export interface ReplayTarget {
  readonly sessionId: string;
  /** Undefined: not bound. */
  readonly user: UserKey | undefined;
  /** That it was in before. */
  readonly groups: readonly string[];
}

/**
 * What a stretch of pushes holds for one session: the reliable frames, as they would have been sent, the groups that it
 * is in at the end, and whether it was ended by a backend.
 */
export class PushReplay implements DownstreamVisitor {
  readonly target: ReplayTarget;
  readonly groups: Set<string>;
  readonly frames: Uint8Array[] = [];
  readonly #userId: string | undefined;
  readonly #reader = new DownstreamReader();
  #isTarget = false;
  #ended = false;
  #groupChanges = 0;

  constructor(target: ReplayTarget) {
    this.target = target;
    this.groups = new Set(target.groups);
    this.#userId = target.user === undefined ? undefined : String(target.user);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Grows where the groups change. */
  get groupChanges(): number {
    return this.#groupChanges;
  }

  /** One item, as a batch: whatever it is for this session. */
  take(batch: Uint8Array): void {
    this.#isTarget = false;
    this.#reader.read(batch, this);
  }

  /** A push that is known to be for this session. */
  takePush(batch: Uint8Array): void {
    this.#isTarget = true;
    this.#reader.read(batch, this);
  }

  onMessage(message: PushMessage): void {
    if (message.latest || !(this.#isTarget || this.#isFor(message))) return;
    const flags = flagsOf(message);
    if (flags === undefined) return;
    const { seq, route, msgId, payload } = message;
    const frame = encodeFrame({ seq, route, flags, msgId }, payload);
    if (isCounted(frame)) this.frames.push(frame);
  }

  onGroupChange(encoded: Uint8Array): void {
    const change = decodeGroupChange(encoded);
    if (change === undefined || change.group === '') return;
    const { group } = change;
    if (this.#leaves(change) ? this.groups.delete(group) : this.#joins(change) && !this.groups.has(group)) {
      this.#groupChanges++;
      if (!this.#leaves(change)) this.groups.add(group);
    }
  }

  onDisconnectRequest(encoded: Uint8Array): void {
    const request = decodeDisconnectRequest(encoded);
    if (request === undefined || !this.#isNamed(request.sessionIds, request.userIds)) return;
    // One that lets the client come back has done what it asks for: the connection is gone.
    const code = request.code || DISCONNECT.kicked.code;
    if (code >= 4000 && retryAdvice(code) === 'never') this.#ended = true;
  }

  #isFor(message: PushMessage): boolean {
    const { targetSessionIds, targetUserIds, group, everyone, excludeSessionIds } = message;
    const { sessionId, user } = this.target;
    if (excludeSessionIds.includes(sessionId)) return false;
    if (everyone || targetSessionIds.includes(sessionId) || this.groups.has(group)) return true;
    for (let index = 0; index < targetUserIds.count; index++) {
      if (targetUserIds.key(index) === user) return true;
    }
    return false;
  }

  #leaves(change: GroupChange): boolean {
    return change.dissolve === true || this.#isNamed(change.removeSessionIds, change.removeUserIds);
  }

  #joins(change: GroupChange): boolean {
    return this.#isNamed(change.addSessionIds, change.addUserIds);
  }

  #isNamed(sessionIds: readonly string[] = [], userIds: readonly string[] = []): boolean {
    return (
      sessionIds.includes(this.target.sessionId) ||
      (this.#userId !== undefined && userIds.includes(this.#userId))
    );
  }
}
