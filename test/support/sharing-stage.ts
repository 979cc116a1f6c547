import { silentLog } from '../../src/observe/log.ts';
import { Metrics } from '../../src/observe/metrics.ts';
import { encodeFrame, ROUTE, readSeq } from '../../src/protocol/header.ts';
import { LANE } from '../../src/queue/lane.ts';
import { NO_PLACE } from '../../src/queue/push-place.ts';
import { TickFlusher } from '../../src/queue/tick-flusher.ts';
import type { ControlChannel, ControlMessage } from '../../src/session/control/control-channel.ts';
import { Hub } from '../../src/session/hub.ts';
import { SessionLifecycle } from '../../src/session/lifecycle.ts';
import type { RemoteSessions } from '../../src/session/remote.ts';
import { parseResumeToken, type ResumeToken } from '../../src/session/resume-token.ts';
import type { Session } from '../../src/session/session.ts';
import { SharedSessions } from '../../src/session/shared-sessions.ts';
import { MemorySessionStore } from '../../src/session/store/memory-session-store.ts';
import type { SessionStore } from '../../src/session/store/session-store.ts';

type Push = { readonly sessionId: string; readonly seq: number };
type Barrier = { readonly sessionIds: readonly string[]; readonly nonce: string };

const WINDOW_MS = 30_000;

/** Gateways without connections on one store, and the channel of the pushes, which a gateway may hear later. */
export class SharingStage {
  readonly store: MemorySessionStore = new MemorySessionStore();
  readonly gateways: StageGateway[] = [];
  readonly barriers: Barrier[] = [];
  readonly messages: ControlMessage[] = [];
  #seq = 0;

  get pushed(): number {
    return this.#seq;
  }

  async open(id: string, store: SessionStore = this.store): Promise<StageGateway> {
    const gateway = new StageGateway(this, id, store);
    this.gateways.push(gateway);
    await gateway.sharing.start(gateway);
    return gateway;
  }

  /** The next pushes to a session, one after the other. */
  push(sessionId: string, count = 1): void {
    for (let left = count; left > 0; left--) this.#publish({ sessionId, seq: ++this.#seq });
  }

  /** `gatewayId` undefined: all. */
  tell(gatewayId: string | undefined, message: ControlMessage): Promise<number> {
    this.messages.push(message);
    const to = this.gateways.filter(({ id }) => gatewayId === undefined || gatewayId === id);
    setImmediate(() => {
      for (const gateway of to) gateway.hearControl(message);
    });
    return Promise.resolve(to.length);
  }

  barrier(barrier: Barrier): void {
    this.barriers.push(barrier);
    this.#publish(barrier);
  }

  async close(): Promise<void> {
    for (const gateway of this.gateways) await gateway.close();
  }

  #publish(event: Push | Barrier): void {
    for (const gateway of this.gateways) gateway.hear(event);
  }
}

export class StageGateway {
  readonly id: string;
  readonly hub = new Hub();
  readonly metrics = new Metrics();
  readonly lifecycle: SessionLifecycle;
  readonly sharing: SharedSessions;
  readonly #stage: SharingStage;
  #onMessage: ((message: ControlMessage) => void) | undefined;
  #dead = false;
  /** Heard, and not yet come to. */
  #behind: (Push | Barrier)[] | undefined;
  closing = false;

  constructor(stage: SharingStage, id: string, store: SessionStore) {
    this.#stage = stage;
    this.id = id;
    const log = silentLog;
    const { hub, metrics } = this;
    this.lifecycle = new SessionLifecycle({
      ...{ gatewayId: id, hub, resumeWindowMs: WINDOW_MS, devices: undefined, metrics, log },
      nextId: () => '1',
      queues: {
        ...{ framesMax: 1000, bytesMax: 100_000, slowGraceMs: 1000, wait: metrics.sendQueueWait },
        replay: { framesMax: 1000, bytesMax: 100_000, ageMaxSec: 60 },
        flusher: new TickFlusher(() => {}),
        pushes: NO_PLACE,
        nowSec: () => 0,
        onDropped() {},
        onPromoted() {},
      },
    });
    const shared = {
      ...{ durable: false, ttlMs: 60_000, resumeWindowMs: WINDOW_MS, cacheSize: 10 },
      ...{ devices: undefined, history: undefined },
    };
    this.sharing = new SharedSessions({
      ...shared,
      gatewayId: id,
      store,
      control: this.#control(),
      metrics,
      log,
    });
  }

  /** A session that waits here for its client, and the token that the client has. */
  begin(sessionId: string): ResumeToken {
    const session = this.lifecycle.create(sessionId);
    session.nextEpoch();
    const { text } = this.lifecycle.renewToken(session, undefined);
    this.lifecycle.adopt(session);
    this.lifecycle.park(session);
    const token = parseResumeToken(text);
    if (token === undefined) throw new Error('no token');
    return token;
  }

  /** A client that has nothing so far comes here. */
  claim(token: ResumeToken): ReturnType<RemoteSessions['claim']> {
    return this.sharing.claim(token, 0);
  }

  handOver(): Promise<void> {
    this.closing = true;
    return this.sharing.handOver();
  }

  /** From now on it comes to nothing that is pushed, until `catchUp`. */
  fallBehind(): void {
    this.#behind ??= [];
  }

  catchUp(): void {
    const behind = this.#behind ?? [];
    this.#behind = undefined;
    for (const event of behind) this.#come(event);
  }

  hear(event: Push | Barrier): void {
    if (this.#behind === undefined) this.#come(event);
    else this.#behind.push(event);
  }

  hearControl(message: ControlMessage): void {
    if (!this.#dead) this.#onMessage?.(message);
  }

  /** Is gone without a word, as far as the others can tell. */
  die(): void {
    this.#dead = true;
    this.fallBehind();
  }

  close(): Promise<void> {
    return this.sharing.close();
  }

  #control(): ControlChannel {
    const stage = this.#stage;
    return {
      listen: (_id, onMessage) => {
        this.#onMessage = onMessage;
      },
      start: () => Promise.resolve(),
      send: (gatewayId, message) => {
        if (!this.#dead) void stage.tell(gatewayId, message);
      },
      sendAll: (message) => stage.tell(undefined, message),
      sendBarrier: (sessionIds, nonce) => stage.barrier({ sessionIds, nonce }),
      sendMark: () => {},
      close: () => {},
    };
  }

  #come(event: Push | Barrier): void {
    if ('nonce' in event) return this.sharing.onBarrier(event.sessionIds, event.nonce);
    const frame = encodeFrame({ seq: event.seq, route: ROUTE.game, flags: 0, msgId: 0 }, new Uint8Array(0));
    this.hub.session(event.sessionId)?.send(frame, LANE.normal);
  }
}

/** What the client of the session would get. */
export function framesOf(session: Session | undefined): number[] {
  session?.queue.commit();
  return session?.queue.log.frames().map((frame) => readSeq(frame)) ?? [];
}
