// A child process: opens WebTransport sessions and closes each QUIC connection at a random moment of its handshake,
// without closing the session, as a browser does with a tab. Prints one dot per client that is gone. The library's
// client may crash when it is torn down so; the server under test must not, so the parent starts another child.
// Arguments: URL, hex SHA-256 of the certificate, number of clients, longest delay in ms.
import { quicheLoaded, WebTransport } from '@fails-components/webtransport';

const [url, hash, count, delayMaxMs] = process.argv.slice(2);
await quicheLoaded;
process.on('uncaughtException', () => {});
process.on('unhandledRejection', () => {});

for (let i = 0; i < Number(count); i++) {
  const session = new WebTransport(url, {
    requireUnreliable: true,
    serverCertificateHashes: [{ algorithm: 'sha-256', value: Buffer.from(hash, 'hex') }],
  });
  await new Promise((resolve) => setTimeout(resolve, Math.random() * Number(delayMaxMs)));
  const { transportInt } = session.sessionint.parentobj;
  transportInt.closeClient = () => {};
  transportInt.closeClientInt();
  // The library's socket looks its host up and sends in a later tick.
  await new Promise((resolve) => setTimeout(resolve, 2));
  process.stdout.write('.');
}
process.exit();
