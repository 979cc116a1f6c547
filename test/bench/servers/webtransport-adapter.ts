import { readFile } from 'node:fs/promises';
import { DISCONNECT } from '../../../src/protocol/disconnect.ts';
import { loadWebTransport } from '../../../transports/webtransport/library.ts';
import { WebTransportListener } from '../../../transports/webtransport/webtransport-listener.ts';
import { argument, reportTo } from './serve-child.ts';

/** This gateway's adapter without the core: each frame goes back the way it came. */
const options = Object(argument());
const loaded = await loadWebTransport();
if (!loaded.available) throw new Error(loaded.reason);
const listener = new WebTransportListener({
  library: loaded.library,
  certificate: {
    certPem: await readFile(String(Reflect.get(options, 'certFile')), 'utf8'),
    keyPem: await readFile(String(Reflect.get(options, 'keyFile')), 'utf8'),
  },
  connectionsPerAddressMax: 50_000,
  handshakesPerSec: 1_000_000,
  handshakesPerSecPerAddress: 1_000_000,
  idleTimeoutMs: 3_600_000,
});
const { port } = await listener.listen((connection) => ({
  onFrame: (frame, datagram) => {
    if (datagram) connection.sendDatagram(frame);
    else connection.send(new Uint8Array(frame));
  },
  onText: ignore,
  onDrain: ignore,
  onClose: ignore,
}));
reportTo(process, port, () => listener.close(DISCONNECT.shutdown));

function ignore(): void {}
