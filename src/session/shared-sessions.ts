import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { DISCONNECT } from '../protocol/disconnect.ts';
import { userKeyOf } from '../protocol/user-id.ts';
import { TickFlusher } from '../queue/tick-flusher.ts';
import { ChangeNotices } from './change-notices.ts';
import type { ControlChannel, ControlMessage } from './control-channel.ts';
import type { Hub } from './hub.ts';
import type { SessionLifecycle, SessionObserver } from './lifecycle.ts';
import type { RemoteSessions } from './remote.ts';
import type { ResumeToken } from './resume-token.ts';
import type { Session, SessionUser } from './session.ts';
import { SessionClaims } from './session-claims.ts';
import { SessionDirectory } from './session-directory.ts';
import type { SessionStore } from './session-store.ts';
import { SessionWriter } from './session-writer.ts';

export interface SharedSessionsOptions {
  readonly gatewayId: string;
  readonly store: SessionStore;
  readonly control: ControlChannel;
  /** Every session's log is written through, and survives the gateway. */
  readonly durable: boolean;
  /** Life of a stored session without activity. */
  readonly ttlMs: number;
  readonly resumeWindowMs: number;
  /** Records of other gateways' sessions that are kept here. */
  readonly cacheSize: number;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Whose sessions they are. */
interface SharingGateway {
  readonly lifecycle: SessionLifecycle;
  readonly hub: Hub;
}

const ALIVE_STEP_MS = 2_000;
const ALIVE_TTL_MS = 7_000;

/**
 * The sessions of this gateway in the store that all gateways share (DESIGN.md section 4): written when they begin,
 * change, wait for their client and end; claimed from there when a client comes back here.
 */
export class SharedSessions implements SessionObserver, RemoteSessions {
  readonly directory: SessionDirectory;
  readonly #options: SharedSessionsOptions;
  readonly #flusher: TickFlusher;
  readonly #notices: ChangeNotices;
  readonly #writer: SessionWriter;
  #gateway: SharingGateway | undefined;
  #claims: SessionClaims | undefined;
  #timers: NodeJS.Timeout[] = [];

  constructor(options: SharedSessionsOptions) {
    this.#options = options;
    const { gatewayId, store, cacheSize, metrics, control } = options;
    this.directory = new SessionDirectory({ gatewayId, store, cacheSize, lookups: metrics.sessionLookups });
    this.#flusher = new TickFlusher((error) => options.log.error({ error }, 'session store'));
    this.#notices = new ChangeNotices(this.#flusher, this.directory, control);
    this.#writer = new SessionWriter({
      ...options,
      flusher: this.#flusher,
      notices: this.#notices,
      onFenced: (session) => this.#letGo(session),
    });
  }

  async start(gateway: SharingGateway): Promise<void> {
    const { control, gatewayId, ttlMs } = this.#options;
    const { lifecycle, hub } = gateway;
    this.#gateway = gateway;
    this.#claims = new SessionClaims({ ...this.#options, notices: this.#notices, lifecycle, hub });
    lifecycle.observer = this;
    hub.onGroups = (session) => this.#writer.saveGroups(session);
    control.listen(gatewayId, (message) => this.#onControl(gateway, message));
    await control.start();
    this.#announce();
    this.#timers = [
      setInterval(() => this.#announce(), ALIVE_STEP_MS).unref(),
      setInterval(() => this.#writer.renew(hub.all()), Math.max(1_000, ttlMs / 3)).unref(),
    ];
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#flusher.drain();
    this.#writer.watch(this.#options.store.announce(this.#options.gatewayId, 0));
    await this.#writer.settled();
    this.#flusher.drain();
    this.#options.control.close();
  }

  onToken(session: Session): Promise<void> {
    return this.#writer.saveAttached(session);
  }

  onBound(session: Session): void {
    this.#writer.saveDetails(session);
  }

  onDetached(session: Session): void {
    this.#writer.saveDetached(session);
  }

  onResuming(session: Session): void {
    this.#writer.stopJournal(session);
  }

  onEnded(session: Session): void {
    this.#writer.remove(session);
  }

  async claim(token: ResumeToken, received: number): Promise<Session | undefined> {
    return await this.#claims?.claim(token, received);
  }

  /**
   * A gateway asks for sessions. Here it is in its place among the pushes: what came before was this gateway's to
   * deliver, and goes into the log; what comes now is the other one's.
   */
  onBarrier(sessionIds: readonly string[], nonce: string): void {
    if (this.#claims?.onBarrier(nonce)) return;
    for (const id of sessionIds) {
      const session = this.#gateway?.hub.session(id);
      if (session === undefined) continue;
      this.#writer.release(session, nonce);
      this.#letGo(session);
    }
  }

  /** Ends the user's sessions on other gateways. */
  logoutEverywhere(user: SessionUser): void {
    this.#options.control.sendAll({ kind: 'logout', user: user.id });
  }

  #onControl({ hub, lifecycle }: SharingGateway, message: ControlMessage): void {
    if (message.kind === 'changed') {
      this.directory.drop(message.sessions, message.users);
    } else if (message.kind === 'logout') {
      const key = userKeyOf(message.user);
      for (const session of (key === undefined ? undefined : hub.sessionsOf(key)) ?? []) {
        lifecycle.end(session, DISCONNECT.loggedOut);
      }
    } else {
      const session = hub.session(message.session);
      if (session !== undefined && session.epoch < message.epoch) this.#letGo(session);
    }
  }

  #letGo(session: Session): void {
    this.#writer.forget(session);
    this.#gateway?.lifecycle.letGo(session);
  }

  #announce(): void {
    this.#writer.watch(this.#options.store.announce(this.#options.gatewayId, ALIVE_TTL_MS));
  }
}
