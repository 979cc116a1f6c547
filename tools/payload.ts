import {
  encodeFrame,
  FLAG,
  HEADER_BYTES,
  type Header,
  readUint32,
  writeUint32,
} from '../src/protocol/header.ts';

/** The padding's last bytes: who sent the message, and its number, so that a relayed copy is known again. */
const TAG_BYTES = 8;
const USER_ID_TAG = 0x08;
const GAME_ID_TAG = 0x12;
const PADDING_TAG = 0x7a;

export interface PayloadOptions {
  userId: number;
  gameId: string;
  /** Size of the whole payload; a smaller one than the fields need is raised to that. */
  bytes: number;
}

/** Protobuf: user_id (1), game_id (2), and field 15 (bytes) as padding up to `bytes`, the tag at its end. */
export function buildPayload(options: PayloadOptions): Uint8Array {
  const gameId = new TextEncoder().encode(options.gameId);
  const fields = [USER_ID_TAG, ...varint(options.userId), GAME_ID_TAG, ...varint(gameId.length), ...gameId];
  const padding = paddingBytes(options.bytes - fields.length - 1);
  return Uint8Array.from([...fields, PADDING_TAG, ...varint(padding), ...new Uint8Array(padding)]);
}

/** The padding that fills `room` bytes together with its length varint, the tag at least. */
function paddingBytes(room: number): number {
  for (let bytes = Math.max(room - 1, TAG_BYTES); bytes > TAG_BYTES; bytes--) {
    if (bytes + varint(bytes).length <= room) return bytes;
  }
  return TAG_BYTES;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return bytes;
}

/** A frame to be copied per message: header and payload as for message 0 of `sender`. */
export function buildTemplate(header: Header, payload: Uint8Array, sender: number): Uint8Array {
  const frame = encodeFrame(header, payload);
  writeUint32(frame, frame.length - TAG_BYTES, sender);
  return frame;
}

/** A new frame from the template, seq and tag set to `number`. */
export function stampFrame(template: Uint8Array, number: number): Uint8Array {
  const frame = template.slice();
  writeUint32(frame, 0, number);
  writeUint32(frame, frame.length - 4, number);
  return frame;
}

/**
 * The message number in a frame that answers a template's message, or -1. Responses, acks and errors carry it as seq;
 * a relayed copy carries it in its tag, beside the sender.
 */
export function numberIn(frame: Uint8Array, flags: number, sender: number): number {
  if (flags & (FLAG.response | FLAG.ack | FLAG.error)) return readUint32(frame, 0);
  if (frame.length < HEADER_BYTES + TAG_BYTES) return -1;
  if (readUint32(frame, frame.length - TAG_BYTES) !== sender) return -1;
  return readUint32(frame, frame.length - 4);
}
