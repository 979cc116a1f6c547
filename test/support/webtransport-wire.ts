import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CertificatePair } from '../../transports/webtransport/certificate-check.ts';
import type { WebTransportLibrary } from '../../transports/webtransport/library.ts';
import { RawWebTransport } from './raw-webtransport.ts';
import type { OpenWire } from './resuming-client.ts';
import type { Settings } from './test-gateway.ts';
import { startUdpProxy } from './udp-proxy.ts';
import { openSession, testCertificate } from './webtransport.ts';

/** A certificate of loopback in files, and the settings of a gateway that serves WebTransport with it. */
export interface ServedCertificate {
  readonly certificate: CertificatePair;
  readonly settings: Settings;
  remove(): Promise<void>;
}

export async function servedCertificate(): Promise<ServedCertificate> {
  const certificate = testCertificate();
  const folder = await mkdtemp(join(tmpdir(), 'dualgate-certificate-'));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await writeFile(cert, certificate.certPem);
  await writeFile(key, certificate.keyPem);
  const address = { 'quic.enabled': 'true', 'quic.host': '127.0.0.1', 'quic.port': '0' };
  const settings = { ...address, 'quic.cert': cert, 'quic.key': key };
  return { certificate, settings, remove: () => rm(folder, { recursive: true }) };
}

export interface WebTransportTarget {
  readonly library: WebTransportLibrary;
  readonly certificate: CertificatePair;
  /** Of the gateway on loopback. */
  readonly port: number;
}

/** `latest` frames come as datagrams. What vanishes ends its session abruptly: the gateway hears of it. */
export function webTransportWire({ library, certificate, port }: WebTransportTarget): OpenWire {
  return async ({ onFrame, onClose }) => {
    const session = await openSession(library, `https://127.0.0.1:${port}/wt`, certificate);
    const stream = await session.createBidirectionalStream();
    const raw = new RawWebTransport(session, stream, { onFrame, onClose: ({ code }) => onClose(code) });
    return {
      send: (frame) => raw.send(frame),
      vanish: () => raw.vanish(),
      close: () => raw.close(1000, ''),
      pause: () => raw.pause(),
      resume: () => raw.resume(),
    };
  };
}

/** As `webTransportWire`, but what vanishes falls silent: no packet passes any more, and the gateway hears nothing. */
export function silentWebTransportWire(target: WebTransportTarget): OpenWire {
  return async (handlers) => {
    const proxy = await startUdpProxy(target.port);
    const onClose = (code: number): void => {
      handlers.onClose(code);
      proxy.cut();
      void proxy.close();
    };
    const wire = await webTransportWire({ ...target, port: proxy.port })({ ...handlers, onClose });
    const vanish = (): void => {
      proxy.cut();
      wire.vanish();
    };
    return { ...wire, vanish };
  };
}
