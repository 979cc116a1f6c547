import type { Bridge, BridgeSink, BridgeStatus, PublishDone } from '../../src/bridge/bridge.ts';

/** A bridge that takes every batch and keeps none: at once, or, while `stuck`, when it is let go. */
export class IdleBridge implements Bridge {
  readonly kind = 'idle';
  readonly up = true;
  stuck = false;
  readonly #waiting: PublishDone[] = [];

  async start(sink: BridgeSink): Promise<void> {
    sink.onStateChange(true);
  }

  publish(_topic: string, _messages: readonly Uint8Array[], done: PublishDone): void {
    if (this.stuck) this.#waiting.push(done);
    else setImmediate(done, undefined, 1);
  }

  letGo(): void {
    this.stuck = false;
    for (const done of this.#waiting.splice(0)) done(undefined, 1);
  }

  status(): BridgeStatus {
    return { up: true, subscribed: true, detail: 'idle' };
  }

  async close(): Promise<void> {
    this.letGo();
  }
}
