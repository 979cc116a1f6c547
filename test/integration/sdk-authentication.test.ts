import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROUTE } from '../../src/protocol/header.ts';
import { webSocketLink } from '../../transports/websocket/client.ts';
import { connect } from '../../web-client/sdk/client.ts';
import type { Client, ConnectOptions, StateEvent } from '../../web-client/sdk/client-api.ts';
import { gamePayload } from '../support/frames.ts';
import { eventually } from '../support/recording-sink.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const SECRET = 'a secret of more than 32 bytes, for HS256';

let test: TestGateway;
let clients: Client[];
beforeEach(async () => {
  clients = [];
  test = await startTestGateway({
    settings: { 'auth.mode': 'jwt', 'auth.jwt.secret': SECRET, 'auth.jwt.clock_tolerance_sec': '0' },
  });
});
afterEach(async () => {
  for (const client of clients) client.close();
  await test.close();
});

let issued = 0;

/** Lives until the next full second after `livesMs`; no two are the same. */
function issue(livesMs: number, user = 7): Promise<string> {
  return new SignJWT({ sub: String(user), permissions: ['chat'], jti: String(issued++) })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(Math.ceil((Date.now() + livesMs) / 1000))
    .sign(Buffer.from(SECRET));
}

async function open(token: ConnectOptions['token']): Promise<{ client: Client; states: StateEvent[] }> {
  const client = await connect({ open: webSocketLink(test.webSocketUrl), token });
  clients.push(client);
  const states: StateEvent[] = [];
  client.on('state', (event) => states.push(event));
  return { client, states };
}

/** A frame that the gateway takes as user 7's. */
async function isTaken(client: Client): Promise<void> {
  const count = test.backend.received.length + 1;
  expect(client.send(ROUTE.game, 1001, gamePayload(1))).toBe(true);
  expect((await test.backend.frames(count)).at(-1)?.userId).toBe('7');
}

describe('the SDK at a gateway that verifies tokens', () => {
  it('logs in on a link that stands, refreshes, and logs out', async () => {
    const { client, states } = await open(undefined);
    await expect(client.login('nonsense')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const token = await issue(60_000);
    expect(await client.login(token)).toMatchObject({ userId: '7', permissions: ['chat'] });
    await isTaken(client);
    const { expiresAtMs } = await client.refresh(await issue(120_000));
    expect(expiresAtMs - Date.now()).toBeGreaterThan(100_000);
    await expect(client.refresh(await issue(60_000, 8))).rejects.toMatchObject({ code: 'USER_MISMATCH' });
    await client.logout();
    expect(states).toMatchObject([{ state: 'closed', code: 4208 }]);
    await eventually(() => test.gateway.hub.size === 0, 'the end of the session');
  });

  it('resumes the session in which it has logged in', async () => {
    const { client, states } = await open(undefined);
    await client.login(await issue(60_000));
    client.reconnect();
    await eventually(() => states.at(-1)?.state === 'open', 'the way back');
    expect(states.at(-1)).toMatchObject({ recovered: true });
    await isTaken(client);
  });

  it('logs out everywhere', async () => {
    const [here, there] = [await open(await issue(60_000)), await open(await issue(60_000))];
    await here.client.logout({ everywhere: true });
    await eventually(() => there.client.state === 'closed', 'the end of the other device');
    expect(there.states).toMatchObject([{ state: 'closed', code: 4208 }]);
  });

  it('stays in one session over the ends of many tokens', async () => {
    let asked = 0;
    const { client, states } = await open(() => {
      asked++;
      return issue(2_000);
    });
    await eventually(() => asked === 4, 'a fourth token', 30_000);
    await isTaken(client);
    expect(states).toEqual([]);
  });

  it('comes back with a fresh token where the last one has expired', async () => {
    const fresh = await issue(60_000);
    let token = await issue(1_500);
    const { client, states } = await open(() => token);
    client.on('state', () => {
      token = fresh;
    });
    await eventually(() => states.at(-1)?.state === 'open', 'the way back');
    expect(states).toMatchObject([
      { state: 'reconnecting', code: 4204 },
      { state: 'open', recovered: false },
    ]);
    await isTaken(client);
  });

  it('ends with its token where there is no other', async () => {
    const token = await issue(1_500);
    const [fixed, asked] = [await open(token), await open(() => token)];
    await eventually(() => asked.client.state === 'closed', 'the end');
    expect(fixed.states).toMatchObject([{ state: 'closed', code: 4204 }]);
    expect(asked.states).toMatchObject([
      { state: 'reconnecting', code: 4204 },
      { state: 'closed', code: 4204, reason: 'token expired' },
    ]);
  });

  it('tries one more token where the first is refused', async () => {
    const tokens = ['nonsense', await issue(60_000)];
    const { client } = await open(() => tokens.shift() ?? 'none');
    await isTaken(client);
    await expect(open(() => 'nonsense')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
