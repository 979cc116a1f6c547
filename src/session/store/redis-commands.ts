/** A Lua script, known to Redis by its digest after the first call. */
export interface RedisScript {
  readonly lua: string;
}

export type RedisArgument = string | number | Uint8Array;

/** What the session store needs of Redis. Strings in replies are bytes. */
export interface RedisCommands {
  /** True while commands have a chance. */
  readonly up: boolean;
  /** Called each time that commands have a chance again, the first one included. */
  onUp?: (() => void) | undefined;
  /** Resolves with the outcome of the first attempt to connect, good or bad. */
  start(): Promise<void>;
  /** Commands of one tick leave in one write, in order. Rejects where Redis is away, refuses or does not answer. */
  call(command: string, ...args: RedisArgument[]): Promise<unknown>;
  /** Runs a script. In a cluster all keys have to share a slot. */
  run(script: RedisScript, keys: readonly string[], args: readonly RedisArgument[]): Promise<unknown>;
  /** Hears channels from now on, through every new connection. The view is valid during the call only. */
  listen(channels: readonly string[], onMessage: (message: Uint8Array) => void): void;
  /** Resolves with the number of receivers: -1 in a cluster, which does not tell, 0 where Redis is away. */
  publish(channel: string, message: string | Uint8Array): Promise<number>;
  /** Idempotent; what is in flight fails. */
  close(): void;
}
