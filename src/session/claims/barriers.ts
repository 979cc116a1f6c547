import type { TickFlusher } from '../../queue/tick-flusher.ts';
import type { ControlChannel } from '../control/control-channel.ts';

/** Sends what a tick asks for of one claim, or of one batch that is handed over, as one barrier. */
export class Barriers {
  readonly #flusher: TickFlusher;
  readonly #control: ControlChannel;
  /** Session ids, by nonce. */
  readonly #waiting = new Map<string, string[]>();

  constructor(flusher: TickFlusher, control: ControlChannel) {
    this.#flusher = flusher;
    this.#control = control;
  }

  /** At the end of the tick: what is to collect the pushes behind the barrier has to be there by then. */
  send(sessionId: string, nonce: string): void {
    const ids = this.#waiting.get(nonce);
    if (ids !== undefined) {
      ids.push(sessionId);
      return;
    }
    if (this.#waiting.size === 0) this.#flusher.schedule({ flush: () => this.#flush() });
    this.#waiting.set(nonce, [sessionId]);
  }

  #flush(): void {
    for (const [nonce, ids] of this.#waiting) this.#control.sendBarrier(ids, nonce);
    this.#waiting.clear();
  }
}
