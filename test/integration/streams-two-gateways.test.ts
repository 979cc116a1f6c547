import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Backend, connectBackend, type Push, type Upstream } from '../../src/bridge/backend.ts';
import { encodeFrame, FLAG, ROUTE, readFlags, readSeq } from '../../src/protocol/header.ts';
import { eventually } from '../support/recording-sink.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { ResumingClient } from '../support/resuming-client.ts';
import { LONG_QUEUES } from '../support/steady-pushes.ts';
import { startTwoGateways, type TwoGateways } from '../support/two-gateways.ts';

const USER = 7;
const PUSHES_BETWEEN_MOVES = 40;

let redis: RedisServer;
let pair: TwoGateways;
let backend: Backend;
let heard: Upstream[];

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  heard = [];
  pair = await startTwoGateways(redis, { ...LONG_QUEUES, 'bridge.kind': 'redis-streams' });
  const options = { redis: { addr: redis.addr }, games: ['demo'], group: `group-${Math.random()}` };
  backend = await connectBackend(options, (frame) => void heard.push(frame));
});
afterEach(async () => {
  await backend.close();
  await pair.close();
});

/** A client at the first gateway, with a user. */
async function join(): Promise<{ client: ResumingClient; sessionId: string }> {
  const client = new ResumingClient();
  const { sessionId = '' } = (await client.connect(pair.wires[0])) ?? {};
  const { lifecycle, hub } = pair.gateways[0].running.gateway;
  const session = hub.session(sessionId);
  if (session === undefined) throw new Error('no session');
  lifecycle.bind(session, USER, 0);
  return { client, sessionId };
}

/** Pushes numbered frames, one after the other by the stream that every gateway reads, until it is stopped. */
function keepPushing(target: Partial<Push>) {
  let stopping = false;
  let pushed = 0;
  const run = async (): Promise<void> => {
    while (!stopping) {
      const seq = ++pushed;
      await backend.push({ route: ROUTE.game, msgId: 1001, payload: new Uint8Array(8), ...target, seq });
    }
  };
  const running = run();
  // Heard by `stop`, which a test that fails does not come to.
  running.catch(() => {});
  return {
    more: async (): Promise<void> => {
      const goal = pushed + PUSHES_BETWEEN_MOVES;
      await eventually(() => pushed >= goal, 'pushes');
    },
    stop: async (): Promise<number> => {
      stopping = true;
      await running;
      return pushed;
    },
  };
}

async function expectAll(client: ResumingClient, pushed: number): Promise<void> {
  await eventually(() => client.received.length >= pushed, `${pushed} frames, not ${client.received.length}`);
  await client.fence();
  const seqs = client.received.map((frame) => readSeq(frame));
  expect(seqs).toEqual(Array.from({ length: pushed }, (_, index) => index + 1));
}

describe.each(['session', 'user'])('pushes to a %s by streams', (kind) => {
  const targetOf = (sessionId: string): Partial<Push> =>
    kind === 'user' ? { targetUserIds: [String(USER)] } : { targetSessionIds: [sessionId] };

  it('come once and in order while it goes from gateway to gateway', { timeout: 60_000 }, async () => {
    const { client, sessionId } = await join();
    const pushes = keepPushing(targetOf(sessionId));
    for (let move = 1; move <= 12; move++) {
      await pushes.more();
      // In turn: the link is killed, it stands still, it is there as ever.
      if (move % 3 === 0) client.vanish();
      else if (move % 3 === 1) client.wire?.pause();
      const welcome = await client.connect(pair.wires[move % 2]);
      expect(welcome, `move ${move}`).toMatchObject({ sessionId, recovered: true });
    }
    await expectAll(client, await pushes.stop());
  });

  it('come once and in order when its gateway closes', { timeout: 60_000 }, async () => {
    const { client, sessionId } = await join();
    const pushes = keepPushing(targetOf(sessionId));
    await pushes.more();
    const closed = pair.gateways[0].close();
    await eventually(() => !client.live, 'the link to end');
    expect(await client.connect(pair.wires[1])).toMatchObject({ sessionId, recovered: true });
    await pushes.more();
    await closed;
    await pushes.more();
    await expectAll(client, await pushes.stop());
  });
});

describe.each([
  ['the same gateway', 0],
  ['another gateway', 1],
])('a frame whose acknowledgement was lost with the link', (where, wire) => {
  it(`is published once and acknowledged on ${where}`, async () => {
    const { client, sessionId } = await join();
    const mine = (): number[] => heard.filter((frame) => frame.sessionId === sessionId).map(({ seq }) => seq);
    const asked = (seq: number): Uint8Array =>
      encodeFrame({ seq, route: ROUTE.game, flags: FLAG.ackRequested, msgId: 1001 }, new Uint8Array(0));
    const acks = (seq: number): number =>
      client.received.filter((frame) => readFlags(frame) & FLAG.ack && readSeq(frame) === seq).length;
    client.wire?.pause();
    client.send(asked(1));
    await eventually(() => mine().length === 1, 'the frame at the backend');
    client.vanish();
    expect(await client.connect(pair.wires[wire])).toMatchObject({ recovered: true });
    await client.fence();
    const before = acks(1);
    client.wire?.send(asked(1));
    await eventually(() => acks(1) === before + 1, 'the acknowledgement of the second time');
    client.wire?.send(asked(2));
    await eventually(() => acks(2) === 1 && mine().length >= 2, 'the frame behind it');
    expect(mine()).toEqual([1, 2]);
  });
});
