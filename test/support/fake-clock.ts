import type { Clock, Timer } from '../../web-client/sdk/clock.ts';

interface Task {
  atMs: number;
  run(): void;
}

/** A clock that stands still until the test moves it. */
export class FakeClock implements Clock {
  /** What `random` returns next, and from then on. */
  chance = 0.5;
  /** The longest that a timer has been set for. */
  longestMs = 0;
  #nowMs = 1_000;
  readonly #tasks = new Set<Task>();

  /** Timers that have neither run nor been cancelled. */
  get pending(): number {
    return this.#tasks.size;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  unixMs(): number {
    return 1_700_000_000_000 + this.#nowMs;
  }

  random(): number {
    return this.chance;
  }

  after(delayMs: number, run: () => void): Timer {
    this.longestMs = Math.max(this.longestMs, delayMs);
    const task = { atMs: this.#nowMs + delayMs, run };
    this.#tasks.add(task);
    return { cancel: () => this.#tasks.delete(task) };
  }

  /** Runs what falls due within `ms`, in order, and lets promises settle in between. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settle();
    for (let task = this.#next(endMs); task !== undefined; task = this.#next(endMs)) {
      this.#nowMs = Math.max(this.#nowMs, task.atMs);
      this.#tasks.delete(task);
      task.run();
      await settle();
    }
    this.#nowMs = endMs;
  }

  #next(endMs: number): Task | undefined {
    const due = [...this.#tasks].filter((task) => task.atMs <= endMs);
    return due.sort((a, b) => a.atMs - b.atMs)[0];
  }
}

/** Microtasks, as many as a chain of promises in the SDK takes. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}
