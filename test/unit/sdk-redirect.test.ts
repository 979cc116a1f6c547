import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { encodeGoAway, encodeWelcome } from '../../src/protocol/system.ts';
import { connect } from '../../web-client/sdk/client.ts';
import type { Addresses, Client } from '../../web-client/sdk/client-api.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { WELCOME } from '../support/fake-link.ts';
import { memoryStorage } from '../support/fake-open.ts';
import { type FakeSession, fakeWebTransport } from '../support/fake-webtransport.ts';
import { StubSocket } from '../support/stub-socket.ts';

const A = { webSocketUrl: 'wss://a.example/ws', webTransportUrl: 'https://a.example:8082/wt' };

let sessions: FakeSession[];
beforeEach(() => {
  StubSocket.made.length = 0;
  const fake = fakeWebTransport();
  sessions = fake.sessions;
  vi.stubGlobal('WebSocket', StubSocket);
  vi.stubGlobal('WebTransport', fake.api);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

interface Stage {
  client: Client;
  clock: FakeClock;
}

/** A client over WebSocket to gateway A, which then sends a GoAway with that URL. */
async function sentAway(
  reconnectUrl: string,
  transport: Addresses['transport'] = 'websocket',
): Promise<Stage> {
  const clock = new FakeClock();
  const connecting = connect({ ...A, transport, clock, storage: memoryStorage() });
  await clock.advance(500);
  await welcome();
  const client = await connecting;
  const goAway = encodeGoAway({ spreadMs: 100, deadlineMs: 100, reason: 'deploy', reconnectUrl });
  receive(goAway);
  await clock.advance(500);
  return { client, clock };
}

async function welcome(): Promise<void> {
  StubSocket.last.open();
  await settle();
  receive(encodeWelcome(WELCOME, 1));
  await settle();
}

function receive(frame: Uint8Array): void {
  StubSocket.last.onmessage?.({ data: new Uint8Array(frame).buffer });
}

function urls(): string[] {
  return StubSocket.made.map(({ url }) => url);
}

test('the next link goes where the GoAway says, and later ones where the application does', async () => {
  const { client, clock } = await sentAway('wss://b.example/ws');
  expect(urls()).toEqual([A.webSocketUrl, 'wss://b.example/ws']);
  await welcome();
  expect(client.stats().choice).toMatchObject({ transport: 'websocket', cause: 'redirected' });
  StubSocket.last.onclose?.({ code: 1006, reason: '' });
  await clock.advance(500);
  expect(urls()).toEqual([A.webSocketUrl, 'wss://b.example/ws', A.webSocketUrl]);
  await welcome();
  expect(client.stats().choice?.cause).toBe('chosen');
  client.close();
});

test('a gateway that cannot be reached there is left alone', async () => {
  const { client, clock } = await sentAway('wss://b.example/ws');
  StubSocket.last.onclose?.({ code: 1006, reason: '' });
  await clock.advance(1_000);
  expect(urls()).toEqual([A.webSocketUrl, 'wss://b.example/ws', A.webSocketUrl]);
  client.close();
});

test.each(['', 'ws://b.example/ws', 'https://b.example/wt', 'b.example', 'javascript:alert(1)'])(
  'a client that is to use WebSocket over TLS does not follow to "%s"',
  async (url) => {
    const { client } = await sentAway(url);
    expect(urls()).toEqual([A.webSocketUrl, A.webSocketUrl]);
    expect(sessions).toEqual([]);
    client.close();
  },
);

test('the scheme chooses the transport', async () => {
  const { client } = await sentAway('https://b.example:8082/wt', 'auto');
  expect(sessions.map(({ url }) => url)).toEqual([A.webTransportUrl, 'https://b.example:8082/wt']);
  expect(urls()).toEqual([A.webSocketUrl]);
  client.close();
});

test('auto does not race where the gateway named one address', async () => {
  const { client } = await sentAway('wss://b.example/ws', 'auto');
  expect(sessions.map(({ url }) => url)).toEqual([A.webTransportUrl]);
  expect(urls()).toEqual([A.webSocketUrl, 'wss://b.example/ws']);
  client.close();
});
