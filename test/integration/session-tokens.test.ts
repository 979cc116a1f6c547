import { describe, expect, it } from 'vitest';
import { readSeq } from '../../src/protocol/header.ts';
import type { Welcome } from '../../src/protocol/system.ts';
import { sessionKey } from '../../src/session/store/redis-session-store.ts';
import { stagePairs } from '../support/pair-stage.ts';
import { sampleOf } from '../support/prometheus-text.ts';
import { eventually } from '../support/recording-sink.ts';
import { ResumingClient, webSocketWire } from '../support/resuming-client.ts';
import { until } from '../support/until.ts';

const stage = stagePairs();
let client: ResumingClient;

async function welcomed(connecting: Promise<Welcome | undefined>): Promise<Welcome> {
  const welcome = await connecting;
  if (welcome === undefined) throw new Error('no Welcome');
  return welcome;
}

async function start(durable: string): Promise<Welcome> {
  await stage.start(stage.redis, { 'session.durable': durable });
  client = new ResumingClient();
  return await welcomed(client.connect(stage.pair.wires[0]));
}

/** Somebody who has that Welcome, and nothing else, comes to the second gateway. */
async function somebodyWith(welcome: Welcome): Promise<Welcome> {
  const somebody = new ResumingClient();
  somebody.welcomes.push(welcome);
  return await welcomed(somebody.connect(stage.pair.wires[1]));
}

const earlierOf = async ({ sessionId }: Welcome): Promise<number> => {
  const hash = await stage.commands.call('HGET', sessionKey(sessionId), 'earlier');
  return hash instanceof Uint8Array ? hash.length : -1;
};

/** The store has only the newest token of the session. */
async function confirmed(welcome: Welcome): Promise<void> {
  await until(
    async () => (await earlierOf(welcome)) === 0,
    () => 'the confirmation in the store',
  );
}

describe.each([
  ['attached', 'false'],
  ['written through', 'true'],
])('of a session that is %s, a token that was used', (_name, durable) => {
  it('is refused everywhere once the next one is confirmed, and the client keeps the session', async () => {
    const first = await start(durable);
    const { sessionId } = await welcomed(client.connect(stage.pair.wires[0]));
    await client.fence();
    expect(await somebodyWith(first)).toMatchObject({ recovered: false });
    await client.fence();
    expect(client.live).toBe(true);
    expect(await client.connect(stage.pair.wires[1])).toMatchObject({ sessionId, recovered: true });
  });

  it('is not good in the store either, for gateways that never heard the client', async () => {
    await start(durable);
    const port = stage.pair.gateways[0].running.addresses.get('websocket')?.port;
    const silent = webSocketWire(`ws://127.0.0.1:${port}/ws`, {}, false);
    const second = await welcomed(client.connect(silent));
    expect(await earlierOf(second)).toBe(32);
    await client.fence();
    await confirmed(second);
  });

  it('is not good either once the Welcome has arrived, though the client is silent', async () => {
    await start(durable);
    await confirmed(await welcomed(client.connect(stage.pair.wires[0])));
  });

  it('is good where the Welcome with the next one was lost', async () => {
    const { sessionId } = await start(durable);
    client.loseWelcome = true;
    await client.connect(stage.pair.wires[0]);
    expect(await client.connect(stage.pair.wires[1])).toMatchObject({ sessionId, recovered: true });
  });
});

describe.each(['false', 'true'])('a client that a backend disconnects for good (durable: %s)', (durable) => {
  it('hears what the backend said before that', async () => {
    const { sessionId } = await start(durable);
    const message = { targetSessionIds: [sessionId], route: 2, msgId: 0, payload: new Uint8Array(0) };
    await stage.pair.backend.push(
      { message: { ...message, seq: 1 } },
      { message: { ...message, seq: 2 } },
      { disconnect: { sessionIds: [sessionId] } },
    );
    await eventually(() => client.closeCodes.length > 0, 'the end');
    expect(client.closeCodes).toEqual([4205]);
    expect(client.received.map((frame) => readSeq(frame))).toEqual([1, 2]);
  });
});

describe('a DisconnectRequest with the code of a resume', () => {
  it.each(['', 'resumed', 'a:b', 'handover:x'])(
    'that nobody has a claim behind (%j) does nothing',
    async (reason) => {
      const { sessionId } = await start('false');
      await stage.pair.backend.push({ disconnect: { sessionIds: [sessionId], code: 4003, reason } });
      const message = { route: 2, msgId: 0, seq: 1, payload: new Uint8Array(0) };
      await stage.pair.backend.push({ message: { ...message, targetSessionIds: [sessionId] } });
      await eventually(() => client.received.length === 1, 'the push after it');
      expect(client.live).toBe(true);
      const page = await stage.pair.gateways[0].page();
      expect(sampleOf(page, 'dualgate_downstream_ignored_total', { reason: 'no_claim' })).toBe(1);
      expect(await client.connect(stage.pair.wires[1])).toMatchObject({ sessionId, recovered: true });
    },
  );
});
