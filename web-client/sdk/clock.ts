/** Time and chance, given from outside so that tests decide both. */
export interface Clock {
  /** Monotonic, ms, from any origin. */
  nowMs(): number;
  /** Unix time, ms. */
  unixMs(): number;
  /** 0 (inclusive) to 1 (exclusive). */
  random(): number;
  /** Runs `task` once after `delayMs`, unless cancelled before. */
  after(delayMs: number, task: () => void): Timer;
}

export interface Timer {
  /** Idempotent; nothing happens after the task ran. */
  cancel(): void;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  unixMs: () => Date.now(),
  random: () => Math.random(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
