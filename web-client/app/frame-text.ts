import { FLAG, HEADER_BYTES, payloadOf, ROUTE_NAMES, readHeader } from '../../src/protocol/header.ts';
import { SYSTEM } from '../../src/protocol/system.ts';
import { decodeProtobufText, toHex } from './protobuf-text.ts';

/** A frame, field by field, for people. */
export interface FrameText {
  seq: string;
  route: string;
  flags: string;
  msgId: string;
  bytes: string;
  payload: string;
}

const PREVIEW_BYTES = 48;
const FLAG_NAMES = Object.entries(FLAG);
const SYSTEM_NAMES = new Map<number, string>(Object.entries(SYSTEM).map(([name, id]) => [id, name]));

export function frameText(frame: Uint8Array): FrameText {
  const bytes = String(frame.length);
  if (frame.length < HEADER_BYTES) {
    return {
      seq: '',
      route: '',
      flags: '',
      msgId: '',
      bytes,
      payload: `shorter than a header: ${toHex(frame)}`,
    };
  }
  const { seq, route, flags, msgId } = readHeader(frame);
  const name = ROUTE_NAMES[route] ?? `unknown ${route}`;
  return {
    seq: String(seq),
    route: name,
    flags: flagsText(flags),
    msgId: name === 'system' ? `${msgId} ${SYSTEM_NAMES.get(msgId) ?? ''}`.trim() : String(msgId),
    bytes,
    payload: payloadText(payloadOf(frame)),
  };
}

function flagsText(flags: number): string {
  const names = FLAG_NAMES.filter(([, bit]) => flags & bit).map(([name]) => name);
  const reserved = flags & 0xc0;
  if (reserved !== 0) names.push(`reserved 0x${reserved.toString(16)}`);
  return names.join(' ');
}

function payloadText(payload: Uint8Array): string {
  if (payload.length === 0) return '';
  const text = decodeProtobufText(payload);
  if (text !== undefined) return text;
  const more = payload.length > PREVIEW_BYTES ? '…' : '';
  return `${toHex(payload.subarray(0, PREVIEW_BYTES))}${more}`;
}
