import { ROUTE_NAMES } from '../protocol/header.ts';
import { type Cell, Distribution, Family } from './counters.ts';

/** Cells of one transport, bound once; every connection of the transport shares them. */
export interface TransportCells {
  readonly connections: Cell;
  readonly opened: Cell;
  /** By route number, 0 for routes that do not exist. */
  readonly framesReceived: readonly Cell[];
  readonly framesSent: readonly Cell[];
  readonly bytesReceived: Cell;
  readonly bytesSent: Cell;
  readonly datagramsReceived: Cell;
  readonly datagramsSent: Cell;
}

const LATENCY_BOUNDS_SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/**
 * Every metric of one gateway (README has the table, a test holds it equal). Names carry base units. One instance per
 * gateway: two gateways in one process do not share a number.
 */
export class Metrics {
  readonly connections = new Family('gauge', 'dualgate_connections', 'Connections that are open', [
    'transport',
  ]);
  readonly opened = new Family('counter', 'dualgate_connections_opened_total', 'Connections accepted', [
    'transport',
  ]);
  readonly closed = new Family(
    'counter',
    'dualgate_connections_closed_total',
    'Connections closed, by name of the disconnect code and by who closed',
    ['transport', 'disconnect', 'by'],
  );
  readonly refused = new Family(
    'counter',
    'dualgate_connections_refused_total',
    'Connections refused before they were accepted',
    ['transport', 'reason'],
  );
  readonly sessions = new Family('gauge', 'dualgate_sessions', 'Sessions in the hub');
  readonly sessionsDetached = new Family(
    'gauge',
    'dualgate_sessions_detached',
    'Sessions that wait for their client to come back',
  );
  readonly resumes = new Family(
    'counter',
    'dualgate_resumes_total',
    'Hellos with a resume token: recovered, or answered with a new session',
    ['outcome'],
  );
  readonly sessionTakeovers = new Family(
    'counter',
    'dualgate_session_takeovers_total',
    'Sessions taken over from gateways that died or do not answer: recovered; else lost, as that gateway alone had the ' +
      'log (attached), as pushes may be missing (history; no_history where none are kept), as the client lacks more ' +
      'than is kept (incomplete), or as a backend ended them (ended)',
    ['outcome'],
  );
  readonly machineLease = new Family(
    'gauge',
    'dualgate_machine_lease',
    '1 while this gateway has a leased machine id, 0 while it lacks one; absent where it needs none',
  );
  readonly sharedIdentity = new Family(
    'gauge',
    'dualgate_shared_identity',
    '1 while another live gateway has the same gateway.id or gateway.machine_id, and had it first',
    ['name'],
  );
  readonly sessionLookups = new Family(
    'counter',
    'dualgate_session_lookups_total',
    'Reads of sessions and users elsewhere: from memory (hit) or from the store (miss)',
    ['outcome'],
  );
  readonly sessionStoreErrors = new Family(
    'counter',
    'dualgate_session_store_errors_total',
    'Writes, renewals, removals, claims, places of users and logouts that the session store did not take',
    ['operation'],
  );
  readonly sessionHandovers = new Family(
    'counter',
    'dualgate_session_handovers_total',
    'Sessions of a closing gateway: handed over by it (out) or offered to this one (in), and what became of them',
    ['direction', 'outcome'],
  );
  readonly jwksFetches = new Family(
    'counter',
    'dualgate_jwks_fetches_total',
    'Fetches of the key set for tokens: ok, or what was wrong',
    ['outcome'],
  );
  readonly framesReceived = new Family(
    'counter',
    'dualgate_frames_received_total',
    'Frames from clients; a batch counts as the frames in it',
    ['transport', 'route'],
  );
  readonly framesSent = new Family('counter', 'dualgate_frames_sent_total', 'Frames to clients', [
    'transport',
    'route',
  ]);
  readonly bytesReceived = new Family(
    'counter',
    'dualgate_received_bytes_total',
    'Bytes of frames from clients',
    ['transport'],
  );
  readonly bytesSent = new Family('counter', 'dualgate_sent_bytes_total', 'Bytes of frames to clients', [
    'transport',
  ]);
  readonly datagramsReceived = new Family(
    'counter',
    'dualgate_datagrams_received_total',
    'Frames that came as a datagram',
    ['transport'],
  );
  readonly datagramsSent = new Family(
    'counter',
    'dualgate_datagrams_sent_total',
    'Frames sent as a datagram',
    ['transport'],
  );
  readonly datagramsPromoted = new Family(
    'counter',
    'dualgate_datagrams_promoted_total',
    'Latest frames too large for a datagram, sent by the reliable path',
  );
  readonly frameErrors = new Family(
    'counter',
    'dualgate_frame_errors_total',
    'Frames answered with an Error, by its code',
    ['transport', 'code'],
  );
  readonly framesDropped = new Family(
    'counter',
    'dualgate_frames_dropped_total',
    'Frames that were taken and then dropped, by reason',
    ['direction', 'reason'],
  );
  readonly upstreamFrames = new Family(
    'counter',
    'dualgate_upstream_frames_total',
    'Frames for backends by what became of them: published, given up, refused',
    ['outcome'],
  );
  readonly upstreamBatches = new Family(
    'counter',
    'dualgate_upstream_batches_total',
    'Batches published, failed (and tried again), heard by nobody, and sent to the dead letters',
    ['outcome'],
  );
  readonly upstreamPendingFrames = new Family(
    'gauge',
    'dualgate_upstream_pending_frames',
    'Frames accepted and not yet taken by the message queue',
  );
  readonly upstreamPendingBytes = new Family(
    'gauge',
    'dualgate_upstream_pending_bytes',
    'Bytes accepted and not yet taken by the message queue',
  );
  readonly upstreamDuplicates = new Family(
    'counter',
    'dualgate_upstream_duplicates_total',
    'Frames that asked for an acknowledgement and had come before: answered, not published again',
  );
  readonly ingressFrames = new Family(
    'gauge',
    'dualgate_ingress_frames',
    'Frames in the lanes, because their topic takes none at the moment',
  );
  readonly ingressEnqueued = new Family(
    'counter',
    'dualgate_ingress_enqueued_total',
    'Frames that had to wait in a lane',
    ['lane'],
  );
  readonly ingressDequeued = new Family(
    'counter',
    'dualgate_ingress_dequeued_total',
    'Frames that left a lane for a batch',
    ['lane'],
  );
  readonly ingressUsage = new Family(
    'gauge',
    'dualgate_ingress_usage_ratio',
    'Pending frames or bytes as a part of their bound, whichever is more',
  );
  readonly ingressPaused = new Family(
    'gauge',
    'dualgate_ingress_paused_connections',
    'Connections that are not read from, because they feed the queue most',
  );
  readonly ingressPauses = new Family(
    'counter',
    'dualgate_ingress_pauses_total',
    'Times that a connection was paused for that',
  );
  readonly acksSent = new Family('counter', 'dualgate_acks_sent_total', 'Acknowledgements sent to clients');
  readonly bridgeUp = new Family('gauge', 'dualgate_bridge_up', '1 while the message queue takes messages', [
    'kind',
  ]);
  readonly bridgeChanges = new Family(
    'counter',
    'dualgate_bridge_changes_total',
    'Times the message queue came up or went away',
    ['state'],
  );
  readonly readyChecks = new Family(
    'gauge',
    'dualgate_ready_check',
    '1 while that check of /ready is passed; 0: the gateway is not ready, as /ready says in words',
    ['check'],
  );
  readonly downstreamMessages = new Family(
    'counter',
    'dualgate_downstream_messages_total',
    'Items from backends, by kind',
    ['kind'],
  );
  readonly downstreamDeliveries = new Family(
    'counter',
    'dualgate_downstream_deliveries_total',
    'Frames handed to a session for a backend',
  );
  readonly downstreamIgnored = new Family(
    'counter',
    'dualgate_downstream_ignored_total',
    'Targets or items from backends that nothing was done for',
    ['reason'],
  );
  readonly uncaught = new Family(
    'counter',
    'dualgate_uncaught_errors_total',
    'Errors that nothing caught: bugs',
    ['origin'],
  );
  readonly frameLatency = new Distribution(
    'dualgate_frame_latency_seconds',
    'From receiving a frame to the answer of the message queue; of each batch its oldest frame, counted for all',
    LATENCY_BOUNDS_SECONDS,
  );
  readonly pingRtt = new Distribution(
    'dualgate_ping_rtt_seconds',
    'From a Ping of the gateway to the Pong of its client, the time in the queues of both included',
    LATENCY_BOUNDS_SECONDS,
  );
  readonly sendQueueWait = new Distribution(
    'dualgate_send_queue_wait_seconds',
    'Time of a frame in the send queue of its client; frames that go straight to the connection are not in it',
    LATENCY_BOUNDS_SECONDS,
  );
  readonly ingressWait = new Distribution(
    'dualgate_ingress_wait_seconds',
    'Time of a frame in a lane; frames that pass straight through are not in it',
    LATENCY_BOUNDS_SECONDS,
  );

  readonly #transports = new Map<string, TransportCells>();

  get families(): Family[] {
    return Object.values(this).filter((value): value is Family => value instanceof Family);
  }

  get distributions(): Distribution[] {
    return Object.values(this).filter((value): value is Distribution => value instanceof Distribution);
  }

  forTransport(transport: string): TransportCells {
    const known = this.#transports.get(transport);
    if (known !== undefined) return known;
    const cells: TransportCells = {
      connections: this.connections.cell(transport),
      opened: this.opened.cell(transport),
      framesReceived: ROUTE_NAMES.map((route) => this.framesReceived.cell(transport, route)),
      framesSent: ROUTE_NAMES.map((route) => this.framesSent.cell(transport, route)),
      bytesReceived: this.bytesReceived.cell(transport),
      bytesSent: this.bytesSent.cell(transport),
      datagramsReceived: this.datagramsReceived.cell(transport),
      datagramsSent: this.datagramsSent.cell(transport),
    };
    this.#transports.set(transport, cells);
    return cells;
  }
}
