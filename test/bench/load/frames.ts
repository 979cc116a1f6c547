import { encodeFrame, FLAG, ROUTE } from '../../../src/protocol/header.ts';
import { buildPayload } from '../../../tools/payload.ts';

export const PAYLOAD_BYTES = 64;
const MSG_ID = 1001;

/** A game frame of 64 bytes payload from user `index + 1`. */
export function gameFrame(gameId: string, index: number, ack: boolean): Uint8Array {
  const payload = buildPayload({ userId: index + 1, gameId, bytes: PAYLOAD_BYTES });
  return encodeFrame(
    { seq: 0, route: ROUTE.game, flags: ack ? FLAG.ackRequested : 0, msgId: MSG_ID },
    payload,
  );
}

/** As `gameFrame`, without an ack: one that may come and be answered by datagram. */
export function latestFrame(gameId: string, index: number): Uint8Array {
  const payload = buildPayload({ userId: index + 1, gameId, bytes: PAYLOAD_BYTES });
  return encodeFrame({ seq: 0, route: ROUTE.game, flags: FLAG.latest, msgId: MSG_ID }, payload);
}
