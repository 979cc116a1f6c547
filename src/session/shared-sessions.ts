import { randomUUID } from 'node:crypto';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import { TickFlusher } from '../queue/tick-flusher.ts';
import { isClaimNonce } from './claims/claim-proof.ts';
import { SessionClaims } from './claims/session-claims.ts';
import { SessionRecovery } from './claims/session-recovery.ts';
import type { ControlChannel, ControlMessage } from './control/control-channel.ts';
import { ChangeNotices } from './directory/change-notices.ts';
import { Liveness } from './directory/liveness.ts';
import { SessionDirectory } from './directory/session-directory.ts';
import { StaleEntries } from './directory/stale-entries.ts';
import { Handover } from './handover/handover.ts';
import { HandoverIntake } from './handover/handover-intake.ts';
import { LeftSessions } from './handover/left-sessions.ts';
import { encodePosition } from './history/log-position.ts';
import type { PushHistory } from './history/push-history.ts';
import { PushMarks } from './history/push-marks.ts';
import type { SessionObserver } from './lifecycle.ts';
import type { RemoteSessions, SharingGateway } from './remote.ts';
import type { ResumeToken } from './resume-token.ts';
import type { Session, SessionUser } from './session.ts';
import type { SessionStore } from './store/session-store.ts';
import { Evictions } from './users/evictions.ts';
import { Logouts } from './users/logouts.ts';
import { type DeviceLimit, UserAdmission } from './users/user-admission.ts';
import { SessionWriter } from './writes/session-writer.ts';
import { StoreWatch } from './writes/store-watch.ts';
import { TokenConfirmations } from './writes/token-confirmations.ts';

export interface SharedSessionsOptions {
  readonly gatewayId: string;
  readonly store: SessionStore;
  readonly control: ControlChannel;
  /** Every session's log is written through, and survives the gateway. */
  readonly durable: boolean;
  /**
   * Of the pushes that every gateway hears; undefined: what a gateway that died has not written is not known, and its
   * sessions are over.
   */
  readonly history: PushHistory | undefined;
  /** Life of a stored session without activity. */
  readonly ttlMs: number;
  readonly resumeWindowMs: number;
  /** Undefined: users are not verified, so one may not push out another. */
  readonly devices: DeviceLimit | undefined;
  /** Records of other gateways' sessions that are kept here. */
  readonly cacheSize: number;
  /** The gateway says this often that it is alive, and how far its logs reach. Default 2000. */
  readonly aliveStepMs?: number;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** How sessions come here and leave. */
interface Moves {
  readonly claims: SessionClaims;
  readonly intake: HandoverIntake;
  readonly handover: Handover;
  readonly left: LeftSessions;
}

/** How many sessions users have, and which have to go. */
interface Users {
  readonly admission: UserAdmission;
  readonly evictions: Evictions;
  readonly logouts: Logouts;
}

type UserMessage = Extract<ControlMessage, { kind: 'replaced' | 'query' | 'logout' }>;
type MoveMessage = Exclude<ControlMessage, UserMessage>;

/** Sessions that another gateway hands over may still be on their way when this one closes; it waits for so long. */
const INTAKE_MS = 1_000;

/**
 * The sessions of this gateway in the store that all gateways share (DESIGN.md section 4): written when they begin,
 * change, wait for their client and end; claimed from there when a client comes back here.
 */
export class SharedSessions implements SessionObserver, RemoteSessions {
  readonly directory: SessionDirectory;
  readonly history: PushHistory | undefined;
  readonly #options: SharedSessionsOptions;
  readonly #flusher: TickFlusher;
  readonly #notices: ChangeNotices;
  readonly #writer: SessionWriter;
  readonly #marks: PushMarks | undefined;
  /** Names this process: an earlier one may have had the same id. */
  readonly #run: string;
  readonly #confirmations: TokenConfirmations;
  #gateway: SharingGateway | undefined;
  #moves: Moves | undefined;
  #users: Users | undefined;
  readonly #watch: StoreWatch;

  constructor(options: SharedSessionsOptions) {
    this.#options = options;
    this.#run = `${options.gatewayId}:${randomUUID()}`;
    const { gatewayId, store, cacheSize, metrics, control } = options;
    this.directory = new SessionDirectory({ gatewayId, store, cacheSize, lookups: metrics.sessionLookups });
    this.#flusher = new TickFlusher((error) => options.log.error({ error }, 'session store'));
    this.#notices = new ChangeNotices(this.#flusher, this.directory, control);
    const { history } = options;
    this.history = history;
    this.#marks = history === undefined ? undefined : new PushMarks(history, control);
    this.#writer = new SessionWriter({
      ...options,
      run: this.#run,
      flusher: this.#flusher,
      notices: this.#notices,
      onFenced: (session) => this.#letGo(session),
    });
    this.#confirmations = new TokenConfirmations({
      ...{ gatewayId, store, flusher: this.#flusher },
      errors: metrics.sessionStoreErrors,
      onFailed: (session) => this.#writer.repair(session),
    });
    this.#watch = new StoreWatch({
      ...options,
      onAnnounce: () => this.#savePosition(),
      onThere: () => this.#retry(),
      onRenewal: () => this.#watchWork(this.#renew()),
      watch: this.#watchWork,
    });
  }

  async start(gateway: SharingGateway): Promise<void> {
    const { control, gatewayId } = this.#options;
    const { lifecycle, hub } = gateway;
    this.#gateway = gateway;
    lifecycle.observer = this;
    hub.onGroups = (session) => this.#writer.saveGroups(session);
    const moves = this.#createMoves(gateway);
    this.#moves = moves;
    const users = this.#createUsers(gateway, moves.claims);
    this.#users = users;
    control.listen(gatewayId, (message) => {
      if (isUserMessage(message)) onUserMessage(users, message);
      else this.#onControl(gateway, moves, message);
    });
    await control.start();
    this.#marks?.start();
    this.#watch.start();
    if (this.#options.resumeWindowMs > 0) await moves.left.take();
  }

  /**
   * Gives the sessions that wait for their clients to gateways that stay. After the last connection, and while pushes
   * are still heard. Bounded to 4 s.
   */
  async handOver(): Promise<void> {
    if (this.#moves === undefined) return;
    const { intake, handover } = this.#moves;
    let deadline: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      deadline = setTimeout(resolve, INTAKE_MS);
    });
    await Promise.race([intake.settled(), late]);
    clearTimeout(deadline);
    await handover.run();
  }

  async close(): Promise<void> {
    this.#marks?.stop();
    this.#users?.evictions.close();
    this.#flusher.drain();
    this.#watch.close();
    await this.#writer.settled();
    this.#flusher.drain();
    this.#options.control.close();
  }

  onToken(session: Session): Promise<void> {
    this.#users?.admission.arrived(session);
    return this.#writer.saveAttached(session);
  }

  onBound(session: Session): void {
    this.#users?.admission.bound(session);
    this.#writer.saveDetails(session);
  }

  admission(session: Session): Promise<void> | undefined {
    return this.#users?.admission.admission(session);
  }

  onGranted(session: Session): void {
    this.#writer.saveDetails(session);
  }

  onConfirmed(session: Session): void {
    this.#confirmations.add(session);
  }

  onDetached(session: Session, stored: boolean): void {
    this.#users?.admission.arrived(session);
    this.#writer.saveDetached(session, stored);
  }

  onResuming(session: Session): void {
    this.#writer.stopJournal(session);
  }

  onEnded(session: Session): void {
    this.#writer.remove(session);
    this.#users?.admission.ended(session);
  }

  onLetGo(session: Session): void {
    this.#writer.forget(session);
    this.#users?.admission.forget(session);
  }

  async claim(token: ResumeToken, received: number): Promise<Session | undefined> {
    return await this.#moves?.claims.claim(token, received);
  }

  /**
   * A gateway asks for sessions. Here it is in its place among the pushes: what came before was this gateway's to
   * deliver, and goes into the log; what comes now is the other one's.
   */
  onBarrier(sessionIds: readonly string[], nonce: string): void {
    if (this.#moves === undefined) return;
    const { claims, handover } = this.#moves;
    this.#writer.settleRemovals(sessionIds);
    const offered = handover.offers(nonce);
    for (const id of sessionIds) {
      if (claims.onBarrier(id, nonce)) continue;
      const session = this.#gateway?.hub.session(id);
      if (session === undefined) continue;
      if (offered || isClaimNonce(nonce, [session.secretHash, session.earlierHash]))
        this.#release(session, nonce);
      else this.#refuse(session);
    }
  }

  /** Ends the user's sessions everywhere but for `session`. False: not all gateways know of it yet. */
  async logoutEverywhere(user: SessionUser, session: Session): Promise<boolean> {
    return (await this.#users?.logouts.everywhere(user.id, session.id)) ?? false;
  }

  #createMoves(gateway: SharingGateway): Moves {
    const { lifecycle, hub } = gateway;
    const staying = (): boolean => !gateway.closing && this.#options.resumeWindowMs > 0;
    const claims = new SessionClaims({
      ...this.#options,
      ...{ flusher: this.#flusher, notices: this.#notices, lifecycle, hub },
      recovery: this.#createRecovery(),
      release: (session, nonce) => this.#release(session, nonce),
    });
    const intake = new HandoverIntake({ ...this.#options, claims, staying });
    const left = new LeftSessions({
      ...{ ...this.#options, claims },
      releaseById: (id, nonce) => {
        const session = hub.session(id);
        if (session !== undefined) this.#release(session, nonce);
      },
      watch: (work) => this.#writer.watch(work),
    });
    const handover = new Handover({ ...this.#options, lifecycle, left });
    return { claims, intake, left, handover };
  }

  #createUsers({ lifecycle, hub }: SharingGateway, claims: SessionClaims): Users {
    const { gatewayId, store } = this.#options;
    const liveness = new Liveness({ gatewayId, store, hub, isClaimed: (id) => claims.isClaiming(id) });
    const common = {
      ...this.#options,
      notices: this.#notices,
      lifecycle,
      hub,
      liveness,
      watch: this.#watchWork,
    };
    const evictions = new Evictions(common);
    const stale = new StaleEntries(common);
    this.directory.onStale = (userId, entries) => stale.sweep(userId, entries);
    const admission = new UserAdmission({ ...common, stale, evictions });
    return { admission, evictions, logouts: new Logouts(common) };
  }

  readonly #watchWork = (work: Promise<unknown>): void => this.#writer.watch(work);

  #onControl({ hub }: SharingGateway, { intake, handover }: Moves, message: MoveMessage): void {
    switch (message.kind) {
      case 'changed':
        return this.directory.drop(message.sessions, message.users);
      case 'taken': {
        const session = hub.session(message.session);
        // Without an epoch it is on its way back here, and this is about the time that it left.
        if (session === undefined || session.epoch === 0) return;
        if (session.epoch < message.epoch) this.#letGo(session);
        return;
      }
      case 'leaving':
        return intake.onLeaving(message.gateway);
      case 'offer':
        return handover.onOffer(message.gateway);
      case 'handover':
        return intake.onBatch(message);
      case 'decline':
        return handover.onDecline(message.gateway);
      case 'took':
        return handover.onTook(message.nonce, message.sessions);
    }
  }

  #release(session: Session, nonce: string): void {
    this.#writer.release(session, nonce);
    this.#letGo(session);
  }

  /** Whoever asks does not know a token that is good, or not any more. The store may not have heard of that. */
  #refuse(session: Session): void {
    this.#options.metrics.downstreamIgnored.add(1, 'no_claim');
    if (session.secretHash !== undefined) this.#confirmations.add(session);
  }

  #letGo(session: Session): void {
    this.#gateway?.lifecycle.letGo(session);
  }

  /** The writer first: what has moved to another gateway meanwhile is let go of by that, and keeps no place here. */
  async #renew(): Promise<void> {
    await this.#writer.renew();
    this.#users?.admission.keepAll();
  }

  /** The store is there. */
  #retry(): void {
    this.#users?.logouts.retry();
    this.#writer.retry();
    this.#users?.admission.retry();
  }

  /** Bounds how far whoever takes over a session of this gateway has to look back, however idle that session was. */
  #savePosition(): void {
    const { store, history, ttlMs } = this.#options;
    if (history === undefined) return;
    this.#flusher.drain();
    const item = this.#writer.reached();
    const at = history.positionOf(item);
    if (at === undefined) return;
    const run = this.#run;
    const position = encodePosition({ run, item, at, waiting: [] });
    this.#writer.watch(store.savePosition(run, position, ttlMs));
  }

  #createRecovery(): SessionRecovery | undefined {
    const { gatewayId, store, history, metrics } = this.#options;
    if (history === undefined) return undefined;
    return new SessionRecovery({
      gatewayId,
      store,
      history,
      takeovers: metrics.sessionTakeovers,
    });
  }
}

function isUserMessage(message: ControlMessage): message is UserMessage {
  return message.kind === 'replaced' || message.kind === 'query' || message.kind === 'logout';
}

function onUserMessage({ admission, evictions, logouts }: Users, message: UserMessage): void {
  if (message.kind === 'logout') return logouts.onMessage(message);
  if (message.kind === 'query') return admission.onQuery(message.user, message.sessions);
  for (const id of message.sessions) evictions.endHere(message.user, id);
}
