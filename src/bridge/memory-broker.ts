import type { PublishDone } from './bridge.ts';

type Handler = (message: Uint8Array) => void;

interface Delivery {
  readonly channel: string;
  readonly messages: readonly Uint8Array[];
  readonly done: PublishDone;
}

/** Publish and subscribe inside one process: the queue behind every MemoryBridge that it is given to. */
export class MemoryBroker {
  readonly #handlers = new Map<string, Set<Handler>>();
  readonly #onHandlerError: (error: unknown) => void;
  #queue: Delivery[] = [];

  /** `onHandlerError` hears what a subscriber throws; the others are served all the same. Default: a process warning. */
  constructor(onHandlerError: (error: unknown) => void = warn) {
    this.#onHandlerError = onHandlerError;
  }

  /** Hears `channel` until the returned function is called (idempotent). The view is valid during the call only. */
  subscribe(channel: string, onMessage: Handler): () => void {
    // A closure per subscription: the same handler may subscribe twice.
    const handler: Handler = (message) => onMessage(message);
    const handlers = this.#handlers.get(channel) ?? new Set();
    this.#handlers.set(channel, handlers.add(handler));
    return () => {
      handlers.delete(handler);
      if (handlers.size === 0 && this.#handlers.get(channel) === handlers) this.#handlers.delete(channel);
    };
  }

  /**
   * Queues `messages`; the bytes are given away. All that is published in one tick is delivered in one go once the
   * tick is over, in order; `done` follows the last message with the number of subscribers.
   */
  publish(channel: string, messages: readonly Uint8Array[], done: PublishDone): void {
    if (this.#queue.length === 0) setImmediate(this.#deliverAll);
    this.#queue.push({ channel, messages, done });
  }

  readonly #deliverAll = (): void => {
    const queue = this.#queue;
    this.#queue = [];
    for (const { channel, messages, done } of queue) {
      let receivers = messages.length === 0 ? 0 : Number.POSITIVE_INFINITY;
      for (const message of messages) receivers = Math.min(receivers, this.#deliver(channel, message));
      this.#guarded(() => done(undefined, receivers));
    }
  };

  /** A subscriber may overwrite its view, so all but the last get a copy. */
  #deliver(channel: string, message: Uint8Array): number {
    const handlers = this.#handlers.get(channel);
    if (handlers === undefined) return 0;
    const { size } = handlers;
    let index = 0;
    for (const handler of [...handlers]) {
      index += 1;
      const view = index < size ? new Uint8Array(message) : message;
      this.#guarded(() => handler(view));
    }
    return size;
  }

  #guarded(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#onHandlerError(error);
    }
  }
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}
