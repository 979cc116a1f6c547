import { type CertificatePair, certificateHash } from '../../transports/webtransport/certificate-check.ts';
import {
  type LibrarySession,
  loadWebTransport,
  type WebTransportLibrary,
} from '../../transports/webtransport/library.ts';
import { closeClientGently } from '../../transports/webtransport/native.ts';
import { createSelfSigned } from '../../transports/webtransport/self-signed.ts';
import { isObject } from './reflect.ts';

const HOUR_MS = 3_600_000;

/** The library, which every platform that runs these tests has. */
export async function testLibrary(): Promise<WebTransportLibrary> {
  const loaded = await loadWebTransport();
  if (!loaded.available) throw new Error(`no HTTP/3 addon: ${loaded.reason}`);
  return loaded.library;
}

/** A certificate for loopback, valid for a day. */
export function testCertificate(nowMs: number = Date.now()): CertificatePair {
  return createSelfSigned({
    names: ['localhost', '127.0.0.1', '::1'],
    notBeforeMs: nowMs - HOUR_MS,
    notAfterMs: nowMs + 24 * HOUR_MS,
  });
}

/** A client session that trusts `certificate`, ready or rejected. Every promise of it has a handler. */
export async function openSession(
  library: WebTransportLibrary,
  url: string,
  certificate: CertificatePair,
): Promise<LibrarySession> {
  const session = newSession(library, url, certificate);
  await session.ready;
  return session;
}

/** As `openSession`, at once. */
export function newSession(
  library: WebTransportLibrary,
  url: string,
  certificate: CertificatePair,
): LibrarySession {
  const value = new Uint8Array(Buffer.from(certificateHash(certificate.certPem), 'hex'));
  const session = new library.WebTransport(url, {
    requireUnreliable: true,
    serverCertificateHashes: [{ algorithm: 'sha-256', value }],
  });
  closeClientGently(session);
  for (const promise of [session.ready, session.closed, session.draining]) promise.catch(() => {});
  return session;
}

/** Tells the server that this side drains (W3C WebTransport `draining`), which the public client cannot. */
export function drain(session: LibrarySession): void {
  const holder = sessionObject(session);
  const notify: unknown = Reflect.get(holder, 'notifySessionDraining');
  if (typeof notify !== 'function') throw new Error('the library has no notifySessionDraining');
  Reflect.apply(notify, holder, []);
}

function sessionObject(session: LibrarySession): object {
  const inner: unknown = Reflect.get(session, 'sessionint');
  if (!isObject(inner)) throw new Error('the library has no sessionint');
  return inner;
}
