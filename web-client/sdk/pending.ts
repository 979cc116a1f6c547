import type { Clock, Timer } from './clock.ts';
import { type ClientError, clientError } from './errors.ts';
import type { Message } from './message.ts';

interface Waiting<T> {
  resolve(value: T): void;
  reject(error: ClientError): void;
}

/** Requests that wait for the response of their seq. */
export class PendingRequests {
  readonly #clock: Clock;
  readonly #waiting = new Map<number, Waiting<Message>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Settles by `resolve`, `reject`, timeout or abort, whichever comes first, and leaves no timer or listener. */
  add(seq: number, timeoutMs: number, signal?: AbortSignal): Promise<Message> {
    return new Promise((resolve, reject) => {
      const abort = () => this.reject(seq, clientError('ABORTED', 'the request was aborted'));
      const timer: Timer = this.#clock.after(timeoutMs, () => {
        this.reject(seq, clientError('NO_ANSWER', `no answer within ${timeoutMs} ms`));
      });
      const release = () => {
        timer.cancel();
        signal?.removeEventListener('abort', abort);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.set(seq, {
        resolve: (message) => {
          release();
          resolve(message);
        },
        reject: (error) => {
          release();
          reject(error);
        },
      });
    });
  }

  /** False where nobody waits for that seq. */
  resolve(seq: number, message: Message): boolean {
    const waiting = this.#waiting.get(seq);
    if (waiting === undefined) return false;
    this.#waiting.delete(seq);
    waiting.resolve(message);
    return true;
  }

  /** False where nobody waits for that seq. */
  reject(seq: number, error: ClientError): boolean {
    const waiting = this.#waiting.get(seq);
    if (waiting === undefined) return false;
    this.#waiting.delete(seq);
    waiting.reject(error);
    return true;
  }

  rejectAll(error: ClientError): void {
    for (const seq of [...this.#waiting.keys()]) this.reject(seq, error);
  }
}

/** Frames sent with `ack` that the gateway has not acknowledged, in the order of their sending. */
export class UnacknowledgedFrames {
  readonly #waiting = new Map<number, Waiting<void> & { frame: Uint8Array }>();

  get size(): number {
    return this.#waiting.size;
  }

  /** Keeps `frame` (not copied) for another sending until it is acknowledged or refused. */
  add(seq: number, frame: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(seq, { resolve, reject, frame });
    });
  }

  /** False where nobody waits for that seq. */
  resolve(seq: number): boolean {
    const waiting = this.#waiting.get(seq);
    if (waiting === undefined) return false;
    this.#waiting.delete(seq);
    waiting.resolve();
    return true;
  }

  /** False where nobody waits for that seq. */
  reject(seq: number, error: ClientError): boolean {
    const waiting = this.#waiting.get(seq);
    if (waiting === undefined) return false;
    this.#waiting.delete(seq);
    waiting.reject(error);
    return true;
  }

  rejectAll(error: ClientError): void {
    for (const seq of [...this.#waiting.keys()]) this.reject(seq, error);
  }

  /** The frames to send again, oldest first. */
  *frames(): Generator<Uint8Array> {
    for (const { frame } of this.#waiting.values()) yield frame;
  }
}
