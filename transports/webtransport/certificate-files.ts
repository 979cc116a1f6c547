import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, StartError } from '../../src/errors.ts';
import {
  type CertificatePair,
  certificateHash,
  checkCertificate,
  pinningFault,
} from './certificate-check.ts';
import type { CertificateSet, CertificateSource, CertificateStoreOptions } from './certificate-source.ts';

/**
 * The operator's certificate and key. Undefined where neither file is there; a StartError where one is missing.
 *
 * A certificate of an authority is not pinned: a pinned one has no authority to fall back on. A self-signed one can
 * only be pinned, so it must keep the browsers' rules for that.
 */
export async function fileSource({
  certFile,
  keyFile,
}: CertificateStoreOptions): Promise<CertificateSource | undefined> {
  const [certPem, keyPem] = await Promise.all([readIfThere(certFile), readIfThere(keyFile)]);
  if (certPem === undefined && keyPem === undefined) return undefined;
  return { mode: 'files', folder: dirname(certFile), load: (nowMs) => load(certFile, keyFile, nowMs) };
}

async function load(certFile: string, keyFile: string, nowMs: number): Promise<CertificateSet> {
  const pair = { certPem: await readPem(certFile), keyPem: await readPem(keyFile) };
  checkCertificate(pair, { source: certFile, nowMs });
  if (!isSelfSigned(pair)) return { pair, hashes: [] };
  const fault = pinningFault(pair);
  if (fault === undefined) return { pair, hashes: [certificateHash(pair.certPem)] };
  throw new StartError(`${certFile} cannot be used: it is self-signed, but ${fault}`);
}

function isSelfSigned({ certPem }: CertificatePair): boolean {
  const certificate = new X509Certificate(certPem);
  // Not checkIssued: that wants a key usage for signing certificates.
  return certificate.issuer === certificate.subject && certificate.verify(certificate.publicKey);
}

async function readPem(file: string): Promise<string> {
  const pem = await readIfThere(file);
  if (pem === undefined) throw new StartError(`${file} is missing, and its counterpart is there`);
  return pem;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new StartError(`${file} cannot be read: ${messageOf(error)}`, error);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
