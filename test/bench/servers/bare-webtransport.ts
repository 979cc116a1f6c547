import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { type LibrarySession, loadWebTransport } from '../../../transports/webtransport/library.ts';
import { argument, reportTo } from './serve-child.ts';

/**
 * Control: an echo server as one writes it by hand on the library. A session has one bidirectional stream, which the
 * client opens; frames on it stand behind their length (u32). The whole frames of a read go back in one write, which is
 * awaited, and no byte is copied but for frames that are cut by the end of a read. Datagrams go back as they came.
 * `tuned` gives the UDP socket the settings that the gateway gives its own.
 */
const LENGTH_BYTES = 4;
const EMPTY = new Uint8Array(0);
const options = Object(argument());
const loaded = await loadWebTransport();
if (!loaded.available) throw new Error(loaded.reason);
const server = new loaded.library.Http3Server({
  host: '127.0.0.1',
  port: 0,
  secret: randomBytes(32).toString('hex'),
  cert: await readFile(String(Reflect.get(options, 'certFile')), 'utf8'),
  privKey: await readFile(String(Reflect.get(options, 'keyFile')), 'utf8'),
  initialBidirectionalStreams: 32,
  initialUnidirectionalStreams: 32,
  quicheNodeSocketOptions: Reflect.get(options, 'tuned') === true ? tunedSocket() : {},
});
server.closed.catch(ignore);

function tunedSocket(): object {
  return {
    reuseAddr: false,
    recvBufferSize: 1024 * 1024,
    sendBufferSize: 1024 * 1024,
    lookup: (
      host: string,
      _options: unknown,
      callback: (error: null, address: string, family: number) => void,
    ) => callback(null, host, isIP(host)),
  };
}

async function acceptSessions(): Promise<void> {
  const sessions = server.sessionStream('/wt').getReader();
  for (;;) {
    const { done, value } = await sessions.read();
    if (done) return;
    serveSession(value).catch(ignore);
  }
}

async function serveSession(session: LibrarySession): Promise<void> {
  session.closed.catch(ignore);
  await session.ready;
  echoDatagrams(session).catch(ignore);
  const streams = session.incomingBidirectionalStreams.getReader();
  for (;;) {
    const { done, value } = await streams.read();
    if (done) return;
    echoStream(value).catch(ignore);
  }
}

async function echoStream(stream: Awaited<ReturnType<LibrarySession['createBidirectionalStream']>>) {
  const reader = stream.readable.getReader();
  const writer = stream.writable.getWriter();
  reader.closed.catch(ignore);
  writer.closed.catch(ignore);
  let rest = EMPTY;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const bytes = rest.length === 0 ? value : Buffer.concat([rest, value]);
    const end = endOfFrames(bytes);
    rest = new Uint8Array(bytes.subarray(end));
    if (end > 0) await writer.write(bytes.subarray(0, end));
  }
}

/** Where the last whole frame ends. */
function endOfFrames(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let end = 0;
  while (bytes.length - end >= LENGTH_BYTES) {
    const next = end + LENGTH_BYTES + view.getUint32(end);
    if (next > bytes.length) break;
    end = next;
  }
  return end;
}

async function echoDatagrams(session: LibrarySession): Promise<void> {
  const reader = session.datagrams.readable.getReader();
  const writer = session.datagrams.createWritable().getWriter();
  reader.closed.catch(ignore);
  writer.closed.catch(ignore);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    await writer.write(value);
  }
}

function ignore(): void {}

acceptSessions().catch(ignore);
server.startServer();
await server.ready;
reportTo(process, server.address()?.port ?? 0, async () => server.stopServer());
