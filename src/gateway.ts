import { randomInt } from 'node:crypto';
import { AUTH_MODES } from './auth/auth-mode.ts';
import type { Bridge, BridgeSink } from './bridge/bridge.ts';
import type { Config } from './config/schema.ts';
import { messageOf } from './errors.ts';
import type { Log } from './observe/log.ts';
import type { Metrics } from './observe/metrics.ts';
import { DISCONNECT, type Disconnect, disconnectName, withReason } from './protocol/disconnect.ts';
import type { ErrorCode } from './protocol/error-codes.ts';
import { encodeGoAway, type Status } from './protocol/system.ts';
import { Dispatcher } from './queue/dispatcher.ts';
import { LANE } from './queue/lane.ts';
import { SendQueue, type SendQueueShared } from './queue/send-queue.ts';
import { TickFlusher } from './queue/tick-flusher.ts';
import { DownstreamHandler } from './router/downstream-handler.ts';
import { Games } from './router/games.ts';
import { GatewayHandlers } from './router/gateway-handlers.ts';
import { type HeartbeatTimes, Link, type LinkOwner } from './router/link.ts';
import { RouteTable } from './router/route-table.ts';
import { Router } from './router/router.ts';
import { SystemHandlers } from './router/system-handlers.ts';
import { UpstreamHandler } from './router/upstream-handler.ts';
import { Hub } from './session/hub.ts';
import { Session, type SessionShared } from './session/session.ts';
import { MACHINE_ID_MAX, SnowflakeGenerator } from './session/snowflake.ts';
import { TimingWheel } from './session/timing-wheel.ts';
import type {
  BoundAddress,
  CloseEvent,
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
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Frames accepted before a close get this long to reach the message queue. */
const DISPATCH_DEADLINE_MS = 2000;

/** One gateway: composes sessions, router, queues and bridge, and owns what runs. Several may run in one process. */
export class Gateway implements LinkOwner, BridgeSink {
  readonly id: string;
  readonly hub = new Hub();
  readonly #options: GatewayOptions;
  readonly #startedAtMs = Date.now();
  readonly #flusher: TickFlusher;
  readonly #ids: SnowflakeGenerator;
  readonly #dispatcher: Dispatcher;
  readonly #router: Router;
  readonly #downstream: DownstreamHandler;
  readonly #wheel: TimingWheel<Link>;
  readonly #heartbeat: HeartbeatTimes;
  readonly #sendQueueShared: SendQueueShared;
  readonly #sessionShared: SessionShared;
  #connections = 0;
  #closing: Promise<void> | undefined;

  constructor(options: GatewayOptions) {
    const { config, metrics } = options;
    const { session, queue, bridge, gateway } = config;
    this.id = options.id;
    this.#options = options;
    this.#flusher = new TickFlusher((error) => this.#onBug(error, 'flush'));
    this.#ids = new SnowflakeGenerator(
      gateway.machine_id >= 0 ? gateway.machine_id : randomInt(MACHINE_ID_MAX + 1),
    );
    this.#heartbeat = {
      intervalMs: session.heartbeat_interval_sec * 1000,
      timeoutMs: session.heartbeat_ttl_sec * 1000,
    };
    const wheelSlots = Math.ceil(session.heartbeat_ttl_sec / session.check_interval_sec) + 2;
    this.#wheel = new TimingWheel(session.check_interval_sec * 1000, wheelSlots, (link) =>
      this.#onWheel(link),
    );
    this.#sendQueueShared = this.#bindSendQueues();
    this.#sessionShared = this.#bindSessions();
    this.#dispatcher = new Dispatcher({
      bridge: options.bridge,
      flusher: this.#flusher,
      metrics,
      format: bridge.upstream.format,
      topic: bridge.upstream.topic,
      framesMax: queue.size_max,
      bytesMax: queue.bytes_max,
      batchSize: queue.batch_size,
      batchTimeoutMs: queue.batch_timeout_ms,
      batchesInFlight: queue.batches_in_flight,
      retryDelayMs: queue.retry_delay_ms,
      gatewayId: options.id,
    });
    const table = new RouteTable(config.routes);
    this.#router = this.#buildRouter(table);
    this.#downstream = new DownstreamHandler({
      format: bridge.downstream.format,
      hub: this.hub,
      table,
      metrics,
    });
  }

  /** Starts the bridge and the listeners, in this order. Rejects with a StartError; what had started is closed then. */
  async start(): Promise<ReadonlyMap<string, BoundAddress>> {
    const { bridge, listeners } = this.#options;
    const addresses = new Map<string, BoundAddress>();
    try {
      await bridge.start(this);
      // Not a change for the bridge, but for whoever watches: the gauge exists, and backends get time to come back.
      if (!bridge.up) this.onStateChange(false);
      this.#wheel.start();
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
      if (transport === undefined || session.transport === transport) session.send(frame, LANE.critical);
    }
  }

  /** Up to `max` connections with what their transport measures. */
  sampleConnections(max: number): { info: ConnectionInfo; stats: Promise<ConnectionStats | undefined> }[] {
    const samples = [];
    for (const session of this.hub.all()) {
      if (samples.length >= max) break;
      samples.push({ info: session.connectionInfo, stats: session.connectionStats() });
    }
    return samples;
  }

  get closing(): boolean {
    return this.#closing !== undefined;
  }

  get connections(): number {
    return this.#connections;
  }

  get dispatcher(): Dispatcher {
    return this.#dispatcher;
  }

  get uptimeMs(): number {
    return Date.now() - this.#startedAtMs;
  }

  status(): Status {
    const load = this.#dispatcher.pendingFrames / this.#options.config.queue.size_max;
    return { gatewayId: this.id, connections: this.#connections, uptimeMs: this.uptimeMs, load };
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
    metrics.upstreamPendingFrames.cell().value = this.#dispatcher.pendingFrames;
    metrics.upstreamPendingBytes.cell().value = this.#dispatcher.pendingBytes;
  }

  receive(link: Link, frame: Uint8Array): void {
    try {
      this.#router.receive(link, frame);
    } catch (error) {
      this.#onBug(error, 'frame');
      link.disconnect(DISCONNECT.internal);
    }
  }

  receiveText(link: Link, text: string): void {
    try {
      this.#router.receiveText(link, text);
    } catch (error) {
      this.#onBug(error, 'frame');
      link.disconnect(DISCONNECT.internal);
    }
  }

  onClosed(link: Link, event: CloseEvent): void {
    const { metrics, log } = this.#options;
    const { transport } = link.connection.info;
    this.#connections--;
    link.cells.connections.value--;
    if (link.wheelEntry !== undefined) this.#wheel.cancel(link.wheelEntry);
    link.queue.close();
    this.#dispatcher.forget(link);
    this.hub.remove(link.session);
    metrics.closed.add(1, transport, event.by === 'lost' ? 'lost' : disconnectName(event.code), event.by);
    log.debug({ session: link.session.id, transport, code: event.code, by: event.by }, 'connection closed');
  }

  countError(link: Link, code: ErrorCode): void {
    this.#options.metrics.frameErrors.add(1, link.connection.info.transport, code);
  }

  onDownstream(message: Uint8Array): void {
    try {
      this.#downstream.receive(message);
    } catch (error) {
      this.#onBug(error, 'downstream');
    }
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
      return this.#createLink(connection);
    } catch (error) {
      this.#options.log.error({ error }, 'connection not accepted');
      connection.close(withReason(DISCONNECT.internal, messageOf(error)));
      return unaccepted;
    }
  }

  #createLink(connection: Connection): Link {
    const { metrics, config } = this.#options;
    const cells = metrics.forTransport(connection.info.transport);
    const sessionId = this.#ids.next();
    const queue: SendQueue = new SendQueue(this.#sendQueueShared, connection, cells, (frames, bytes) => {
      this.#options.log.warn({ session: sessionId, frames, bytes }, 'client reads too slowly');
      connection.close(DISCONNECT.slow);
    });
    const session = new Session(sessionId, connection, queue, this.#sessionShared);
    const link = new Link(this, session, queue, { connection, cells, heartbeat: this.#heartbeat });
    connection.setFrameBytesMax(config.session.frame_bytes_max_unauthenticated);
    link.wheelEntry = this.#wheel.add(link, this.#heartbeat.intervalMs);
    this.hub.add(session);
    this.#connections++;
    cells.connections.value++;
    cells.opened.value++;
    return link;
  }

  #onWheel(link: Link): void {
    const nextMs = link.checkHeartbeat(Date.now(), this.#heartbeat);
    if (nextMs !== undefined && link.wheelEntry !== undefined) this.#wheel.schedule(link.wheelEntry, nextMs);
  }

  #buildRouter(table: RouteTable): Router {
    const { config, metrics } = this.#options;
    const duplicates = metrics.upstreamDuplicates.cell();
    const mode = config.auth.mode === 'none' ? AUTH_MODES.none : AUTH_MODES['trust-first-message'];
    const frameBytesMax = config.session.frame_bytes_max;
    return new Router({
      table,
      metrics,
      jsonDebug: config.websocket.json_debug,
      system: new SystemHandlers({
        gatewayId: this.id,
        heartbeatIntervalMs: this.#heartbeat.intervalMs,
        frameBytesMax: (link) =>
          link.session.user === undefined ? config.session.frame_bytes_max_unauthenticated : frameBytesMax,
        status: () => this.status(),
      }),
      gateway: new GatewayHandlers({
        hub: this.hub,
        table,
        clientPrefixes: config.groups.client_prefixes,
        groupsPerSession: config.groups.per_session_max,
        clientPresence: config.groups.client_presence,
        status: () => this.status(),
        may: () => false,
      }),
      upstream: new UpstreamHandler({
        auth: mode,
        games: new Games(config.games, this.#dispatcher),
        dispatcher: this.#dispatcher,
        hub: this.hub,
        table,
        dedupWindowSec: config.queue.dedup_window_sec,
        onDuplicate: () => {
          duplicates.value++;
        },
        onBound: (link) => link.connection.setFrameBytesMax(frameBytesMax),
      }),
    });
  }

  #bindSendQueues(): SendQueueShared {
    const { config, metrics } = this.#options;
    const promoted = metrics.datagramsPromoted.cell();
    return {
      framesMax: config.session.send_queue_frames_max,
      bytesMax: config.session.send_queue_bytes_max,
      slowGraceMs: config.session.slow_grace_ms,
      flusher: this.#flusher,
      onDropped: (reason, frames) => metrics.framesDropped.add(frames, 'downstream', reason),
      onPromoted: () => {
        promoted.value++;
      },
    };
  }

  #bindSessions(): SessionShared {
    const acks = this.#options.metrics.acksSent.cell();
    return {
      gatewayId: this.id,
      onAckSent: () => {
        acks.value++;
      },
    };
  }

  async #close(disconnect: Disconnect): Promise<void> {
    const { bridge, listeners } = this.#options;
    for (const listener of listeners) listener.stopAccepting();
    this.#flusher.drain();
    await this.#dispatcher.close(DISPATCH_DEADLINE_MS);
    // The last acks wait for the end of the tick; the listeners would close under them.
    this.#flusher.drain();
    await Promise.all(listeners.map((listener) => listener.close(disconnect)));
    this.#wheel.stop();
    await bridge.close();
  }

  #onBug(error: unknown, origin: string): void {
    this.#options.metrics.uncaught.add(1, origin);
    this.#options.log.error({ error, origin }, 'uncaught error');
  }
}

/** Handlers of a connection that could not become a session. */
const unaccepted: ConnectionHandlers = { onFrame() {}, onText() {}, onDrain() {}, onClose() {} };
