import type { BackendPort, Bridge, BridgeSink, BridgeStatus, ChannelNames, PublishDone } from './bridge.ts';
import type { MemoryBroker } from './memory-broker.ts';

/** The Bridge without a queue outside: gateways and backends of one process that share a MemoryBroker. Always up. */
export class MemoryBridge implements Bridge {
  readonly kind = 'memory';
  readonly #broker: MemoryBroker;
  readonly #channels: ChannelNames;
  readonly #pending = new Set<PublishDone>();
  #unsubscribe: readonly (() => void)[] = [];
  #state: 'new' | 'open' | 'closed' = 'new';

  constructor(broker: MemoryBroker, channels: ChannelNames) {
    this.#broker = broker;
    this.#channels = channels;
  }

  async start(sink: BridgeSink): Promise<void> {
    if (this.#state !== 'new') return;
    this.#state = 'open';
    const { broadcast, addressed } = this.#channels;
    this.#unsubscribe = [
      this.#broker.subscribe(broadcast, (message) => sink.onDownstream(message, 'broadcast')),
      this.#broker.subscribe(addressed, (message) => sink.onDownstream(message, 'addressed')),
    ];
    sink.onStateChange(true);
  }

  get up(): boolean {
    return this.#state === 'open';
  }

  publish(topic: string, messages: readonly Uint8Array[], done: PublishDone): void {
    if (!this.up) {
      process.nextTick(done, new Error(`memory bridge is ${this.#describe()}`), -1);
      return;
    }
    const settle: PublishDone = (error, receivers) => {
      if (this.#pending.delete(settle)) done(error, receivers);
    };
    this.#pending.add(settle);
    this.#broker.publish(topic, messages, settle);
  }

  status(): BridgeStatus {
    return { up: this.up, subscribed: this.up, detail: this.#describe() };
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const settle of [...this.#pending]) settle(new Error('memory bridge is closed'), -1);
  }

  /** A backend on the same broker. */
  backend(): BackendPort {
    return new MemoryBackendPort(this.#broker);
  }

  #describe(): string {
    return this.#state === 'new' ? 'not started' : this.#state;
  }
}

/** The backends' side of a MemoryBroker. */
export class MemoryBackendPort implements BackendPort {
  readonly #broker: MemoryBroker;
  #unsubscribe: (() => void)[] = [];
  #closed = false;

  constructor(broker: MemoryBroker) {
    this.#broker = broker;
  }

  async subscribe(topic: string, onMessage: (message: Uint8Array) => void): Promise<void> {
    if (this.#closed) throw new Error('memory backend port is closed');
    this.#unsubscribe.push(this.#broker.subscribe(topic, onMessage));
  }

  /** Copies, since a backend may answer with the view that it was just handed. */
  async publish(channel: string, message: Uint8Array): Promise<void> {
    if (this.#closed) throw new Error('memory backend port is closed');
    const copy = new Uint8Array(message);
    await new Promise<void>((resolve) => this.#broker.publish(channel, [copy], () => resolve()));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#unsubscribe = [];
  }
}
