import type { AckKeys } from '../bridge/bridge.ts';
import type { UpstreamEntry } from '../protocol/upstream-writer.ts';

/** Who hears what became of a frame that asked for an acknowledgement, or that could not be published. */
export interface UpstreamSource {
  /** Of the session, the same on every gateway: with the seq it names a frame. Absent: its frames have no name. */
  readonly id?: string;
  /** The message queue has the frame. */
  acknowledge(seq: number, route: number, msgId: number): void;
  /** The frame was accepted and is lost after all. */
  reject(seq: number, route: number, msgId: number): void;
}

/** The frames of a batch whose sources want to hear of them, as columns: four pushes a frame and no object. */
export class PendingAcks implements AckKeys {
  readonly #sources: UpstreamSource[] = [];
  readonly #seqs: number[] = [];
  readonly #routesAndMsgIds: number[] = [];
  readonly #positions: number[] = [];

  /** `position`: place of the frame in its batch, from 0. */
  add(source: UpstreamSource, entry: UpstreamEntry, position: number): void {
    this.#sources.push(source);
    this.#seqs.push(entry.seq);
    this.#routesAndMsgIds.push((entry.route << 16) | entry.msgId);
    this.#positions.push(position);
  }

  position(index: number): number {
    return this.#positions[index];
  }

  key(index: number): string | undefined {
    const { id } = this.#sources[index];
    return id === undefined ? undefined : `${id}:${this.#seqs[index]}`;
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
  /** Times that the message queue, being there, refused it while it was the oldest. */
  attempts: number;
  /** Why the last attempt failed; undefined: none has, or it was heard by nobody, or the queue was away. */
  refusal: string | undefined;
}
