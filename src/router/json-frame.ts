import { HEADER_BYTES, MSG_ID_MAX, ROUTE_NAMES, SEQ_MODULUS, writeHeader } from '../protocol/header.ts';

/** A JSON debugging frame: `{seq, route, msgId, flags?, payload?}`, the route by number or name, the payload base64. */
export function frameFromJson(text: string): Uint8Array | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const seq = uint(value, 'seq', SEQ_MODULUS - 1);
  const route = routeNumber(Reflect.get(value, 'route'));
  const msgId = uint(value, 'msgId', MSG_ID_MAX);
  const flags = uint(value, 'flags', 0xff);
  const payload: unknown = Reflect.get(value, 'payload') ?? '';
  if (seq === undefined || route === undefined || msgId === undefined || flags === undefined)
    return undefined;
  if (typeof payload !== 'string') return undefined;
  const bytes = Buffer.from(payload, 'base64');
  const frame = new Uint8Array(HEADER_BYTES + bytes.length);
  writeHeader(frame, 0, { seq, route, flags, msgId });
  frame.set(bytes, HEADER_BYTES);
  return frame;
}

function uint(object: object, key: string, max: number): number | undefined {
  const value: unknown = Reflect.get(object, key) ?? 0;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max
    ? value
    : undefined;
}

function routeNumber(value: unknown): number | undefined {
  if (typeof value === 'string') {
    const index = ROUTE_NAMES.indexOf(value);
    return index > 0 ? index : undefined;
  }
  const isByte = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xff;
  return isByte ? value : undefined;
}
