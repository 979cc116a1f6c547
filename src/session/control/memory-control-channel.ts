import { type ControlChannel, type ControlMessage, encodeBarrier } from './control-channel.ts';

type Listener = (message: ControlMessage) => void;

/** The gateways of one process that hear each other. */
export class MemoryPeers {
  readonly #listeners = new Map<string, Listener>();

  join(gatewayId: string, onMessage: Listener): void {
    this.#listeners.set(gatewayId, onMessage);
  }

  /** Does nothing where another gateway has the id by now. */
  leave(gatewayId: string, onMessage: Listener): void {
    if (this.#listeners.get(gatewayId) === onMessage) this.#listeners.delete(gatewayId);
  }

  /** Later, never inside the call, as from outside; in order. */
  send(gatewayId: string, message: ControlMessage): void {
    setImmediate(() => this.#listeners.get(gatewayId)?.(message));
  }

  /** Returns their number. */
  sendAll(message: ControlMessage): number {
    for (const gatewayId of this.#listeners.keys()) this.send(gatewayId, message);
    return this.#listeners.size;
  }
}

/** Control messages inside one process, one channel for each gateway. */
export class MemoryControlChannel implements ControlChannel {
  readonly #peers: MemoryPeers;
  readonly #publish: (message: Uint8Array) => void;
  #leave: (() => void) | undefined;

  /** `publish`: to the channel of the pushes that every gateway hears. */
  constructor(peers: MemoryPeers, publish: (message: Uint8Array) => void) {
    this.#peers = peers;
    this.#publish = publish;
  }

  listen(gatewayId: string, onMessage: Listener): void {
    this.#peers.join(gatewayId, onMessage);
    this.#leave = () => this.#peers.leave(gatewayId, onMessage);
  }

  async start(): Promise<void> {}

  send(gatewayId: string, message: ControlMessage): void {
    this.#peers.send(gatewayId, message);
  }

  sendBarrier(sessionIds: readonly string[], nonce: string): void {
    this.#publish(encodeBarrier(sessionIds, nonce));
  }

  sendMark(name: string): void {
    this.#publish(encodeBarrier([], name));
  }

  async sendAll(message: ControlMessage): Promise<number> {
    return this.#peers.sendAll(message);
  }

  close(): void {
    this.#leave?.();
  }
}
