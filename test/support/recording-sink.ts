import type { BridgeSink, DownstreamSource } from '../../src/bridge/bridge.ts';
import { WAIT_MS_MAX } from './deadline.ts';

/** Records what a bridge says, and lets a test wait for it. */
export class RecordingSink implements BridgeSink {
  readonly messages: Uint8Array[] = [];
  /** Of each message. */
  readonly sources: DownstreamSource[] = [];
  readonly states: boolean[] = [];
  missed = 0;
  readonly #watchers = new Set<() => void>();

  onDownstream(message: Uint8Array, source: DownstreamSource): void {
    this.sources.push(source);
    this.messages.push(new Uint8Array(message));
    this.#notify();
  }

  onMissed(): void {
    this.missed++;
  }

  onStateChange(up: boolean): void {
    this.states.push(up);
    this.#notify();
  }

  /** Resolves with the first `count` messages. */
  async receive(count: number): Promise<readonly Uint8Array[]> {
    await this.#until(() => this.messages.length >= count, `${count} messages`);
    return this.messages.slice(0, count);
  }

  /** Resolves once the states so far end with `up`. */
  state(up: boolean): Promise<void> {
    return this.#until(() => this.states.at(-1) === up, `state ${up ? 'up' : 'down'}`);
  }

  async #until(condition: () => boolean, what: string): Promise<void> {
    const deadline = new Promise<never>((_resolve, reject) => {
      setTimeout(() => reject(new Error(`waited in vain for ${what}`)), WAIT_MS_MAX).unref();
    });
    deadline.catch(() => undefined);
    while (!condition()) {
      const changed = new Promise<void>((resolve) => this.#watchers.add(resolve));
      await Promise.race([changed, deadline]);
    }
  }

  #notify(): void {
    for (const resolve of this.#watchers) resolve();
    this.#watchers.clear();
  }
}

/** Polls a condition that has no event; fails after `deadlineMs`. */
export async function eventually(
  condition: () => boolean,
  what: string,
  deadlineMs = WAIT_MS_MAX,
): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
