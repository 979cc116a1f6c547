import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Cli } from '../support/cli.ts';

const PROJECT = join(import.meta.dirname, '../..');
const TSC = join(PROJECT, 'node_modules/typescript/bin/tsc');
const run = promisify(execFile);

const APPLICATION = `
import { type Authentication, type Client, connect, discover, type Message, ROUTE } from 'dualgate/client';
const client: Client = await connect({ ...(await discover('http://localhost:8080')), transport: 'auto' });
client.on('message', (message: Message) => message.payload.length);
const sent: boolean = client.send(ROUTE.game, 1001, new Uint8Array(1), { latest: true });
const taken: Promise<void> = client.send(ROUTE.game, 1001, new Uint8Array(1), { ack: true });
const why: string | undefined = client.stats().choice?.detail;
const who: Promise<Authentication> = client.login('token');
client.on('refreshFailed', ({ error, retryInMs }) => [error.code, retryInMs]);
export { sent, taken, who, why };
`;

/** An application that has the package installed. */
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dualgate-application-'));
  await mkdir(join(folder, 'node_modules'));
  symlinkSync(PROJECT, join(folder, 'node_modules/dualgate'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'good.ts'), APPLICATION);
  writeFileSync(join(folder, 'bad.ts'), APPLICATION.replace('sent: boolean', 'sent: string'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function typeCheck(file: string) {
  const lib = 'es2023,dom,dom.iterable,dom.asynciterable';
  const args = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--types', ''];
  return run(process.execPath, [TSC, ...args, '--lib', lib, file], { cwd: folder });
}

it('is imported as dualgate/client', async () => {
  const script = `import('dualgate/client').then((sdk) => console.log(typeof sdk.connect, typeof sdk.discover))`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: folder });
  expect(stdout.trim()).toBe('function function');
});

it('brings its types along', async () => {
  await typeCheck('good.ts');
  await expect(typeCheck('bad.ts')).rejects.toMatchObject({ stdout: expect.stringContaining('TS2322') });
});

it('the web client is served by the built gateway, whole', async () => {
  const ports = ['--websocket.port=0', '--web.port=0', '--metrics.enabled=false', '--quic.enabled=false'];
  const gateway = new Cli(['serve', '--websocket.host=127.0.0.1', '--web.host=127.0.0.1', ...ports]);
  try {
    const origin = await gateway.shown(/Web client +(http:\/\/\S+?)\/\s/);
    const html = await (await fetch(origin)).text();
    const files = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, path]) => path);
    expect(files).toHaveLength(2);
    for (const file of files) {
      const response = await fetch(`${origin}/${file}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toContain('immutable');
    }
    expect(html).not.toMatch(/https?:\/\//);
  } finally {
    gateway.signal('SIGKILL');
    await gateway.exit();
  }
});
