/** An entry of a timing wheel. Made by the wheel, kept by whoever scheduled it. */
export interface WheelEntry<T> {
  readonly item: T;
  /** Slot and place in it; both negative while not scheduled. */
  slot: number;
  index: number;
}

const UNSCHEDULED = -1;
/** Taken out of its slot and not fired yet: a handler that runs before it may still cancel or move it. */
const DUE = -2;

/**
 * One timer for any number of deadlines, at the resolution of its step: an entry fires at its time or less than one
 * step behind it, never before. Scheduling, moving and cancelling are O(1), and a step touches only what is due.
 *
 * The wheel has a clock of its own, in whole milliseconds, that each step moves on by a step at least: an entry that a
 * handler schedules three steps on fires at that step, and not at the next one because a timer was a fraction of a
 * millisecond early. It is ahead of the monotonic clock by a millisecond at most. Steps that the event loop had no time
 * for are not made up for: what waits comes later by as much.
 *
 * A delay longer than the wheel is cut to its length: the owner looks at the real deadline when it fires, and schedules
 * again.
 */
export class TimingWheel<T> {
  readonly #stepMs: number;
  readonly #slots: WheelEntry<T>[][];
  readonly #onFire: (item: T, nowMs: number) => void;
  readonly #now: () => number;
  #position = 0;
  /** Time of the last step. */
  #nowMs = 0;
  #stepping = false;
  #timer: NodeJS.Timeout | undefined;

  /**
   * `stepMs`: whole milliseconds. `onFire` is given the time of the step, which is read once for all that is due.
   * `now`: monotonic milliseconds; `performance.now` by default.
   */
  constructor(
    stepMs: number,
    slots: number,
    onFire: (item: T, nowMs: number) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#stepMs = stepMs;
    this.#slots = Array.from({ length: slots }, () => []);
    this.#onFire = onFire;
    this.#now = now;
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#nowMs = Math.floor(this.#now());
    this.#timer = setInterval(() => this.step(), this.#stepMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  add(item: T, delayMs: number): WheelEntry<T> {
    const entry: WheelEntry<T> = { item, slot: UNSCHEDULED, index: UNSCHEDULED };
    this.schedule(entry, delayMs);
    return entry;
  }

  /** Schedules, or moves, an entry to `delayMs` from now; within `onFire`, from the time of the step. */
  schedule(entry: WheelEntry<T>, delayMs: number): void {
    this.cancel(entry);
    const wholeSteps = Math.ceil((this.#sinceStepMs() + delayMs) / this.#stepMs);
    const steps = Math.min(Math.max(1, wholeSteps), this.#slots.length - 1);
    entry.slot = (this.#position + steps) % this.#slots.length;
    const slot = this.#slots[entry.slot];
    entry.index = slot.length;
    slot.push(entry);
  }

  cancel(entry: WheelEntry<T>): void {
    if (entry.slot >= 0) {
      const slot = this.#slots[entry.slot];
      const last = slot.pop();
      if (last !== undefined && last !== entry) {
        slot[entry.index] = last;
        last.index = entry.index;
      }
    }
    entry.slot = UNSCHEDULED;
    entry.index = UNSCHEDULED;
  }

  /** Fires what is due one step further. Called by the timer; by tests in its place. */
  step(): void {
    this.#nowMs = Math.max(this.#nowMs + this.#stepMs, Math.floor(this.#now()));
    this.#position = (this.#position + 1) % this.#slots.length;
    const due = this.#slots[this.#position];
    this.#slots[this.#position] = [];
    for (const entry of due) entry.slot = DUE;
    this.#stepping = true;
    try {
      this.#fire(due);
    } finally {
      this.#stepping = false;
    }
  }

  #fire(due: readonly WheelEntry<T>[]): void {
    for (const entry of due) {
      if (entry.slot !== DUE) continue;
      entry.slot = UNSCHEDULED;
      this.#onFire(entry.item, this.#nowMs);
    }
  }

  /** Of the time to the next step that much is over. None while the wheel stands, or what is due takes its turn. */
  #sinceStepMs(): number {
    if (this.#stepping || this.#timer === undefined) return 0;
    return Math.max(0, this.#now() - this.#nowMs);
  }
}
