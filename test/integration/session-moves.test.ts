import { describe, expect, it } from 'vitest';
import { readSeq } from '../../src/protocol/header.ts';
import { stagePairs } from '../support/pair-stage.ts';
import { eventually } from '../support/recording-sink.ts';
import { ResumingClient } from '../support/resuming-client.ts';
import { SHARED_KINDS, startTwoGateways } from '../support/two-gateways.ts';

const stage = stagePairs();

const push = (sessionId: string, seq: number): Promise<void> =>
  stage.pair.backend.push({
    message: { targetSessionIds: [sessionId], route: 2, msgId: 0, seq, payload: new Uint8Array(0) },
  });
const sizes = (): number[] => stage.pair.gateways.map(({ running }) => running.gateway.hub.size);

describe.each(SHARED_KINDS)('a client that goes to another gateway, its session in %s,', (kind) => {
  it('takes its session along, while the old connection never closes', async () => {
    await stage.start(stage.sharedOf(kind));
    const client = new ResumingClient();
    const { sessionId = '' } = (await client.connect(stage.pair.wires[0])) ?? {};
    client.wire?.pause();
    await push(sessionId, 1);
    const welcome = await client.connect(stage.pair.wires[1]);
    expect(welcome).toMatchObject({ sessionId, recovered: true, gatewayId: 'g2', replayed: 1 });
    expect(sizes()).toEqual([0, 1]);
    await push(sessionId, 2);
    await eventually(() => client.received.length === 2, 'both frames');
    const back = await client.connect(stage.pair.wires[0]);
    expect(back).toMatchObject({ recovered: true, gatewayId: 'g1' });
    expect(back?.epoch).toBeGreaterThan(welcome?.epoch ?? 0);
    await eventually(() => sizes().join() === '1,0', 'the session at the first gateway');
  });

  it('finds its session when the first gateway has closed', async () => {
    await stage.start(stage.sharedOf(kind));
    const client = new ResumingClient();
    const { sessionId = '' } = (await client.connect(stage.pair.wires[0])) ?? {};
    await push(sessionId, 1);
    await eventually(() => client.received.length === 1, 'the frame');
    await stage.pair.gateways[0].close();
    await eventually(() => !client.live, 'the link to end');
    expect(client.closeCodes).toEqual([4000]);
    expect(await client.connect(stage.pair.wires[1])).toMatchObject({
      sessionId,
      recovered: true,
      replayed: 0,
    });
  });

  it('finds its session when a gateway of the same id has taken the place of its own', async () => {
    const shared = stage.sharedOf(kind);
    const before = await startTwoGateways(shared);
    const client = new ResumingClient();
    const { sessionId = '' } = (await client.connect(before.wires[1])) ?? {};
    await before.leave();
    await eventually(() => !client.live, 'the link to end');
    await stage.start(shared);
    await push(sessionId, 1);
    expect(await client.connect(stage.pair.wires[1])).toMatchObject({
      sessionId,
      recovered: true,
      gatewayId: 'g2',
    });
    await push(sessionId, 2);
    await eventually(() => client.received.length === 2, 'both frames');
    expect(client.received.map((frame) => readSeq(frame))).toEqual([1, 2]);
  });

  it('keeps user and groups', async () => {
    await stage.start(stage.sharedOf(kind));
    const client = new ResumingClient();
    const { sessionId = '' } = (await client.connect(stage.pair.wires[0])) ?? {};
    const [first, second] = stage.pair.gateways.map(({ running }) => running.gateway.hub);
    const session = first.session(sessionId);
    if (session === undefined) throw new Error('no session');
    stage.pair.gateways[0].running.gateway.lifecycle.bind(session, 7, 0);
    first.join('team', session);
    await client.connect(stage.pair.wires[1]);
    expect([...(second.sessionsOf(7) ?? [])].map(({ id }) => id)).toEqual([sessionId]);
    expect(second.group('team')?.size).toBe(1);
    expect([first.userCount, first.groupCount]).toEqual([0, 0]);
  });

  it('with a wrong token gets a new session, and the old one stays', async () => {
    await stage.start(stage.sharedOf(kind));
    const [client, thief] = [new ResumingClient(), new ResumingClient()];
    const welcome = await client.connect(stage.pair.wires[0]);
    if (welcome === undefined) throw new Error('no Welcome');
    thief.welcomes.push({ ...welcome, resumeToken: `${welcome.sessionId}.${'A'.repeat(22)}` });
    expect(await thief.connect(stage.pair.wires[1])).toMatchObject({ recovered: false });
    await client.fence();
    expect(client.live).toBe(true);
  });
});

describe('a client that goes to another gateway on Redis', () => {
  it('finds its session, written through, also after Redis has lost its data', async () => {
    await stage.start(stage.redis, { 'session.durable': 'true' });
    const client = new ResumingClient();
    const { sessionId = '' } = (await client.connect(stage.pair.wires[0])) ?? {};
    await push(sessionId, 1);
    await eventually(() => client.received.length === 1, 'the first frame');
    await stage.commands.call('FLUSHALL');
    for (let seq = 2; seq <= 20; seq++) await push(sessionId, seq);
    await eventually(() => client.received.length === 20, 'the others');
    client.wire?.pause();
    for (let seq = 21; seq <= 30; seq++) await push(sessionId, seq);
    expect(await client.connect(stage.pair.wires[1])).toMatchObject({ sessionId, recovered: true });
    await eventually(() => client.received.length === 30, 'all frames');
    expect(client.received.map((frame) => readSeq(frame))).toEqual(
      Array.from({ length: 30 }, (_, index) => index + 1),
    );
  });
});
