/** Whoever frames come from, as the ingress queue sees it: one connection. Kept small, one for each. */
export interface IngressFeed {
  /** Of its frames, how many wait in the ingress queue. Kept by the throttle. */
  queuedFrames: number;
  /** True while it is not read from, because it feeds the queue more than its share. Kept by the throttle. */
  paused: boolean;
  pauseReading(): void;
  resumeReading(): void;
}

/**
 * Backpressure on the connections that feed the ingress queue most. A fair share is an equal part of what waits, over
 * the connections that have a frame waiting; only who is at or above it is paused, so a client that sends little goes on.
 */
export class IngressThrottle {
  readonly #paused = new Set<IngressFeed>();
  #feeders = 0;
  #frames = 0;
  #pauses = 0;

  /** Connections that are not read from now. */
  get pausedFeeds(): number {
    return this.#paused.size;
  }

  /** Times that a connection was paused. */
  get pauses(): number {
    return this.#pauses;
  }

  onQueued(feed: IngressFeed): void {
    if (feed.queuedFrames === 0) this.#feeders++;
    feed.queuedFrames++;
    this.#frames++;
  }

  onTaken(feed: IngressFeed): void {
    feed.queuedFrames--;
    this.#frames--;
    if (feed.queuedFrames === 0) this.#feeders--;
  }

  /** True where the connection has its share of the queue, or more. */
  hasShare(feed: IngressFeed): boolean {
    return feed.queuedFrames > 0 && feed.queuedFrames * this.#feeders >= this.#frames;
  }

  /** Idempotent. */
  pause(feed: IngressFeed): void {
    if (feed.paused) return;
    feed.paused = true;
    this.#paused.add(feed);
    this.#pauses++;
    feed.pauseReading();
  }

  resumeAll(): void {
    for (const feed of this.#paused) {
      feed.paused = false;
      feed.resumeReading();
    }
    this.#paused.clear();
  }

  /** The connection is gone; what it queued stays. */
  forget(feed: IngressFeed): void {
    this.#paused.delete(feed);
    feed.paused = false;
  }
}
