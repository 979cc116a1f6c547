import { WebSocket } from 'ws';
import { DISCONNECT, type Disconnect } from '../../src/protocol/disconnect.ts';

/** What a server socket tells its connection. */
export interface SocketOwner {
  onMessage(data: Uint8Array, isBinary: boolean): void;
  onPong(data: Uint8Array): void;
  /** The close frame is about to be written; `breach` where ws found the peer's bytes at fault. */
  onClosing(breach: Disconnect | undefined): void;
  /** The socket is gone. `code` is the peer's, 1005 without one, 1006 where no close frame came. */
  onClosed(code: number, reason: string): void;
}

const MESSAGE_TOO_BIG = 1009;

/**
 * The server's `WebSocket`, handed to ws by its `WebSocket` option.
 *
 * `emit` goes straight to the owner: no listener lists per connection, and no dispatch by them per frame. `close`
 * gives the codes of our table where ws itself ends the link (1002, 1007, 1008, 1009), so that a client reads the
 * same numbers on every transport.
 */
export class ServerSocket extends WebSocket {
  owner: SocketOwner | undefined;

  override emit(event: string | symbol, first?: unknown, second?: unknown): boolean {
    const owner = this.owner;
    if (owner === undefined) return false;
    if (event === 'message') {
      if (first instanceof Uint8Array) owner.onMessage(first, second === true);
    } else if (event === 'pong') {
      if (first instanceof Uint8Array) owner.onPong(first);
    } else if (event === 'close') {
      this.owner = undefined;
      owner.onClosed(Number(first), String(second));
    }
    return true;
  }

  /** ws gives a code without a reason only where it found the peer's bytes at fault; an echo has both or none. */
  override close(code?: number, reason?: string | Buffer): void {
    if (code === undefined || reason !== undefined) {
      this.owner?.onClosing(undefined);
      super.close(code, reason);
      return;
    }
    const breach = code === MESSAGE_TOO_BIG ? DISCONNECT.frameTooLarge : DISCONNECT.protocolError;
    this.owner?.onClosing(breach);
    super.close(breach.code, breach.reason);
  }
}
