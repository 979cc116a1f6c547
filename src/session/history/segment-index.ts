import { DownstreamReader, type DownstreamVisitor } from '../../protocol/downstream-reader.ts';
import { decodeDisconnectRequest, decodeGroupChange } from '../../protocol/envelopes.ts';
import { ProtoCursor } from '../../protocol/proto-cursor.ts';
import type { PushMessage } from '../../protocol/push-message.ts';
import { type UserKey, userKeyOf } from '../../protocol/user-id.ts';
import type { ReplayTarget } from './push-replay.ts';

/** Whom the items of some messages are for, and where their bytes are. Items are counted from 0 here. */
export class SegmentIndex implements DownstreamVisitor {
  readonly #chunk: Uint8Array;
  readonly #reader = new DownstreamReader();
  readonly #cursor = new ProtoCursor();
  readonly #bySession = new Map<string, number[]>();
  readonly #byUser = new Map<UserKey, number[]>();
  readonly #byGroup = new Map<string, number[]>();
  readonly #everyone: number[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #start = 0;
  #end = 0;
  #messages = 0;

  constructor(chunk: Uint8Array) {
    this.#chunk = chunk;
  }

  /** That were scanned. */
  get messages(): number {
    return this.#messages;
  }

  /**
   * Adds the message that lies there. An item alone, with the tag before it, is a batch of one: the reader says what is
   * an item, and ends at malformed bytes, as where the message was delivered.
   */
  scan(start: number, end: number): void {
    this.#messages++;
    const cursor = this.#cursor;
    cursor.reset(this.#chunk, start, end);
    this.#start = start;
    while (cursor.nextField() && cursor.skip()) {
      this.#end = cursor.offset;
      if (this.#reader.read(this.#chunk.subarray(this.#start, this.#end), this) !== undefined) return;
      this.#start = this.#end;
    }
  }

  /** A batch of that item alone. */
  bytesOf(item: number): Uint8Array {
    return this.#chunk.subarray(this.#starts[item], this.#ends[item]);
  }

  /** The items, from `from` on, that may concern a session with these groups; ascending. */
  itemsOf({ sessionId, user }: ReplayTarget, groups: Iterable<string>, from: number): number[] {
    const lists = [this.#everyone, this.#bySession.get(sessionId)];
    if (user !== undefined) lists.push(this.#byUser.get(user));
    for (const group of groups) lists.push(this.#byGroup.get(group));
    const items = lists.flatMap((list) => list?.filter((item) => item >= from) ?? []);
    return [...new Set(items)].sort((a, b) => a - b);
  }

  onMessage({ targetUserIds, targetSessionIds, group, everyone }: PushMessage): void {
    const item = this.#add();
    for (let index = 0; index < targetUserIds.count; index++)
      list(this.#byUser, targetUserIds.key(index), item);
    for (const id of targetSessionIds) list(this.#bySession, id, item);
    if (group !== '') list(this.#byGroup, group, item);
    if (everyone) this.#everyone.push(item);
  }

  onGroupChange(encoded: Uint8Array): void {
    const item = this.#add();
    const change = decodeGroupChange(encoded);
    if (change === undefined) return;
    if (change.dissolve) list(this.#byGroup, change.group, item);
    this.#listTargets(
      [...(change.addSessionIds ?? []), ...(change.removeSessionIds ?? [])],
      this.#bySession,
      item,
    );
    this.#listUsers([...(change.addUserIds ?? []), ...(change.removeUserIds ?? [])], item);
  }

  onDisconnectRequest(encoded: Uint8Array): void {
    const item = this.#add();
    const request = decodeDisconnectRequest(encoded);
    this.#listTargets(request?.sessionIds ?? [], this.#bySession, item);
    this.#listUsers(request?.userIds ?? [], item);
  }

  #add(): number {
    this.#ends.push(this.#end);
    return this.#starts.push(this.#start) - 1;
  }

  #listTargets(ids: readonly string[], index: Map<string, number[]>, item: number): void {
    for (const id of ids) list(index, id, item);
  }

  #listUsers(ids: readonly string[], item: number): void {
    for (const id of ids) {
      const key = userKeyOf(id);
      if (key !== undefined) list(this.#byUser, key, item);
    }
  }
}

function list<K>(index: Map<K, number[]>, key: K, item: number): void {
  const items = index.get(key);
  if (items === undefined) index.set(key, [item]);
  else items.push(item);
}
