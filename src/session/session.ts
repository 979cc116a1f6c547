import type { Disconnect } from '../protocol/disconnect.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import { ROUTE, readRoute } from '../protocol/header.ts';
import { encodeAckFrame, encodeErrorFrame } from '../protocol/system.ts';
import { encodeUpstreamPrefix } from '../protocol/upstream-writer.ts';
import { formatUserId, type UserKey, userKey } from '../protocol/user-id.ts';
import { LANE, type Lane } from '../queue/lane.ts';
import type { SendQueue } from '../queue/send-queue.ts';
import type { SeqWindow } from '../queue/seq-window.ts';
import type { UpstreamSource } from '../queue/upstream-batch.ts';
import type { Connection, ConnectionInfo, ConnectionStats } from '../transport.ts';

/** The frame that an Error or an acknowledgement refers to. */
export interface FrameRef {
  seq: number;
  route: number;
  msgId: number;
}

/** A user, as one session knows it. */
export interface SessionUser {
  readonly key: UserKey;
  /** Decimal. */
  readonly id: string;
  readonly low: number;
  readonly high: number;
}

/** What every session of a gateway knows of it. */
export interface SessionShared {
  readonly gatewayId: string;
  onAckSent(): void;
}

/** One player on one device (DESIGN.md section 1). Holds what is bound to it; knows no wire and no backend. */
export class Session implements UpstreamSource {
  /** Snowflake, decimal. */
  readonly id: string;
  readonly startedAtMs: number;
  readonly #shared: SessionShared;
  readonly #connection: Connection;
  readonly #queue: SendQueue;
  #user: SessionUser | undefined;
  #upstreamPrefix: Uint8Array;
  /** Reliable frames other than system frames taken from the client and handed to it, modulo 2^32. */
  framesTaken = 0;
  framesHanded = 0;
  /** Seqs of the frames that asked for an acknowledgement; absent before the first. */
  seqWindow: SeqWindow | undefined;
  /** Number of the push that it got last: one push reaches it once. Kept by the downstream handler. */
  pushMark = 0;
  /** Names of the groups it is in; absent while in none. Kept by the hub. */
  groups: Set<string> | undefined;

  constructor(id: string, connection: Connection, queue: SendQueue, shared: SessionShared) {
    this.id = id;
    this.startedAtMs = Date.now();
    this.#connection = connection;
    this.#queue = queue;
    this.#shared = shared;
    this.#upstreamPrefix = this.#encodePrefix();
  }

  get user(): SessionUser | undefined {
    return this.#user;
  }

  get transport(): string {
    return this.#connection.info.transport;
  }

  get connectionInfo(): ConnectionInfo {
    return this.#connection.info;
  }

  /** What the transport measures; undefined where it measures nothing, or the connection ended meanwhile. */
  async connectionStats(): Promise<ConnectionStats | undefined> {
    return await this.#connection.stats?.();
  }

  /** Fields 1 to 4 of its Upstream messages, encoded once per binding. */
  get upstreamPrefix(): Uint8Array {
    return this.#upstreamPrefix;
  }

  /** Binds the user. Called by the hub, which keeps the index. */
  setUser(low: number, high: number): SessionUser {
    this.#user = { key: userKey(low, high), id: formatUserId(low, high), low: low >>> 0, high: high >>> 0 };
    this.#upstreamPrefix = this.#encodePrefix();
    return this.#user;
  }

  isUser(low: number, high: number): boolean {
    const user = this.#user;
    return user !== undefined && user.low === low >>> 0 && user.high === high >>> 0;
  }

  /** Sends a reliable frame. The bytes are given away and may be shared with other sessions. */
  send(frame: Uint8Array, lane: Lane): void {
    if (readRoute(frame) !== ROUTE.system) this.framesHanded = (this.framesHanded + 1) >>> 0;
    this.#queue.push(frame, lane);
  }

  /** Sends a frame of which only the newest per `key` matters; it may be dropped, and is counted then. */
  sendLatest(frame: Uint8Array, lane: Lane, key: string): void {
    this.#queue.pushLatest(frame, lane, key);
  }

  sendError(ref: FrameRef, code: ErrorCode, message: string, retryAfterMs = 0): void {
    const { seq, route, msgId } = ref;
    this.#queue.push(encodeErrorFrame({ seq, route, msgId, code, message, retryAfterMs }), LANE.critical);
  }

  acknowledge(seq: number, route: number, msgId: number): void {
    this.#shared.onAckSent();
    this.seqWindow?.acknowledge(seq);
    this.#queue.push(encodeAckFrame(seq, route, msgId), LANE.critical);
  }

  reject(seq: number, route: number, msgId: number): void {
    this.seqWindow?.forget(seq);
    this.sendError({ seq, route, msgId }, 'UNAVAILABLE', 'the message queue did not take the frame', 1000);
  }

  /** Ends the link after what the connection takes now. */
  disconnect(disconnect: Disconnect): void {
    this.#queue.finish();
    this.#connection.close(disconnect);
  }

  #encodePrefix(): Uint8Array {
    return encodeUpstreamPrefix({
      gatewayId: this.#shared.gatewayId,
      sessionId: this.id,
      userIdLow: this.#user?.low ?? 0,
      userIdHigh: this.#user?.high ?? 0,
      transport: this.#connection.info.transport,
    });
  }
}
