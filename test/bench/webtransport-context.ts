import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateHash } from '../../transports/webtransport/certificate-check.ts';
import { loadWebTransport, type WebTransportLibrary } from '../../transports/webtransport/library.ts';
import { createSelfSigned } from '../../transports/webtransport/self-signed.ts';

/** What the rows over WebTransport share: the library for the clients, and one certificate for all the servers. */
export interface WebTransportContext {
  readonly library: WebTransportLibrary;
  readonly certFile: string;
  readonly keyFile: string;
  /** Hex SHA-256 of the certificate. */
  readonly hash: string;
  /** Removes the files. */
  remove(): Promise<void>;
}

const DAY_MS = 86_400_000;

/** Undefined where the HTTP/3 addon cannot be loaded. */
export async function prepareWebTransport(): Promise<WebTransportContext | undefined> {
  const loaded = await loadWebTransport();
  if (!loaded.available) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'dualgate-bench-'));
  const nowMs = Date.now();
  const pair = createSelfSigned({
    names: ['localhost', '127.0.0.1'],
    notBeforeMs: nowMs - DAY_MS,
    notAfterMs: nowMs + 10 * DAY_MS,
  });
  const certFile = join(folder, 'cert.pem');
  const keyFile = join(folder, 'key.pem');
  await writeFile(certFile, pair.certPem);
  await writeFile(keyFile, pair.keyPem, { mode: 0o600 });
  return {
    library: loaded.library,
    certFile,
    keyFile,
    hash: certificateHash(pair.certPem),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** For rows of groups that are left out without WebTransport. */
export function required(context: WebTransportContext | undefined): WebTransportContext {
  if (context === undefined) throw new Error('this row needs the HTTP/3 addon');
  return context;
}
