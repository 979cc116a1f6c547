/** How a silent subscription is tested. */
export interface SubscriberProbeOptions {
  /** All of them must be heard for a probe to pass. */
  readonly channels: readonly string[];
  /** Silence after which a probe is sent. */
  readonly intervalMs: number;
  /** Time for a probe to come back. */
  readonly timeoutMs: number;
  /** Publishes an empty message to `channel`; false where that is impossible now, so nothing can be learnt. */
  send(channel: string): boolean;
  /** A probe did not come back: the subscription is dead although its connection stands. */
  onSilent(): void;
}

const TICKS_PER_INTERVAL = 4;

/**
 * Finds a subscriber connection that is up and delivers nothing. Messages only set a flag; a coarse tick counts the
 * quiet quarters of an interval, so that no clock is read per message.
 */
export class SubscriberProbe {
  readonly #options: SubscriberProbeOptions;
  readonly #missing = new Set<string>();
  #heard = false;
  #quietTicks = 0;
  #tick: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #verdict: NodeJS.Immediate | undefined;

  constructor(options: SubscriberProbeOptions) {
    this.#options = options;
  }

  /** Begins to watch: the subscription stands. */
  start(): void {
    this.stop();
    this.#quietTicks = 0;
    this.#tick = setInterval(() => this.#onTick(), this.#options.intervalMs / TICKS_PER_INTERVAL).unref();
  }

  /** Idempotent. */
  stop(): void {
    clearInterval(this.#tick);
    this.#cancel();
  }

  /** Any message came: proof enough. */
  heard(): void {
    this.#heard = true;
  }

  /** The probe of one channel came. */
  heardProbe(channel: string): void {
    this.#missing.delete(channel);
    if (this.#missing.size === 0) this.#pass();
  }

  /** Gives up the probe under way without a verdict, where it could not be published. */
  abandon(): void {
    this.#cancel();
    this.#quietTicks = 0;
  }

  #onTick(): void {
    if (this.#heard) this.#pass();
    else this.#quietTicks += 1;
    if (this.#quietTicks >= TICKS_PER_INTERVAL && this.#deadline === undefined) this.#probe();
  }

  #probe(): void {
    const { channels, timeoutMs } = this.#options;
    for (const channel of channels) this.#missing.add(channel);
    this.#deadline = setTimeout(() => this.#judgeSoon(), timeoutMs).unref();
    for (const channel of channels) {
      if (!this.#options.send(channel)) {
        this.abandon();
        break;
      }
    }
  }

  /** Where this process stood still, the probe may be waiting in the socket: it is read before the verdict. */
  #judgeSoon(): void {
    this.#verdict = setImmediate(() => this.#judge());
  }

  #judge(): void {
    if (this.#heard) {
      this.#pass();
      return;
    }
    this.stop();
    this.#options.onSilent();
  }

  #pass(): void {
    this.#cancel();
    this.#heard = false;
    this.#quietTicks = 0;
  }

  #cancel(): void {
    clearTimeout(this.#deadline);
    clearImmediate(this.#verdict);
    this.#deadline = undefined;
    this.#missing.clear();
  }
}
