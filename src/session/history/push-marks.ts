import { randomUUID } from 'node:crypto';
import type { ControlChannel } from '../control/control-channel.ts';
import type { PushHistory } from './push-history.ts';

const MARK_STEP_MS = 500;
/** Gateways that began together do not mark together for long. */
const JITTER_MS = 250;

/**
 * Sees to it that the channel of pushes bears a mark every half second or so, by which gateways name a place in it to
 * each other: sends one where no other gateway has.
 */
export class PushMarks {
  readonly #history: PushHistory;
  readonly #control: ControlChannel;
  #timer: NodeJS.Timeout | undefined;

  constructor(history: PushHistory, control: ControlChannel) {
    this.#history = history;
    this.#control = control;
  }

  /** The first one at once. */
  start(): void {
    if (performance.now() - this.#history.markedAtMs >= MARK_STEP_MS) this.#control.sendMark(randomUUID());
    this.#timer = setTimeout(() => this.start(), MARK_STEP_MS + Math.random() * JITTER_MS).unref();
  }

  /** Idempotent. */
  stop(): void {
    clearTimeout(this.#timer);
  }
}
