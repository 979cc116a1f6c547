import { createServer } from 'node:http';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { AdminServer, type AdminSource } from '../../src/admin/admin-server.ts';
import { StartError } from '../../src/errors.ts';

let server: AdminServer | undefined;
afterEach(async () => {
  await server?.close();
  await server?.close();
  server = undefined;
});

interface Options {
  readonly token?: string;
  readonly host?: string;
  readonly port?: number;
  readonly source?: Partial<AdminSource>;
}

async function start({
  token = '',
  host = '127.0.0.1',
  port = 0,
  source = {},
}: Options = {}): Promise<string> {
  server = new AdminServer(
    { host, port, metricsPath: '/metrics', token },
    {
      metricsContentType: 'text/plain; version=0.0.4; charset=utf-8',
      metrics: async () => 'x_total 1\n',
      readiness: () => ({ ready: true, checks: { gateway: 'ok' } }),
      stats: () => ({ connections: 1 }),
      certificateHashes: () => undefined,
      discovery: () => ({ websocket: { port: 8081, path: '/ws' }, webtransport: null }),
      ...source,
    },
  );
  const address = await server.listen();
  return `http://${address.host}:${address.port}`;
}

describe('open pages', () => {
  it('show metrics and health', async () => {
    const url = await start({ token: 'T' });
    const page = await fetch(`${url}/metrics`);
    expect(page.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await page.text()).toBe('x_total 1\n');
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' });
  });

  it('answer /ready with 503 and the reasons while something is missing', async () => {
    let ready = true;
    const url = await start({ source: { readiness: () => ({ ready, checks: { bridge_publish: 'away' } }) } });
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    ready = false;
    const answer = await fetch(`${url}/ready`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ ready: false, checks: { bridge_publish: 'away' } });
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  it('show certificate hashes where there are any', async () => {
    const none = await start();
    expect((await fetch(`${none}/cert-hash`)).status).toBe(404);
    await server?.close();
    const some = await start({ source: { certificateHashes: () => ['ab12'] } });
    const answer = await fetch(`${some}/cert-hash`);
    expect(await answer.json()).toEqual({ algorithm: 'sha-256', hashes: ['ab12'] });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  it.each(['/', '/nothing', '/metrics/x', '/stats/x'])('answer %s with 404', async (path) => {
    const url = await start();
    expect((await fetch(`${url}${path}`)).status).toBe(404);
  });

  it('answer a page that fails with 500, and live on', async () => {
    const url = await start({
      source: {
        metrics: async () => {
          throw new Error('broken');
        },
      },
    });
    expect((await fetch(`${url}/metrics`)).status).toBe(500);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });
});

describe('guarded pages', () => {
  it.each([
    ['no token', {}],
    ['another token', { authorization: 'Bearer t0ken' }],
    ['a longer token', { authorization: 'Bearer T0kenT0ken' }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: 'Basic T0ken' }],
  ])('refuse %s with 401', async (_name, headers: Record<string, string>) => {
    const url = await start({ token: 'T0ken' });
    const answer = await fetch(`${url}/stats`, { headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(await answer.text()).not.toContain('connections');
  });

  it('answer with the token', async () => {
    const url = await start({ token: 'T0ken' });
    const answer = await fetch(`${url}/stats`, { headers: { authorization: 'bearer T0ken' } });
    expect(await answer.json()).toEqual({ connections: 1 });
  });

  it('answer on loopback alone where no token is set', async () => {
    const url = await start();
    expect((await fetch(`${url}/stats`)).status).toBe(200);
    await server?.close();
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address?.family === 'IPv4' && !address.internal)?.address;
    if (outside === undefined) return;
    const { port } = new URL(await start({ host: '0.0.0.0' }));
    expect((await fetch(`http://${outside}:${port}/stats`)).status).toBe(401);
    expect((await fetch(`http://${outside}:${port}/health`)).status).toBe(200);
  });
});

describe('starting', () => {
  it('names a port that is taken', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => {
        const address = other.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    try {
      await expect(start({ port })).rejects.toThrowError(StartError);
      await expect(start({ port })).rejects.toThrowError(`127.0.0.1:${port}`);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });
});
