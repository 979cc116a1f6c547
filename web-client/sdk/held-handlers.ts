import type { LinkHandlers } from './link.ts';

/** Frames that a link may bring before it is decided whether it is used; more than these are a fault of the gateway. */
const HELD_FRAMES_MAX = 256;

/** Stands between a link and its owner until it is decided that the link is used: nothing of a loser gets through. */
export class HeldHandlers implements LinkHandlers {
  readonly #owner: LinkHandlers;
  #frames: { frame: Uint8Array; datagram: boolean }[] = [];
  #end: { code: number; reason: string } | undefined;
  #phase: 'held' | 'released' | 'discarded' = 'held';

  constructor(owner: LinkHandlers) {
    this.#owner = owner;
  }

  onFrame(frame: Uint8Array, datagram: boolean): void {
    if (this.#phase === 'released') this.#owner.onFrame(frame, datagram);
    else if (this.#phase === 'held' && this.#frames.length < HELD_FRAMES_MAX) {
      this.#frames.push({ frame: new Uint8Array(frame), datagram });
    }
  }

  onClose(event: { code: number; reason: string }): void {
    if (this.#phase === 'released') this.#owner.onClose(event);
    else this.#end ??= event;
  }

  /** The link is used: what came meanwhile goes to the owner now, in order. */
  release(): void {
    if (this.#phase !== 'held') return;
    this.#phase = 'released';
    const frames = this.#frames;
    this.#frames = [];
    for (const { frame, datagram } of frames) this.#owner.onFrame(frame, datagram);
    if (this.#end !== undefined) this.#owner.onClose(this.#end);
  }

  /** The link is not used. */
  discard(): void {
    if (this.#phase !== 'held') return;
    this.#phase = 'discarded';
    this.#frames = [];
  }
}
