import { AUTH_MODES, type AuthMode } from './auth/auth-mode.ts';
import type { Identity, TokenVerifier } from './auth/identity.ts';
import type { Bridge, BridgeSink, DownstreamSource } from './bridge/bridge.ts';
import type { Config } from './config/schema.ts';
import { machineIdOf, queueOptions, rateLimits, sendQueueOptions } from './core-options.ts';
import { messageOf } from './errors.ts';
import type { Log } from './observe/log.ts';
import type { Metrics } from './observe/metrics.ts';
import { DISCONNECT, type Disconnect, withReason } from './protocol/disconnect.ts';
import { encodeGoAway, type Status } from './protocol/system.ts';
import { Dispatcher } from './queue/dispatcher.ts';
import { LANE } from './queue/lane.ts';
import { TickFlusher } from './queue/tick-flusher.ts';
import { AuthHandler } from './router/auth-handler.ts';
import { DownstreamHandler } from './router/downstream-handler.ts';
import { Games } from './router/games.ts';
import { GatewayHandlers } from './router/gateway-handlers.ts';
import { grantOf } from './router/grant.ts';
import { HelloHandler } from './router/hello-handler.ts';
import type { Link } from './router/link.ts';
import { Links } from './router/links.ts';
import { RouteTable } from './router/route-table.ts';
import { Router } from './router/router.ts';
import { SystemHandlers } from './router/system-handlers.ts';
import { UpstreamHandler } from './router/upstream-handler.ts';
import { DevicePolicy } from './session/device-policy.ts';
import { Hub } from './session/hub.ts';
import { type IdSource, SnowflakeGenerator } from './session/ids/snowflake.ts';
import { SessionLifecycle } from './session/lifecycle.ts';
import type { SessionSharing } from './session/remote.ts';
import { RateLimiter } from './session/session-rates.ts';
import type {
  BoundAddress,
  Connection,
  ConnectionHandlers,
  ConnectionInfo,
  ConnectionStats,
  Listener,
} from './transport.ts';

export interface GatewayOptions {
  readonly config: Config;
  /** Resolved: `gateway.id` of the configuration, or what stands for `auto`. */
  readonly id: string;
  readonly bridge: Bridge;
  readonly listeners: readonly Listener[];
  /** Where session ids come from. Default: `gateway.machine_id`, or a random one. */
  readonly ids?: IdSource | undefined;
  /** Needed in the auth mode `jwt`. */
  readonly verifier?: TokenVerifier | undefined;
  /** Undefined: no other gateway knows of the sessions here. */
  readonly sharing?: SessionSharing | undefined;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Frames accepted before a close get this long to reach the message queue. */
const DISPATCH_DEADLINE_MS = 2000;

/** One gateway: composes sessions, router, queues and bridge, and owns what runs. Several may run in one process. */
export class Gateway implements BridgeSink {
  readonly id: string;
  readonly hub = new Hub();
  readonly lifecycle: SessionLifecycle;
  readonly #options: GatewayOptions;
  readonly #auth: AuthMode;
  readonly #ids: IdSource;
  readonly #startedAtMs = performance.now();
  readonly #flusher: TickFlusher;
  readonly #dispatcher: Dispatcher;
  readonly #limiter: RateLimiter;
  readonly #links: Links;
  readonly #router: Router;
  readonly #downstream: DownstreamHandler;
  #closing: Promise<void> | undefined;

  constructor(options: GatewayOptions) {
    const { config, metrics } = options;
    this.id = options.id;
    this.#options = options;
    this.#auth = AUTH_MODES[config.auth.mode];
    this.#ids = options.ids ?? new SnowflakeGenerator(machineIdOf(config));
    this.#flusher = new TickFlusher((error) => this.#onBug(error, 'flush'));
    this.#dispatcher = this.#createDispatcher();
    this.#limiter = new RateLimiter(rateLimits(config));
    this.lifecycle = this.#createLifecycle();
    this.#links = this.#createLinks();
    const { chat_permission: chat, game_permission: game } = config.auth;
    const table = new RouteTable(config.routes, { chat, game });
    this.#router = this.#createRouter(table);
    this.#downstream = new DownstreamHandler({
      format: config.bridge.downstream.format,
      hub: this.hub,
      lifecycle: this.lifecycle,
      table,
      metrics,
      history: options.sharing?.history,
      onBarrier: (sessionIds, nonce) => options.sharing?.onBarrier(sessionIds, nonce),
    });
  }

  /** Starts the bridge and the listeners, in this order. Rejects with a StartError; what had started is closed then. */
  async start(): Promise<ReadonlyMap<string, BoundAddress>> {
    const { bridge, listeners, sharing } = this.#options;
    const addresses = new Map<string, BoundAddress>();
    try {
      await bridge.start(this);
      // Not a change for the bridge, but for whoever watches: the gauge exists, and backends get time to come back.
      if (!bridge.up) this.onStateChange(false);
      await sharing?.start(this);
      this.#links.start();
      this.lifecycle.start();
      for (const listener of listeners) {
        addresses.set(listener.transport, await listener.listen((connection) => this.#accept(connection)));
      }
    } catch (error) {
      await this.close(DISCONNECT.internal);
      throw error;
    }
    return addresses;
  }

  /** Ends every link, hands what was accepted to the bridge as far as it takes it in 2 s, and stops. Idempotent. */
  close(disconnect: Disconnect = DISCONNECT.shutdown): Promise<void> {
    this.#closing ??= this.#close(disconnect);
    return this.#closing;
  }

  /**
   * Tells clients to reconnect, and resume, at a random moment within `spreadMs`; those of one transport, or all.
   * Closing them is the caller's.
   */
  goAway(reason: string, spreadMs: number, transport?: string): void {
    const frame = encodeGoAway({ spreadMs, deadlineMs: spreadMs, reason, reconnectUrl: '' });
    for (const session of this.hub.all()) {
      if (session.connection === undefined) continue;
      if (transport === undefined || session.transport === transport) session.send(frame, LANE.critical);
    }
  }

  /** Up to `max` connections with what their transport measures; undefined: nothing, or it has ended meanwhile. */
  sampleConnections(max: number): { info: ConnectionInfo; stats: Promise<ConnectionStats | undefined> }[] {
    const samples = [];
    for (const { connection } of this.hub.all()) {
      if (samples.length >= max) break;
      if (connection !== undefined)
        samples.push({ info: connection.info, stats: Promise.resolve(connection.stats?.()) });
    }
    return samples;
  }

  get closing(): boolean {
    return this.#closing !== undefined;
  }

  /** Why new sessions are refused for want of an id; undefined: they are not. */
  get idFault(): string | undefined {
    return this.#ids.fault;
  }

  get connections(): number {
    return this.#links.count;
  }

  get dispatcher(): Dispatcher {
    return this.#dispatcher;
  }

  get uptimeMs(): number {
    return Math.floor(performance.now() - this.#startedAtMs);
  }

  status(): Status {
    const load = this.#dispatcher.pendingFrames / this.#options.config.queue.size_max;
    return { gatewayId: this.id, connections: this.connections, uptimeMs: this.uptimeMs, load };
  }

  /** Sets the gauges that are derived from what is there, for a metrics page about to be shown. */
  refreshGauges(): void {
    const { metrics } = this.#options;
    const { queuedFrames, usageRatio, pausedConnections, pauses } = this.#dispatcher.ingress;
    metrics.ingressFrames.cell().value = queuedFrames;
    metrics.ingressUsage.cell().value = usageRatio;
    metrics.ingressPaused.cell().value = pausedConnections;
    metrics.ingressPauses.cell().value = pauses;
    metrics.sessions.cell().value = this.hub.size;
    metrics.sessionsDetached.cell().value = this.lifecycle.detached;
    metrics.upstreamPendingFrames.cell().value = this.#dispatcher.pendingFrames;
    metrics.upstreamPendingBytes.cell().value = this.#dispatcher.pendingBytes;
  }

  onDownstream(message: Uint8Array, source: DownstreamSource): void {
    try {
      this.#downstream.receive(message, source);
    } catch (error) {
      this.#onBug(error, 'downstream');
    }
  }

  onMissed(): void {
    this.#options.sharing?.history?.drop();
  }

  onStateChange(up: boolean): void {
    const { metrics, log, bridge } = this.#options;
    metrics.bridgeUp.cell(bridge.kind).value = up ? 1 : 0;
    metrics.bridgeChanges.add(1, up ? 'up' : 'down');
    if (this.closing) return;
    if (up) log.info({ bridge: bridge.kind }, 'message queue is there');
    else log.warn({ bridge: bridge.kind, detail: bridge.status().detail }, 'message queue is away');
    this.#dispatcher.onBridgeState(up);
  }

  #accept(connection: Connection): ConnectionHandlers {
    try {
      return this.#links.accept(connection);
    } catch (error) {
      this.#options.log.error({ error }, 'connection not accepted');
      connection.close(withReason(DISCONNECT.internal, messageOf(error)));
      return unaccepted;
    }
  }

  #receive(link: Link, frame: Uint8Array): void {
    try {
      this.#router.receive(link, frame);
    } catch (error) {
      this.#onBug(error, 'frame');
      link.disconnect(DISCONNECT.internal);
    }
  }

  #receiveText(link: Link, text: string): void {
    try {
      this.#router.receiveText(link, text);
    } catch (error) {
      this.#onBug(error, 'frame');
      link.disconnect(DISCONNECT.internal);
    }
  }

  #createDispatcher(): Dispatcher {
    const { config, bridge, metrics } = this.#options;
    const flusher = this.#flusher;
    return new Dispatcher({ bridge, flusher, metrics, gatewayId: this.id, ...queueOptions(config) });
  }

  #createLifecycle(): SessionLifecycle {
    const { config, metrics, log, sharing } = this.#options;
    const { session } = config;
    const devices = new DevicePolicy(session.device_policy, session.devices_per_user);
    return new SessionLifecycle({
      gatewayId: this.id,
      hub: this.hub,
      queues: sendQueueOptions(config, { metrics, flusher: this.#flusher, pushes: sharing?.history }),
      resumeWindowMs: session.resume_window_sec * 1000,
      clockToleranceMs: config.auth.jwt.clock_tolerance_sec * 1000,
      devices: this.#auth.limitsDevices ? devices : undefined,
      metrics,
      log,
      nextId: () => this.#ids.next(),
    });
  }

  #createLinks(): Links {
    const { config, metrics } = this.#options;
    const { session, limits } = config;
    return new Links({
      lifecycle: this.lifecycle,
      metrics,
      heartbeat: {
        intervalMs: session.heartbeat_interval_sec * 1000,
        timeoutMs: session.heartbeat_ttl_sec * 1000,
      },
      checkIntervalMs: session.check_interval_sec * 1000,
      frameBytesMax: session.frame_bytes_max_unauthenticated,
      frameBytesMaxBound: session.frame_bytes_max,
      requiresHello: this.#auth.verifies,
      helloTimeoutMs: limits.hello_timeout_ms,
      receive: (link, frame) => this.#receive(link, frame),
      receiveText: (link, text) => this.#receiveText(link, text),
      onClosed: (link) => this.#dispatcher.forget(link),
    });
  }

  #createRouter(table: RouteTable): Router {
    const { config, verifier, sharing, metrics } = this.#options;
    const duplicates = metrics.upstreamDuplicates.cell();
    const onAuthenticated = (link: Link, identity: Identity): void => this.#onAuthenticated(link, identity);
    return new Router({
      table,
      limiter: this.#limiter,
      enforcePermissions: this.#auth.verifies,
      jsonDebug: config.websocket.json_debug,
      system: new SystemHandlers({
        hello: this.#createHello(onAuthenticated),
        auth: new AuthHandler({
          verifier,
          trustsUsers: this.#auth.limitsDevices,
          lifecycle: this.lifecycle,
          hub: this.hub,
          onAuthenticated,
          logoutElsewhere: (user, session) => sharing?.logoutEverywhere(user, session),
          onBug: (error) => this.#onBug(error, 'auth'),
        }),
        pingRtt: metrics.pingRtt,
        status: () => this.status(),
      }),
      gateway: new GatewayHandlers({
        hub: this.hub,
        table,
        clientPrefixes: config.groups.client_prefixes,
        groupsPerSession: config.groups.per_session_max,
        clientPresence: config.groups.client_presence,
        directory: sharing?.directory,
        status: () => this.status(),
        may: (session, permission) => session.may(permission),
      }),
      upstream: new UpstreamHandler({
        auth: this.#auth,
        games: new Games(config.games, this.#dispatcher),
        dispatcher: this.#dispatcher,
        lifecycle: this.lifecycle,
        table,
        dedupWindowSec: config.queue.dedup_window_sec,
        onDuplicate: () => {
          duplicates.value++;
        },
        onBound: (link) => this.#links.bound(link),
        onBug: (error) => this.#onBug(error, 'frame'),
      }),
    });
  }

  #createHello(onAuthenticated: (link: Link, identity: Identity) => void): HelloHandler {
    const { config, metrics, verifier, sharing } = this.#options;
    const { session } = config;
    return new HelloHandler({
      gatewayId: this.id,
      heartbeatIntervalMs: session.heartbeat_interval_sec * 1000,
      lifecycle: this.lifecycle,
      verifies: this.#auth.verifies,
      verifier,
      remote: sharing,
      resumes: metrics.resumes,
      frameBytesMax: (link) =>
        link.session.user === undefined ? session.frame_bytes_max_unauthenticated : session.frame_bytes_max,
      onAuthenticated,
      onResumed: (link) => this.#links.admit(link),
      onBug: (error) => this.#onBug(error, 'hello'),
    });
  }

  #onAuthenticated(link: Link, identity: Identity): void {
    const { session } = link;
    this.lifecycle.list(session);
    this.lifecycle.grant(session, grantOf(identity));
    const { userIdLow, userIdHigh } = identity;
    if (session.user !== undefined || this.lifecycle.bind(session, userIdLow, userIdHigh)) {
      this.#links.admit(link);
    }
  }

  async #close(disconnect: Disconnect): Promise<void> {
    const { bridge, listeners, sharing } = this.#options;
    for (const listener of listeners) listener.stopAccepting();
    this.#flusher.drain();
    await this.#dispatcher.close(DISPATCH_DEADLINE_MS);
    // The last acks wait for the end of the tick; the listeners would close under them.
    this.#flusher.drain();
    await Promise.all(listeners.map((listener) => listener.close(disconnect)));
    this.#links.stop();
    await sharing?.handOver();
    this.lifecycle.stop();
    await sharing?.close();
    await bridge.close();
  }

  #onBug(error: unknown, origin: string): void {
    this.#options.metrics.uncaught.add(1, origin);
    this.#options.log.error({ error, origin }, 'uncaught error');
  }
}

/** Handlers of a connection that could not become a session. */
const unaccepted: ConnectionHandlers = { onFrame() {}, onText() {}, onDrain() {}, onClose() {} };
