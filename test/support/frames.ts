import { encodeFrame, ROUTE } from '../../src/protocol/header.ts';

/** user_id 7, game_id `demo`, and a field of the game's own that carries the seq. */
export function gamePayload(seq: number, userId = 7, gameId = 'demo'): Uint8Array {
  const name = new TextEncoder().encode(gameId);
  return new Uint8Array([0x08, userId & 0x7f, 0x12, name.length, ...name, 0x18, seq & 0x7f]);
}

export interface GameFrameOptions {
  readonly flags?: number;
  readonly msgId?: number;
  readonly route?: number;
  readonly payload?: Uint8Array;
}

/** A frame that the backend of game `demo` gets. */
export function gameFrame(seq: number, options: GameFrameOptions = {}): Uint8Array {
  const { flags = 0, msgId = 1001, route = ROUTE.game, payload = gamePayload(seq) } = options;
  return encodeFrame({ seq, route, flags, msgId }, payload);
}
