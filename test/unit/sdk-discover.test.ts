import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { certificateHashes, discover } from '../../web-client/sdk/discover.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** Answers these paths with JSON, others with 404; returns the origin. */
async function serve(answers: Record<string, unknown>): Promise<string> {
  const started = createServer(({ url = '' }, response) => {
    response.statusCode = url in answers ? 200 : 404;
    response.end(JSON.stringify(answers[url] ?? {}));
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const address = started.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return `http://127.0.0.1:${address.port}`;
}

test('addresses come from the ports and paths of the answer and the host that was asked', async () => {
  const origin = await serve({
    '/discovery': { websocket: { port: 1, path: '/ws' }, webtransport: { port: 2, path: '/wt' } },
    '/cert-hash': { algorithm: 'sha-256', hashes: ['aa', 'bb'] },
  });
  const found = await discover(origin);
  expect(found).toMatchObject({
    webSocketUrl: 'ws://127.0.0.1:1/ws',
    webTransportUrl: 'https://127.0.0.1:2/wt',
  });
  expect(await certificateHashes(origin)).toEqual(['aa', 'bb']);
});

test('a gateway without WebTransport and without hashes', async () => {
  const origin = await serve({ '/discovery': { websocket: { port: 1, path: '/ws' }, webtransport: null } });
  expect((await discover(origin)).webTransportUrl).toBeUndefined();
  expect(await certificateHashes(origin)).toBeUndefined();
});

test.each([{}, { websocket: null }, { websocket: { port: '1', path: '/ws' } }, 'text', null])(
  'an answer without a WebSocket (%j) is refused',
  async (answer) => {
    const origin = await serve({ '/discovery': answer });
    await expect(discover(origin)).rejects.toThrow('serves no WebSocket');
  },
);

test('a page that is no gateway, and none at all', async () => {
  const origin = await serve({});
  await expect(discover(origin)).rejects.toThrow('/discovery answered 404');
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  await expect(discover(origin)).rejects.toThrow(`${origin} does not answer`);
});
