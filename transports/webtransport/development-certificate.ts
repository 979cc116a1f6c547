import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, StartError } from '../../src/errors.ts';
import { type CertificatePair, certificateHash, checkCertificate } from './certificate-check.ts';
import type { CertificateSet, CertificateSource } from './certificate-source.ts';
import { withFileLock } from './file-lock.ts';
import { createSelfSigned } from './self-signed.ts';

/** Both certificates with their keys, in one file: no reader sees a certificate with the key of another. */
interface DevelopmentState {
  readonly current: CertificatePair;
  readonly next: CertificatePair;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** For clients whose clock is behind. */
const BACKDATE_MS = HOUR_MS;
/** Below the 14 days that browsers allow, whatever they round. */
const VALIDITY_MS = 13 * DAY_MS;
/** A client that has read both hashes can connect for twice as long. */
const ROTATE_AFTER_MS = 6 * DAY_MS;
/** The next certificate takes over at least so long before the current one ends. */
const SPARE_MS = DAY_MS;

const FILE_NAME = 'development.json';
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '::1'];

/**
 * A certificate for development in `folder`, made when there is none and followed by the next one in time. Its file
 * holds private keys and has mode 0600. Processes that share the folder share the certificate.
 */
export function developmentSource(folder: string, names: readonly string[] = []): CertificateSource {
  const allNames = [...new Set([...LOOPBACK_NAMES, ...names])];
  return { mode: 'development', folder, load: (nowMs) => load(folder, allNames, nowMs) };
}

async function load(folder: string, names: readonly string[], nowMs: number): Promise<CertificateSet> {
  const found = await read(join(folder, FILE_NAME));
  const { current, next } = unlessDue(found, nowMs) ?? (await renew(folder, names, nowMs));
  return { pair: current, hashes: [certificateHash(current.certPem), certificateHash(next.certPem)] };
}

async function renew(folder: string, names: readonly string[], nowMs: number): Promise<DevelopmentState> {
  const file = join(folder, FILE_NAME);
  try {
    await mkdir(folder, { recursive: true });
    return await withFileLock(`${file}.lock`, async () => {
      const found = await read(file);
      const renewedByAnother = unlessDue(found, nowMs);
      if (renewedByAnother !== undefined) return renewedByAnother;
      const state = followUp(found, names, nowMs);
      await replaceFile(file, JSON.stringify(state, null, 2));
      return state;
    });
  } catch (error) {
    throw new StartError(`no development certificate in ${folder}: ${messageOf(error)}`, error);
  }
}

/** Undefined where another certificate is to be served now. */
function unlessDue(state: DevelopmentState | undefined, nowMs: number): DevelopmentState | undefined {
  if (state === undefined || !isValid(state.current, nowMs)) return undefined;
  return startMs(state.next) > nowMs ? state : undefined;
}

/** The next certificate takes over where it is valid; else, after a long rest, all begins anew. */
function followUp(
  found: DevelopmentState | undefined,
  names: readonly string[],
  nowMs: number,
): DevelopmentState {
  const heir = found !== undefined && isValid(found.next, nowMs) ? found.next : undefined;
  const current = heir ?? create(names, nowMs);
  const latestMs = Date.parse(new X509Certificate(current.certPem).validTo) - SPARE_MS;
  const nextStartMs = Math.max(nowMs + HOUR_MS, Math.min(nowMs + ROTATE_AFTER_MS, latestMs));
  return { current, next: create(names, nextStartMs) };
}

function create(names: readonly string[], atMs: number): CertificatePair {
  const notBeforeMs = atMs - BACKDATE_MS;
  return createSelfSigned({ names, notBeforeMs, notAfterMs: notBeforeMs + VALIDITY_MS });
}

function isValid(pair: CertificatePair, nowMs: number): boolean {
  try {
    checkCertificate(pair, { pinned: true, nowMs });
    return true;
  } catch {
    return false;
  }
}

/** When a certificate is to take over. */
function startMs({ certPem }: CertificatePair): number {
  return Date.parse(new X509Certificate(certPem).validFrom) + BACKDATE_MS;
}

/** Undefined where there is none, or where it is not what this file writes. */
async function read(file: string): Promise<DevelopmentState | undefined> {
  try {
    const state: unknown = JSON.parse(await readFile(file, 'utf8'));
    return isState(state) ? state : undefined;
  } catch {
    return undefined;
  }
}

function isState(value: unknown): value is DevelopmentState {
  return isRecord(value) && isPair(value.current) && isPair(value.next);
}

function isPair(value: unknown): value is CertificatePair {
  if (!isRecord(value) || typeof value.certPem !== 'string' || typeof value.keyPem !== 'string') return false;
  try {
    return new X509Certificate(value.certPem).raw.length > 0;
  } catch {
    return false;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** A reader sees the old file or the new one. */
async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, text, { mode: 0o600, flush: true });
  await rename(temporary, file);
}
