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
 * One timer for any number of deadlines, at the resolution of its step: an entry fires up to one step before its time,
 * since the step that runs counts as a whole one.
 * Scheduling, moving and cancelling are O(1), and a step touches only what is due.
 *
 * A delay longer than the wheel is cut to its length: the owner looks at the real deadline when it fires, and schedules
 * again.
 */
export class TimingWheel<T> {
  readonly #stepMs: number;
  readonly #slots: WheelEntry<T>[][];
  readonly #onFire: (item: T) => void;
  #position = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(stepMs: number, slots: number, onFire: (item: T) => void) {
    this.#stepMs = stepMs;
    this.#slots = Array.from({ length: slots }, () => []);
    this.#onFire = onFire;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.step(), this.#stepMs).unref();
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

  /** Schedules, or moves, an entry to `delayMs` from now. */
  schedule(entry: WheelEntry<T>, delayMs: number): void {
    this.cancel(entry);
    const steps = Math.min(Math.max(1, Math.ceil(delayMs / this.#stepMs)), this.#slots.length - 1);
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
    this.#position = (this.#position + 1) % this.#slots.length;
    const due = this.#slots[this.#position];
    this.#slots[this.#position] = [];
    for (const entry of due) entry.slot = DUE;
    for (const entry of due) {
      if (entry.slot !== DUE) continue;
      entry.slot = UNSCHEDULED;
      this.#onFire(entry.item);
    }
  }
}
