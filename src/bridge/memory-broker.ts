import type { PublishDone } from './bridge.ts';

type Handler = (message: Uint8Array) => void;

interface Delivery {
  readonly channel: string;
  readonly messages: readonly Uint8Array[];
  readonly done: PublishDone;
}

/** Publish and subscribe inside one process: the queue behind every MemoryBridge that it is given to. */
export class MemoryBroker {
  /** The lists are replaced, never changed, so that a delivery under way goes on undisturbed. */
  readonly #handlers = new Map<string, readonly Handler[]>();
  readonly #onHandlerError: (error: unknown) => void;
  #queue: Delivery[] = [];

  /** `onHandlerError` hears what a subscriber throws; the others are served all the same. Default: a process warning. */
  constructor(onHandlerError: (error: unknown) => void = warn) {
    this.#onHandlerError = onHandlerError;
  }

  /** Hears `channel` until the returned function is called (idempotent). The view is valid during the call only. */
  subscribe(channel: string, onMessage: Handler): () => void {
    // A function of its own for each subscription: the same handler may subscribe twice.
    const handler: Handler = (message) => onMessage(message);
    this.#handlers.set(channel, [...(this.#handlers.get(channel) ?? []), handler]);
    return () => {
      const rest = (this.#handlers.get(channel) ?? []).filter((other) => other !== handler);
      if (rest.length > 0) this.#handlers.set(channel, rest);
      else this.#handlers.delete(channel);
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
      let receivers = -1;
      for (const message of messages) {
        const count = this.#deliver(channel, message);
        receivers = receivers < 0 ? count : Math.min(receivers, count);
      }
      try {
        done(undefined, receivers);
      } catch (error) {
        this.#onHandlerError(error);
      }
    }
  };

  /** A subscriber may overwrite its view, so all but the last get a copy. */
  #deliver(channel: string, message: Uint8Array): number {
    const handlers = this.#handlers.get(channel);
    if (handlers === undefined) return 0;
    for (let index = 0; index < handlers.length; index += 1) {
      const view = index < handlers.length - 1 ? new Uint8Array(message) : message;
      try {
        handlers[index](view);
      } catch (error) {
        this.#onHandlerError(error);
      }
    }
    return handlers.length;
  }
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}
