import type { TransportCells } from '../observe/metrics.ts';
import type { Disconnect } from '../protocol/disconnect.ts';
import type { ErrorCode } from '../protocol/error-codes.ts';
import { encodeAckFrame, encodeErrorFrame } from '../protocol/system.ts';
import { encodeUpstreamPrefix } from '../protocol/upstream-writer.ts';
import { formatUserId, type UserKey, userKey } from '../protocol/user-id.ts';
import { LANE, type Lane } from '../queue/lane.ts';
import type { SendQueue } from '../queue/send-queue.ts';
import type { SeqWindow } from '../queue/seq-window.ts';
import type { UpstreamSource } from '../queue/upstream-batch.ts';
import type { ConflationKey } from '../queue/waiting-frames.ts';
import type { Connection } from '../transport.ts';
import { sameSecret } from './resume-token.ts';
import type { SessionRates } from './session-rates.ts';
import type { WheelEntry } from './timing-wheel.ts';

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
  /** Its client has shown that it got the newest token: the one before is not good any more. */
  onConfirmed(session: Session): void;
}

/** What authentication says of a session. */
export interface SessionGrant {
  /** A token was verified that names its user; false: the user, if any, is a claim of the client. */
  readonly verified: boolean;
  readonly permissions: readonly string[];
  /** For backends that read the store; nothing here depends on them. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Unix ms, as the token says, until which a newer one has to be shown; 0: never. */
  readonly expiresAtMs: number;
}

const NO_BYTES = new Uint8Array(0);
const NOTHING_GRANTED: SessionGrant = { verified: false, permissions: [], attributes: {}, expiresAtMs: 0 };

/**
 * One player on one device (DESIGN.md section 1). Holds what is bound to it; knows no wire and no backend. Outlives its
 * connections: it has one at a time or none, and `epoch` counts them.
 */
export class Session implements UpstreamSource {
  /** Snowflake, decimal; empty where none could be had. */
  readonly id: string;
  readonly queue: SendQueue;
  readonly #shared: SessionShared;
  /** Unix ms. */
  startedAtMs = Date.now();
  #connection: Connection | undefined;
  #transport = '';
  #user: SessionUser | undefined;
  #upstreamPrefix: Uint8Array = NO_BYTES;
  #epoch = 0;
  /** Reliable frames other than system frames received from the client, modulo 2^32. */
  framesTaken = 0;
  /** Seqs of the frames that asked for an acknowledgement; absent before the first. */
  seqWindow: SeqWindow | undefined;
  /** Number of the push that it got last: one push reaches it once. Kept by the downstream handler. */
  pushMark = 0;
  /** Names of the groups it is in; absent while in none. Kept by the hub. */
  groups: Set<string> | undefined;
  /** From the Hello, for the device policy; empty: not named. */
  device = '';
  /** Of the game that it named last. */
  gameId = '';
  grant: SessionGrant = NOTHING_GRANTED;
  /** SHA-256 of the secret in the resume token given last; undefined: it cannot be resumed. */
  secretHash: Buffer | undefined;
  /** Of the token before, until the client has shown that it got the newer one: a Welcome may be lost with its link. */
  earlierHash: Buffer | undefined;
  /** Told of counted frames, where the store has to hear of them. */
  onTaken: (() => void) | undefined;
  /** Told why the gateway ends it, while what it sends still goes out. */
  onEnding: ((disconnect: Disconnect) => void) | undefined;
  /** Token buckets; made at the first frame. */
  rates: SessionRates | undefined;
  /** Of a nameless one: its client may find an id after so many milliseconds. */
  retryAfterMs = 0;
  /** Kept by the lifecycle: the end of its resume window, or of its token. */
  deadline: WheelEntry<Session> | undefined;
  /** When that is, on the monotonic clock. */
  deadlineMs = 0;
  /** Why it was ended, by the gateway's decision; undefined: it was not. */
  endedWith: Disconnect | undefined;
  #ended = false;

  constructor(id: string, queue: SendQueue, shared: SessionShared) {
    this.id = id;
    this.queue = queue;
    this.#shared = shared;
  }

  /** It has no id: good for nothing but to be left for a session that is resumed. */
  get nameless(): boolean {
    return this.id === '';
  }

  /** Undefined while it waits for its client to come back. */
  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** Grows with every connection. What an older connection says is void. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Removed for good. */
  get ended(): boolean {
    return this.#ended;
  }

  get user(): SessionUser | undefined {
    return this.#user;
  }

  /** Of its connection, or of the last one. */
  get transport(): string {
    return this.#transport;
  }

  /** Fields 1 to 4 of its Upstream messages, encoded once per binding. */
  get upstreamPrefix(): Uint8Array {
    return this.#upstreamPrefix;
  }

  /** Goes on counting where another gateway did. Before the first connection. */
  continueFrom(epoch: number): void {
    this.#epoch = epoch;
  }

  /** Ahead of each connection. */
  nextEpoch(): void {
    this.#epoch++;
  }

  /** Binds a connection, in place of an earlier one. */
  attach(connection: Connection, cells: TransportCells): void {
    this.#connection = connection;
    this.queue.attach(connection, cells);
    this.#transport = connection.info.transport;
    this.#upstreamPrefix = this.#encodePrefix();
  }

  /** Takes the connection off. False where it has another one by now, which stays. */
  detach(connection: Connection): boolean {
    if (this.#connection !== connection) return false;
    this.#connection = undefined;
    this.queue.detach();
    return true;
  }

  /** Nothing is sent from here on. By the lifecycle. */
  end(): void {
    this.#ended = true;
    this.#connection = undefined;
    this.secretHash = undefined;
    this.earlierHash = undefined;
    this.onTaken = undefined;
    this.onEnding = undefined;
    this.queue.close();
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

  /** Whether that is the hash of a secret that its client has. */
  isSecret(hash: Buffer): boolean {
    const { secretHash, earlierHash } = this;
    const newest = secretHash !== undefined && sameSecret(secretHash, hash);
    return newest || (earlierHash !== undefined && sameSecret(earlierHash, hash));
  }

  /** Its client has shown that it got the newest token. */
  confirmToken(): void {
    if (this.earlierHash === undefined) return;
    this.earlierHash = undefined;
    this.#shared.onConfirmed(this);
  }

  may(permission: string): boolean {
    return this.grant.permissions.includes(permission);
  }

  /** Sends a reliable frame. The bytes are given away and may be shared with other sessions. */
  send(frame: Uint8Array, lane: Lane): void {
    this.queue.push(frame, lane);
  }

  /** Sends a frame of which only the newest per `key` matters; it may be dropped, and is counted then. */
  sendLatest(frame: Uint8Array, lane: Lane, key: ConflationKey): void {
    this.queue.pushLatest(frame, lane, key);
  }

  sendError(ref: FrameRef, code: ErrorCode, message: string, retryAfterMs = 0): void {
    const { seq, route, msgId } = ref;
    this.queue.push(encodeErrorFrame({ seq, route, msgId, code, message, retryAfterMs }), LANE.critical);
  }

  acknowledge(seq: number, route: number, msgId: number): void {
    this.#shared.onAckSent();
    this.seqWindow?.acknowledge(seq);
    this.queue.push(encodeAckFrame(seq, route, msgId), LANE.critical);
  }

  reject(seq: number, route: number, msgId: number): void {
    this.seqWindow?.forget(seq);
    this.sendError({ seq, route, msgId }, 'UNAVAILABLE', 'the message queue did not take the frame', 1000);
  }

  /** Closes its connection after what that takes now. Without one there is nothing to close, and it goes on waiting. */
  disconnect(disconnect: Disconnect): void {
    if (this.#connection === undefined) return;
    this.queue.flush();
    this.#connection.close(disconnect);
  }

  #encodePrefix(): Uint8Array {
    return encodeUpstreamPrefix({
      gatewayId: this.#shared.gatewayId,
      sessionId: this.id,
      userIdLow: this.#user?.low ?? 0,
      userIdHigh: this.#user?.high ?? 0,
      transport: this.#transport,
    });
  }
}
