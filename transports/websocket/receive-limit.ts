import type { WebSocket } from 'ws';

/**
 * Changes the largest message that `webSocket` accepts, in bytes, from the next message on.
 *
 * ws takes `maxPayload` once, when the connection is made; ours rises after authentication. The receiver compares
 * the length in each WebSocket header (RFC 6455 section 5.2) with `_maxPayload`, and the inflater does so for what
 * it inflates; both are private, so this file is the only one that knows them. Returns false where they are not as
 * expected (another version of ws): the limit of the handshake still holds then, and a test fails.
 */
export function setReceiveBytesMax(webSocket: WebSocket, bytes: number): boolean {
  const receiver = objectAt(webSocket, '_receiver');
  if (receiver === undefined || !setLimit(receiver, bytes)) return false;
  const extensions = objectAt(receiver, '_extensions');
  const inflater = extensions && objectAt(extensions, 'permessage-deflate');
  return inflater === undefined || setLimit(inflater, bytes);
}

function setLimit(holder: object, bytes: number): boolean {
  const current: unknown = Reflect.get(holder, '_maxPayload');
  return typeof current === 'number' && Reflect.set(holder, '_maxPayload', bytes);
}

function objectAt(holder: object, key: string): object | undefined {
  const value: unknown = Reflect.get(holder, key);
  return typeof value === 'object' && value !== null ? value : undefined;
}
