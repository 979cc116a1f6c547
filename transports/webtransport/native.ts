import type { LibraryServer, LibrarySession, LibraryStream } from './library.ts';

/**
 * What the library keeps private and we use all the same, found by feature test: each function here answers
 * "not there" for another version of the library, and its caller then does without. Nothing else in this folder
 * reads a private field.
 *
 * - `stopReading`/`startReading` of a stream are the only receive backpressure over HTTP/3: the library's own web
 *   streams take everything at once, whatever their high-water mark says, and quiche reopens the flow control window.
 *   With them a peer that is not read stops at its window (measured: 0.7 MiB after auto-tuning). They are a switch,
 *   apart from what is read: the addon says `drained` where more bytes wait, so the `pull` of the first read never
 *   settles, and no later read starts what was stopped.
 * - `writeDatagram` of a session answers whether the datagram was taken, where the public writable resolves in every
 *   case, and costs no promise.
 * - `onStreamNetworkFinish` is called twice for a finished stream: when the FIN is buffered and again when the peer
 *   has acknowledged all of it (RFC 9000 section 3.1, "Data Recvd"). The public `close()` resolves at the first.
 * - The UDP socket of a server is asked for its own address with every packet that comes, a system call and an object
 *   each (measured: some 5 % of the processor time of an echo server). It is bound once, so the answer stays the same.
 * - `closeClient` of the Node client closes its socket in the tick of its CONNECTION_CLOSE, which Node's lookup holds
 *   back to the next one: the packet is lost, and the server keeps the QUIC connection (70 KiB) until its idle time.
 */

interface NativeReading {
  stopReading(): void;
  startReading(): void;
}

/** Controls of the receiving side of a stream, where there are such. */
export function nativeReading(stream: object): NativeReading | undefined {
  const native = objectAt(stream, 'objint');
  return native !== undefined && canPause(native) ? native : undefined;
}

/** Sends a datagram; false where the library did not take it. Undefined: not there, use the public writable. */
export function nativeDatagramWriter(session: LibrarySession): DatagramWriter | undefined {
  const holder = objectAt(session, 'sessionint') ?? session;
  const native = objectAt(holder, 'objint');
  return native !== undefined && canWriteDatagrams(native) ? native : undefined;
}

export interface DatagramWriter {
  writeDatagram(bytes: Uint8Array): { readonly code: string };
}

/** The stream's own object: a server gets it from the library, a client's stream is a bare pair of web streams. */
export function backingStream(session: LibrarySession, stream: LibraryStream): object {
  if ('objint' in stream) return stream;
  const streams = objectAt(objectAt(session, 'sessionint') ?? session, 'streamObjs');
  if (!(streams instanceof Set)) return stream;
  for (const candidate of streams) {
    if (isObject(candidate) && Reflect.get(candidate, 'readable') === stream.readable) return candidate;
  }
  return stream;
}

/** Calls `done` once when the peer has acknowledged the stream's FIN. False: it cannot be told. */
export function onAcknowledged(stream: object, done: () => void): boolean {
  const original: unknown = Reflect.get(stream, 'onStreamNetworkFinish');
  if (typeof original !== 'function') return false;
  let finished = 0;
  Reflect.set(stream, 'onStreamNetworkFinish', (event: unknown) => {
    Reflect.apply(original, stream, [event]);
    if (!isObject(event) || Reflect.get(event, 'nettask') !== 'streamFinal') return;
    finished++;
    if (finished === 2) done();
  });
  return true;
}

/** Makes the socket of a server that listens remember its address. Does nothing where it is not found. */
export function rememberAddress(server: LibraryServer): void {
  const transport = objectAt(server, 'transportInt') ?? {};
  const socket = objectAt(objectAt(transport, 'socket') ?? transport, 'socketInt');
  if (socket === undefined || !hasMethod(socket, 'address')) return;
  const address = call(socket, 'address');
  Reflect.set(socket, 'address', () => address);
}

/** So long the Node client's socket outlives its connection. */
const CLIENT_LINGER_MS = 20;

/** Makes the end of a Node client's session reach the server, as a browser's does. */
export function closeClientGently(session: LibrarySession): void {
  const client = objectAt(objectAt(session, 'sessionint') ?? session, 'parentobj');
  const transport = client && objectAt(client, 'transportInt');
  const socket = transport && objectAt(transport, 'socket');
  if (transport === undefined || socket === undefined || !hasMethod(transport, 'closeClientInt')) return;
  let closing = false;
  Reflect.set(transport, 'closeClient', () => {
    if (closing) return;
    closing = true;
    setImmediate(() => closeClient(transport, socket));
  });
}

function closeClient(transport: object, socket: object): void {
  const udp = () => objectAt(socket, 'socketInt') ?? {};
  // The native client takes no packet once it is closed.
  call(udp(), 'removeAllListeners', 'message');
  call(transport, 'closeClientInt');
  setTimeout(() => {
    Reflect.set(socket, 'closed', true);
    call(udp(), 'close');
  }, CLIENT_LINGER_MS);
}

function canPause(native: object): native is NativeReading {
  return hasMethod(native, 'stopReading') && hasMethod(native, 'startReading');
}

function canWriteDatagrams(native: object): native is DatagramWriter {
  return hasMethod(native, 'writeDatagram');
}

function hasMethod(holder: object, name: string): boolean {
  return typeof Reflect.get(holder, name) === 'function';
}

function call(holder: object, name: string, ...args: unknown[]): unknown {
  const method: unknown = Reflect.get(holder, name);
  return typeof method === 'function' ? Reflect.apply(method, holder, args) : undefined;
}

function objectAt(holder: object, key: string): object | undefined {
  const value: unknown = Reflect.get(holder, key);
  return isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
