import type { AuthMode } from '../auth/auth-mode.ts';
import { DISCONNECT } from '../protocol/disconnect.ts';
import { FLAG, HEADER_BYTES, readFlags, readMsgId, readRoute, readSeq } from '../protocol/header.ts';
import { PayloadFields } from '../protocol/payload-fields.ts';
import type { UpstreamEntry } from '../protocol/upstream-writer.ts';
import type { Dispatcher, Refusal, UpstreamOrigin } from '../queue/dispatcher.ts';
import { LANE } from '../queue/lane.ts';
import { SeqWindow } from '../queue/seq-window.ts';
import type { SessionLifecycle } from '../session/lifecycle.ts';
import { type Games, isGame } from './games.ts';
import { type Link, refOf } from './link.ts';
import type { RouteTable } from './route-table.ts';
import { UnixClock } from './unix-clock.ts';

/** Advice to a client whose frame was not accepted, in milliseconds. */
const RETRY_AFTER_MS = { UNAVAILABLE: 1000, BUSY: 200 } as const satisfies Record<Refusal, number>;
const REFUSAL_TEXT = {
  UNAVAILABLE: 'the message queue is away',
  BUSY: 'the gateway is overloaded',
} as const satisfies Record<Refusal, string>;

export interface UpstreamHandlerOptions {
  readonly auth: AuthMode;
  readonly games: Games;
  readonly dispatcher: Dispatcher;
  readonly lifecycle: SessionLifecycle;
  readonly table: RouteTable;
  /** A frame with ackRequested that comes again within this is not published again; 0: it is. */
  readonly dedupWindowSec: number;
  /** A frame came again and was not published. */
  onDuplicate(): void;
  /** A session got its user. */
  onBound(link: Link): void;
  onBug(error: unknown): void;
}

/**
 * Business frames: reads user and game out of the payload, and offers the frame to the dispatcher. One entry and one
 * reader are reused for all frames; nothing is allocated for a frame that is accepted but its view.
 */
export class UpstreamHandler {
  readonly #options: UpstreamHandlerOptions;
  readonly #clock = new UnixClock();
  readonly #fields = new PayloadFields();
  readonly #entry: UpstreamEntry = {
    prefix: new Uint8Array(0),
    seq: 0,
    route: 0,
    msgId: 0,
    receivedAtMs: 0,
    latest: false,
    payload: new Uint8Array(0),
  };

  readonly #origin: UpstreamOrigin = { lane: LANE.normal, feed: undefined };

  constructor(options: UpstreamHandlerOptions) {
    this.#options = options;
  }

  handle(link: Link, frame: Uint8Array): void {
    const fields = this.#fields;
    if (!fields.readAll(frame, HEADER_BYTES)) {
      return link.reject(refOf(frame), 'BAD_PAYLOAD', 'the payload is not protobuf');
    }
    if (fields.hasUserId && !this.#checkUser(link, frame)) return;
    this.#pass(link, frame);
  }

  #pass(link: Link, frame: Uint8Array): void {
    if (!this.#chooseGame(link, frame) || link.game === undefined) return;
    this.#offer(link, frame);
  }

  /** Binds the user that the first payload names, where the mode says so. False: refused and answered, or it waits. */
  #checkUser(link: Link, frame: Uint8Array): boolean {
    const { userIdLow, userIdHigh } = this.#fields;
    const { auth, lifecycle, onBound } = this.#options;
    const { session } = link;
    if (userIdLow === 0 && userIdHigh === 0) return true;
    if (session.user === undefined) {
      if (!auth.payloadBindsUser) return true;
      if (!lifecycle.bind(session, userIdLow, userIdHigh)) return false;
      onBound(link);
      const admission = lifecycle.admission(session);
      if (admission !== undefined) this.#passAfter(admission, link, frame);
      return admission === undefined;
    }
    if (!auth.refusesOtherUser || session.isUser(userIdLow, userIdHigh)) return true;
    link.reject(refOf(frame), 'USER_MISMATCH', 'the payload names another user');
    return false;
  }

  /**
   * Backends hear nothing of a session before it is known that it may stay. A session that another gateway has got
   * meanwhile has told that it took the frame, so that is passed on then too.
   */
  #passAfter(admission: Promise<void>, link: Link, frame: Uint8Array): void {
    const { session } = link;
    const kept = new Uint8Array(frame);
    const passed = admission.then(() => {
      if (session.endedWith !== undefined) return;
      if (this.#fields.readAll(kept, HEADER_BYTES)) this.#pass(link, kept);
    });
    link.holdDuring(
      passed.catch((error: unknown) => {
        this.#options.onBug(error);
        link.disconnect(DISCONNECT.internal);
      }),
    );
  }

  #chooseGame(link: Link, frame: Uint8Array): boolean {
    const { hasGameId, gameIdStart, gameIdEnd } = this.#fields;
    if (link.game?.live === false) link.game = undefined;
    if (!hasGameId || gameIdStart === gameIdEnd) {
      link.game ??= this.#options.games.named(link.session.gameId) ?? this.#options.games.fallback;
    } else if (link.game === undefined || !isGame(link.game, frame, gameIdStart, gameIdEnd)) {
      const game = this.#options.games.find(frame, gameIdStart, gameIdEnd);
      if (game === undefined) {
        link.reject(refOf(frame), 'UNKNOWN_GAME', 'the payload names a game that is not served');
        return false;
      }
      link.game = game;
      link.session.gameId = game.id;
    }
    if (link.game !== undefined) return true;
    link.reject(refOf(frame), 'UNKNOWN_GAME', 'the payload names no game');
    return false;
  }

  #offer(link: Link, frame: Uint8Array): void {
    const { session, game } = link;
    if (game === undefined) return;
    game.usedAtMs = link.heardAtMs;
    const entry = this.#entry;
    const flags = readFlags(frame);
    entry.prefix = session.upstreamPrefix;
    entry.seq = readSeq(frame);
    entry.route = readRoute(frame);
    entry.msgId = readMsgId(frame);
    entry.receivedAtMs = this.#clock.at(link.heardAtMs);
    entry.latest = (flags & FLAG.latest) !== 0;
    entry.payload = frame.subarray(HEADER_BYTES);
    const source = flags & FLAG.ackRequested ? session : undefined;
    if (source !== undefined && this.#isDuplicate(link, entry)) return;
    const origin = this.#origin;
    origin.lane = this.#options.table.lane(entry.route, entry.msgId);
    origin.feed = link;
    const refusal = this.#options.dispatcher.offer(game.target, entry, source, origin);
    if (refusal !== undefined) {
      if (source !== undefined) session.seqWindow?.forget(entry.seq);
      return link.reject(refOf(frame), refusal, REFUSAL_TEXT[refusal], RETRY_AFTER_MS[refusal]);
    }
  }

  /**
   * True where the frame came before. One that is acknowledged is acknowledged again; for one on its way the
   * acknowledgement of the first serves both.
   */
  #isDuplicate(link: Link, entry: UpstreamEntry): boolean {
    const { dedupWindowSec, onDuplicate } = this.#options;
    if (dedupWindowSec === 0) return false;
    const { session } = link;
    session.seqWindow ??= new SeqWindow(dedupWindowSec);
    const state = session.seqWindow.enter(entry.seq, link.heardAtMs);
    if (state === 'new') return false;
    onDuplicate();
    if (state === 'acknowledged') session.acknowledge(entry.seq, entry.route, entry.msgId);
    return true;
  }
}
