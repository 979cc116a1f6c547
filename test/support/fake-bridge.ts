import type {
  BatchIdentity,
  Bridge,
  BridgeSink,
  BridgeStatus,
  PublishDone,
} from '../../src/bridge/bridge.ts';
import { decodeUpstreamBatch } from '../../src/protocol/envelopes.ts';

/** One call of `publish`, to be settled by the test. */
export interface FakePublish {
  readonly topic: string;
  readonly messages: readonly Uint8Array[];
  /** Of the frames in it, envelope format. */
  readonly seqs: readonly number[];
  readonly identity: BatchIdentity | undefined;
  succeed(receivers?: number): void;
  fail(text?: string): void;
}

/** A bridge whose state and answers are the test's. */
export class FakeBridge implements Bridge {
  readonly kind = 'fake';
  readonly calls: FakePublish[] = [];
  up = true;
  #sink: BridgeSink | undefined;
  #taken = 0;

  async start(sink: BridgeSink): Promise<void> {
    this.#sink = sink;
    if (this.up) sink.onStateChange(true);
  }

  /** Comes up or goes away, as a gateway sees it. */
  change(up: boolean): void {
    this.up = up;
    this.#sink?.onStateChange(up);
  }

  push(message: Uint8Array): void {
    this.#sink?.onDownstream(message, 'broadcast');
  }

  publish(topic: string, messages: readonly Uint8Array[], done: PublishDone, identity?: BatchIdentity): void {
    let settled = false;
    const settle = (error: Error | undefined, receivers: number): void => {
      if (settled) throw new Error('the test settles a publish twice');
      settled = true;
      done(error, receivers);
    };
    this.calls.push({
      topic,
      messages,
      seqs: messages.flatMap(seqsOf),
      identity,
      succeed: (receivers = 1) => settle(undefined, receivers),
      fail: (text = 'refused') => settle(new Error(text), -1),
    });
  }

  /** The calls since the last `take`. */
  take(): FakePublish[] {
    const calls = this.calls.slice(this.#taken);
    this.#taken = this.calls.length;
    return calls;
  }

  status(): BridgeStatus {
    return { up: this.up, subscribed: this.up, detail: this.up ? 'fake' : 'fake is away' };
  }

  async close(): Promise<void> {
    this.up = false;
  }
}

function seqsOf(message: Uint8Array): number[] {
  return (decodeUpstreamBatch(message) ?? []).map(({ seq }) => seq);
}
