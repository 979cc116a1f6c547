import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { StartError } from '../../src/errors.ts';
import { QuicServer } from '../../transports/webtransport/quic-server.ts';
import type { WebTransportListener } from '../../transports/webtransport/webtransport-listener.ts';
import { eventually } from '../support/recording-sink.ts';
import { type Served, startServed } from '../support/served.ts';
import type { Settings } from '../support/test-gateway.ts';
import { testCertificate } from '../support/webtransport.ts';

let folder: string;
let served: Served | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dualgate-away-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await served?.close();
  await rm(folder, { recursive: true });
});

async function serveBoth(settings: Settings = {}): Promise<Served> {
  const { certPem, keyPem } = testCertificate();
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await Promise.all([writeFile(cert, certPem), writeFile(key, keyPem)]);
  served = await startServed({
    ...{ 'quic.enabled': 'true', 'quic.host': '127.0.0.1', 'quic.port': '0' },
    ...{ 'quic.cert': cert, 'quic.key': key },
    ...settings,
  });
  return served;
}

function listenerOf({ running }: Served): WebTransportListener {
  if ('absent' in running.webTransport) throw new Error(running.webTransport.absent);
  return running.webTransport.listener;
}

/** A change of certificate that finds the port taken, until the returned function is called. */
async function loseWebTransport(gateway: Served): Promise<() => void> {
  const start = vi.spyOn(QuicServer, 'start').mockRejectedValue(new StartError('the port is taken'));
  await expect(listenerOf(gateway).replaceCertificate(testCertificate())).rejects.toThrow(StartError);
  return () => start.mockRestore();
}

it('the pages say that WebTransport is away while a change of certificate waits for the port', async () => {
  const gateway = await serveBoth();
  const port = gateway.running.addresses.get('webtransport')?.port;
  const discovery = async () => (await gateway.json('/discovery')).body;
  expect(await discovery()).toMatchObject({ webtransport: { port } });
  const release = await loseWebTransport(gateway);
  const away = { webtransport: expect.stringMatching(/^away/) };
  expect(await gateway.json('/ready')).toMatchObject({ status: 200, body: { ready: true, checks: away } });
  expect(await gateway.json('/stats')).toMatchObject({ body: away });
  expect(await discovery()).toMatchObject({ websocket: { path: '/ws' }, webtransport: null });
  release();
  await eventually(() => listenerOf(gateway).serving, 'WebTransport to be back');
  const back = { webtransport: 'ok' };
  expect(await gateway.json('/ready')).toMatchObject({ status: 200, body: { checks: back } });
  expect(await gateway.json('/stats')).toMatchObject({ body: back });
  expect(await discovery()).toMatchObject({ webtransport: { port } });
  const told = gateway.logLines.filter((line) => /WebTransport is (not )?served/.test(line));
  expect(told.map((line) => line.includes('not served'))).toEqual([false, true, false]);
});

it.each([
  ['is required', { 'quic.required': 'true' }],
  ['is all there is', { 'websocket.enabled': 'false' }],
])('a gateway where WebTransport %s is not ready without', async (_why, settings) => {
  const gateway = await serveBoth(settings);
  expect(await gateway.json('/ready')).toMatchObject({ status: 200, body: { ready: true } });
  const release = await loseWebTransport(gateway);
  expect(await gateway.json('/ready')).toMatchObject({ status: 503, body: { ready: false } });
  release();
  await eventually(() => listenerOf(gateway).serving, 'WebTransport to be back');
  expect(await gateway.json('/ready')).toMatchObject({ status: 200, body: { ready: true } });
});
