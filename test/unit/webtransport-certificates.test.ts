import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StartError } from '../../src/errors.ts';
import { certificateHash, checkCertificate } from '../../transports/webtransport/certificate-check.ts';
import type { CertificateSet } from '../../transports/webtransport/certificate-source.ts';
import { CertificateStore } from '../../transports/webtransport/certificate-store.ts';
import { createSelfSigned } from '../../transports/webtransport/self-signed.ts';
import { until } from '../compliance/transport-harness.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 5, 15, 12);

function selfSigned(fromDays = -1, toDays = 5) {
  return createSelfSigned({
    names: ['localhost', 'game.example', '127.0.0.1', '::1', '2001:db8::42'],
    notBeforeMs: NOW_MS + fromDays * DAY_MS,
    notAfterMs: NOW_MS + toDays * DAY_MS,
  });
}

let folder: string;
let stores: CertificateStore[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dualgate-certificates-'));
  stores = [];
});

afterEach(async () => {
  for (const store of stores) await store.close();
  await rm(folder, { recursive: true });
});

async function openStore(now: () => number = () => NOW_MS): Promise<CertificateStore> {
  const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  const store = await CertificateStore.open({ ...files, names: ['lan.example'], now, pollIntervalMs: 50 });
  stores.push(store);
  return store;
}

async function writePair({ certPem, keyPem }: { certPem: string; keyPem: string }): Promise<void> {
  await writeFile(join(folder, 'cert.pem'), certPem);
  await writeFile(join(folder, 'key.pem'), keyPem);
}

describe('a self-signed certificate', () => {
  it('is what was asked for', () => {
    const { certPem, keyPem } = selfSigned();
    const certificate = new X509Certificate(certPem);
    expect(Date.parse(certificate.validFrom)).toBe(NOW_MS - DAY_MS);
    expect(Date.parse(certificate.validTo)).toBe(NOW_MS + 5 * DAY_MS);
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.ca).toBe(false);
    for (const name of ['localhost', 'game.example']) expect(certificate.checkHost(name)).toBe(name);
    for (const address of ['127.0.0.1', '2001:db8::42', '::1']) {
      expect(certificate.checkIP(address)).toBe(address);
    }
    expect(() => checkCertificate({ certPem, keyPem }, { pinned: true, nowMs: NOW_MS })).not.toThrow();
  });

  it('has another serial number and key each time', () => {
    const [a, b] = [selfSigned(), selfSigned()].map(({ certPem }) => new X509Certificate(certPem));
    expect(a.serialNumber).not.toBe(b.serialNumber);
    expect(a.publicKey.equals(b.publicKey)).toBe(false);
  });

  it('writes dates after 2049 too', () => {
    const options = { names: ['a'], notBeforeMs: Date.UTC(2049, 11, 31), notAfterMs: Date.UTC(2050, 0, 5) };
    const certificate = new X509Certificate(createSelfSigned(options).certPem);
    expect(Date.parse(certificate.validFrom)).toBe(options.notBeforeMs);
    expect(Date.parse(certificate.validTo)).toBe(options.notAfterMs);
  });
});

describe('a certificate is refused', () => {
  const good = selfSigned();
  const otherKey = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
  const foreignKeyPem = otherKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  it.each([
    ['not PEM', { ...good, certPem: 'hello' }, 'not a PEM certificate'],
    ['with a key that is not PEM', { ...good, keyPem: 'hello' }, 'not a PEM private key'],
    ['with the key of another', { ...good, keyPem: foreignKeyPem }, 'belongs to another certificate'],
    ['before its time', selfSigned(1, 5), 'not valid before Jun 16 12:00:00 2026 GMT'],
    ['after its time', selfSigned(-5, -1), 'expired on Jun 14 12:00:00 2026 GMT'],
    ['pinned and valid for too long', selfSigned(-1, 14), '14 days at most, and this one is valid for 15'],
  ])('%s', (_name, pair, reason) => {
    const check = () => checkCertificate(pair, { source: 'x.pem', pinned: true, nowMs: NOW_MS });
    expect(check).toThrow(StartError);
    expect(check).toThrow(reason);
    expect(check).toThrow(/^x\.pem cannot be used: /);
  });

  it('RSA and pinned', () => {
    const keyFile = join(folder, 'rsa.key');
    const certFile = join(folder, 'rsa.pem');
    const request = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '10',
      '-subj',
      '/CN=localhost',
    ];
    execFileSync('openssl', [...request, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' });
    return Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]).then(([certPem, keyPem]) => {
      expect(() => checkCertificate({ certPem, keyPem })).not.toThrow();
      expect(() => checkCertificate({ certPem, keyPem }, { pinned: true })).toThrow('this one is RSA');
    });
  });
});

describe('the store without files', () => {
  it('makes a development certificate, and keeps it', async () => {
    const first = await openStore();
    expect(first.mode).toBe('development');
    expect(first.hashes).toHaveLength(2);
    expect(first.hashes[0]).toBe(certificateHash(first.pair.certPem));
    expect(new X509Certificate(first.pair.certPem).checkHost('lan.example')).toBe('lan.example');
    expect((await stat(join(folder, 'development.json'))).mode & 0o777).toBe(0o600);
    const second = await openStore();
    expect(second.pair).toEqual(first.pair);
    expect(second.hashes).toEqual(first.hashes);
  });

  it('is made once by two that start together', async () => {
    const opened = await Promise.all(Array.from({ length: 8 }, () => openStore()));
    expect(new Set(opened.map(({ hashes }) => hashes.join())).size).toBe(1);
  });

  it.each([
    ['empty', ''],
    ['cut short', '{"current": {"certPem": "-----BEGIN'],
    ['something else', '{"current": {"certPem": "a", "keyPem": "b"}, "next": 7}'],
  ])('replaces a file that is %s', async (_name, text) => {
    await writeFile(join(folder, 'development.json'), text);
    expect((await openStore()).hashes).toHaveLength(2);
  });

  it('goes on after a process died with the lock', async () => {
    const lock = join(folder, 'development.json.lock');
    await writeFile(lock, '');
    execFileSync('touch', ['-d', '1 minute ago', lock]);
    expect((await openStore()).hashes).toHaveLength(2);
  });

  it('hands over to the next in time, for months, each pinnable and announced before', async () => {
    let hashes = (await openStore(() => NOW_MS)).hashes;
    let changes = 0;
    for (let day = 0; day < 60; day += 0.5) {
      const store = await openStore(() => NOW_MS + day * DAY_MS);
      checkCertificate(store.pair, { pinned: true, nowMs: NOW_MS + day * DAY_MS });
      expect(hashes).toContain(store.hashes[0]);
      if (store.hashes[0] !== hashes[0]) changes++;
      hashes = store.hashes;
    }
    expect(changes).toBe(9);
  });

  it.each([5, 7, 12.9, 18, 40])('is valid again after a rest of %d days', async (days) => {
    const before = await openStore();
    const nowMs = NOW_MS + days * DAY_MS;
    const after = await openStore(() => nowMs);
    checkCertificate(after.pair, { pinned: true, nowMs });
    expect(before.hashes.includes(after.hashes[0])).toBe(days < 19);
  });

  it('renews while it runs, and tells', async () => {
    let nowMs = NOW_MS;
    const store = await openStore(() => nowMs);
    const [, next] = store.hashes;
    const changes: CertificateSet[] = [];
    store.watch({ onChange: (set) => changes.push(set), onFault: () => {} });
    nowMs += 7 * DAY_MS;
    await until(() => changes.length === 1, 'the change');
    expect(store.hashes[0]).toBe(next);
    expect(changes[0].hashes).toEqual(store.hashes);
  });
});

describe('the store with files', () => {
  it('serves them; a self-signed one by its hash', async () => {
    const pair = selfSigned();
    await writePair(pair);
    const store = await openStore();
    expect(store.mode).toBe('files');
    expect(store.pair).toEqual(pair);
    expect(store.hashes).toEqual([certificateHash(pair.certPem)]);
  });

  it('refuses one file without the other', async () => {
    await writeFile(join(folder, 'cert.pem'), selfSigned().certPem);
    await expect(openStore()).rejects.toThrow('key.pem is missing');
  });

  it('refuses a self-signed one that browsers would not pin', async () => {
    await writePair(selfSigned(-1, 300));
    await expect(openStore()).rejects.toThrow('it is self-signed, but browsers pin certificates of 14 days');
  });

  it('takes up changed ones, and keeps the old while the new cannot be used', async () => {
    await writePair(selfSigned());
    const store = await openStore();
    const changes: CertificateSet[] = [];
    const faults: string[] = [];
    store.watch({ onChange: (set) => changes.push(set), onFault: (reason) => faults.push(reason) });
    const old = store.pair;
    await writeFile(join(folder, 'key.pem'), selfSigned().keyPem);
    // A file that is written may be seen half before that.
    await until(() => faults.at(-1)?.includes('belongs to another certificate') === true, 'the fault');
    expect(store.pair).toEqual(old);
    const pair = selfSigned();
    await writePair(pair);
    await until(() => changes.length === 1, 'the change');
    expect(store.pair).toEqual(pair);
  });
});
