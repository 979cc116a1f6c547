import type { Clock, Timer } from './clock.ts';

/** Intervals without a single frame after which the link counts as dead. */
const SILENT_INTERVALS_MAX = 2;

/**
 * Pings at the gateway's interval and notices a dead link. Silence is counted in intervals that ran, not in time that
 * passed: a page that the browser froze for a while does not lose its link on waking.
 */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #ping: () => void;
  readonly #dead: () => void;
  #timer: Timer | undefined;
  #silentIntervals = 0;

  /** `ping` sends a Ping; `dead` ends the link. */
  constructor(clock: Clock, ping: () => void, dead: () => void) {
    this.#clock = clock;
    this.#ping = ping;
    this.#dead = dead;
  }

  /** Starts anew for another link; 0: the gateway wants no heartbeats. */
  start(intervalMs: number): void {
    this.stop();
    this.#silentIntervals = 0;
    if (intervalMs > 0) this.#schedule(intervalMs);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Any frame shows that the link lives. */
  heard(): void {
    this.#silentIntervals = 0;
  }

  #schedule(intervalMs: number): void {
    this.#timer = this.#clock.after(intervalMs, () => {
      if (this.#silentIntervals >= SILENT_INTERVALS_MAX) {
        this.stop();
        this.#dead();
        return;
      }
      this.#silentIntervals++;
      this.#schedule(intervalMs);
      this.#ping();
    });
  }
}
