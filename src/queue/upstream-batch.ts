/** Who hears what became of a frame that asked for an acknowledgement, or that could not be published. */
export interface UpstreamSource {
  /** The message queue has the frame. */
  acknowledge(seq: number, route: number, msgId: number): void;
  /** The frame was accepted and is lost after all. */
  reject(seq: number, route: number, msgId: number): void;
}

/** The frames of a batch whose sources want to hear of them, as columns: three pushes a frame and no object. */
export class PendingAcks {
  readonly #sources: UpstreamSource[] = [];
  readonly #seqs: number[] = [];
  readonly #routesAndMsgIds: number[] = [];

  add(source: UpstreamSource, seq: number, route: number, msgId: number): void {
    this.#sources.push(source);
    this.#seqs.push(seq);
    this.#routesAndMsgIds.push((route << 16) | msgId);
  }

  get length(): number {
    return this.#sources.length;
  }

  acknowledge(): void {
    for (let index = 0; index < this.#sources.length; index++) {
      const key = this.#routesAndMsgIds[index];
      this.#sources[index].acknowledge(this.#seqs[index], key >>> 16, key & 0xffff);
    }
  }

  reject(): void {
    for (let index = 0; index < this.#sources.length; index++) {
      const key = this.#routesAndMsgIds[index];
      this.#sources[index].reject(this.#seqs[index], key >>> 16, key & 0xffff);
    }
  }
}

/** A closed batch of one topic, ready for the bridge; kept until the bridge has it. */
export interface UpstreamBatch {
  /** Position among the batches of its topic; retries keep the order. */
  readonly number: number;
  readonly messages: readonly Uint8Array[];
  readonly frames: number;
  /** What its frames were counted as against the dispatcher's bound. */
  readonly costBytes: number;
  /** When its oldest frame came, on the monotonic clock. */
  readonly oldestMs: number;
  readonly acks: PendingAcks | undefined;
  attempts: number;
}
