/**
 * The message queue between gateway and backends. A bridge moves bytes: batches, spool and retries are the
 * dispatcher's (src/queue), reading and fanning out of pushes is the router's.
 */
export interface Bridge {
  /** Label for metrics and logs: `memory`, `redis`. */
  readonly kind: string;

  /**
   * Starts to connect and to listen on the gateway's two downstream channels. Resolves at once or when first
   * connected, never rejects because the queue is away: that is a state, and the bridge keeps trying.
   */
  start(sink: BridgeSink): Promise<void>;

  /** True while `publish` has a chance: connected and ready. */
  readonly up: boolean;

  /**
   * Publishes `messages` to `topic` in order, in one write. The bytes are given away. `done` is called exactly once,
   * never inside the call: with the number of receivers where the queue tells it (the smallest over the messages; -1:
   * unknown), or with the error that kept one of them from being taken. After an error the outcome is unknown, and a
   * retry may double.
   */
  publish(topic: string, messages: readonly Uint8Array[], done: PublishDone): void;

  /** What `/stats` and `/ready` show. */
  status(): BridgeStatus;

  /** Idempotent, bounded to 2 s. Publishes that hang are settled with an error first. */
  close(): Promise<void>;
}

export type PublishDone = (error: Error | undefined, receivers: number) => void;

export interface BridgeStatus {
  readonly up: boolean;
  /** True when the downstream channels are subscribed: pushes would arrive. */
  readonly subscribed: boolean;
  /** Why not, in one line, without credentials. */
  readonly detail: string;
}

export interface BridgeSink {
  /** One message from a downstream channel. The view is valid during the call only. */
  onDownstream(message: Uint8Array): void;
  /** The bridge came up or went away. */
  onStateChange(up: boolean): void;
}

/** Names of the channels between gateway and backends (DESIGN.md section 3). */
export interface ChannelNames {
  /** Pushes that every gateway hears; `broadcast` by default. */
  readonly broadcast: string;
  /** Pushes to this gateway alone: `gateway:{id}`. */
  readonly addressed: string;
}

/** The backends' side of the same queue: for the demo backend, tests and tools. */
export interface BackendPort {
  /** Hears `topic`. Resolves once messages would arrive. The view is valid during the call only. */
  subscribe(topic: string, onMessage: (message: Uint8Array) => void): Promise<void>;
  /** Publishes to a downstream channel. Resolves once the queue has it. */
  publish(channel: string, message: Uint8Array): Promise<void>;
  close(): Promise<void>;
}
