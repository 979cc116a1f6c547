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
   * retry may double: but for a bridge with a memory, which takes a batch with the same `identity` once only.
   */
  publish(topic: string, messages: readonly Uint8Array[], done: PublishDone, identity?: BatchIdentity): void;

  /** What `/stats` and `/ready` show. */
  status(): BridgeStatus;

  /** Idempotent, bounded to 2 s. Publishes that hang are settled with an error first. */
  close(): Promise<void>;
}

export type PublishDone = (error: Error | undefined, receivers: number) => void;

/** What a bridge with a memory needs in order to take a batch once only, however often it is published. */
export interface BatchIdentity {
  /** Position among the batches of the topic since the gateway started, from 0; a retry has the same. */
  readonly number: number;
  /** The lowest number that is not settled yet: what came before it is not published again. */
  readonly oldest: number;
  /** The frames in it that asked for an acknowledgement; undefined: none. */
  readonly acks: AckKeys | undefined;
}

/** Names the frames of a batch that are to be taken once only, also where a client sends them again in another batch. */
export interface AckKeys {
  readonly length: number;
  /** Place of the frame among all frames of the batch, from 0; ascending with `index`. */
  position(index: number): number;
  /** Session and seq of the frame; undefined where its session has no name. */
  key(index: number): string | undefined;
}

export interface BridgeStatus {
  readonly up: boolean;
  /** True when the downstream channels are subscribed: pushes would arrive. */
  readonly subscribed: boolean;
  /** Why not, in one line, without credentials. */
  readonly detail: string;
}

/**
 * Where a message comes from: `broadcast`, which every gateway hears in the same order; `addressed`, this gateway alone;
 * `past`: of the broadcast channel, from before this gateway listened, and not to be delivered.
 */
export type DownstreamSource = 'broadcast' | 'addressed' | 'past';

export interface BridgeSink {
  /** One message from a downstream channel. The view is valid during the call only. */
  onDownstream(message: Uint8Array, source: DownstreamSource): void;
  /** Messages of the broadcast channel may have been missed: what follows need not continue what came before. */
  onMissed(): void;
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
