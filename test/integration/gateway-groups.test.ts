import { afterEach, describe, expect, it } from 'vitest';
import {
  decodeGroupState,
  decodeGroups,
  decodeUserIds,
  encodeGroupName,
  encodeUserIds,
  GATEWAY_MSG,
} from '../../src/protocol/gateway-messages.ts';
import { encodeFrame, FLAG, ROUTE } from '../../src/protocol/header.ts';
import { isNewerSeq } from '../../src/protocol/newest.ts';
import { decodeStatus } from '../../src/protocol/system.ts';
import { gameFrame, gamePayload } from '../support/frames.ts';
import type { TestClient } from '../support/test-client.ts';
import { type Settings, startTestGateway, type TestGateway } from '../support/test-gateway.ts';

let test: TestGateway;
afterEach(() => test.close());

async function start(settings: Settings = { 'groups.client_prefixes': '["room:"]' }): Promise<TestGateway> {
  test = await startTestGateway({ settings });
  return test;
}

function ask(client: TestClient, seq: number, msgId: number, payload?: Uint8Array): void {
  client.send(encodeFrame({ seq, route: ROUTE.game, flags: 0, msgId }, payload));
}

async function join(client: TestClient, seq: number, group: string) {
  ask(client, seq, GATEWAY_MSG.groupJoin, encodeGroupName(group));
  return decodeGroupState((await client.takeSeq(seq)).payload);
}

describe('groups by clients', () => {
  it('joins, is pushed to, lists, leaves, and frees the empty group', async () => {
    const { openMemory, backend, gateway } = await start();
    const [one, two] = [openMemory(), openMemory()];
    expect(await join(one, 11, 'room:1')).toEqual({ group: 'room:1', member: true, members: 1 });
    expect(await join(two, 12, 'room:1')).toEqual({ group: 'room:1', member: true, members: 2 });
    expect(await join(two, 13, 'room:1')).toMatchObject({ members: 2 });
    await backend.push({ message: { group: 'room:1', route: 1, msgId: 2001, payload: Uint8Array.of(7) } });
    for (const client of [one, two]) await client.take('the push', ({ msgId }) => msgId === 2001);
    ask(one, 14, GATEWAY_MSG.groups);
    const listed = await one.takeSeq(14);
    expect([listed.flags, decodeGroups(listed.payload)]).toEqual([FLAG.response, ['room:1']]);
    ask(one, 15, GATEWAY_MSG.groupLeave, encodeGroupName('room:1'));
    expect(decodeGroupState((await one.takeSeq(15)).payload)).toMatchObject({ member: false, members: 0 });
    expect(gateway.hub.groupCount).toBe(1);
    await two.close();
    await one.fence();
    expect(gateway.hub.groupCount).toBe(0);
  });

  it('refuses groups that are not open, bad names, and one group too many', async () => {
    const { openMemory, gateway } = await start({
      'groups.client_prefixes': '["room:"]',
      'groups.per_session_max': '2',
    });
    const client = openMemory();
    for (const [seq, name, code] of [
      [1, 'guild:1', 'FORBIDDEN'],
      [2, '', 'BAD_MESSAGE'],
      [3, `room:${'x'.repeat(124)}`, 'BAD_MESSAGE'],
    ] as const) {
      ask(client, seq, GATEWAY_MSG.groupJoin, encodeGroupName(name));
      expect((await client.takeError(seq)).code).toBe(code);
    }
    ask(client, 4, GATEWAY_MSG.groupJoin, Uint8Array.of(0x0a, 0x05));
    expect((await client.takeError(4)).code).toBe('BAD_MESSAGE');
    await join(client, 5, 'room:1');
    await join(client, 6, `room:${'x'.repeat(123)}`);
    await join(client, 7, 'room:1');
    ask(client, 8, GATEWAY_MSG.groupJoin, encodeGroupName('room:3'));
    expect((await client.takeError(8)).code).toBe('FORBIDDEN');
    expect(gateway.hub.groupCount).toBe(2);
  });

  it('lets nobody join by default, nor ask for presence', async () => {
    const { openMemory } = await start({});
    const client = openMemory();
    ask(client, 1, GATEWAY_MSG.groupJoin, encodeGroupName('room:1'));
    expect((await client.takeError(1)).code).toBe('FORBIDDEN');
    ask(client, 2, GATEWAY_MSG.presence, encodeUserIds(['7']));
    expect((await client.takeError(2)).code).toBe('FORBIDDEN');
    ask(client, 3, 9999);
    expect((await client.takeError(3)).code).toBe('UNKNOWN_ROUTE');
  });

  it('tells who is here, where that is open, and its status', async () => {
    const { openMemory } = await start({
      'groups.client_presence': 'true',
      'auth.mode': 'trust-first-message',
    });
    const [one, two] = [openMemory(), openMemory()];
    one.send(gameFrame(1, { payload: gamePayload(1, 7) }));
    await one.fence();
    ask(two, 2, GATEWAY_MSG.presence, encodeUserIds(['7', '8', '-3']));
    expect(decodeUserIds((await two.takeSeq(2)).payload)).toEqual(['7']);
    const many = Array.from({ length: 1001 }, (_value, index) => String(index));
    ask(two, 3, GATEWAY_MSG.presence, encodeUserIds(many));
    expect((await two.takeError(3)).code).toBe('BAD_MESSAGE');
    ask(two, 4, GATEWAY_MSG.status);
    expect(decodeStatus((await two.takeSeq(4)).payload)).toMatchObject({ gatewayId: 'g1', connections: 2 });
  });
});

describe('pushes', () => {
  it('reach a session once, however often it is targeted', async () => {
    const { openMemory, backend } = await start();
    const client = openMemory();
    const { sessionId } = await client.hello();
    await join(client, 11, 'room:1');
    const target = { targetSessionIds: [sessionId, sessionId], group: 'room:1', everyone: true };
    for (const value of [1, 2]) {
      await backend.push({ message: { ...target, route: 1, msgId: 2001, payload: Uint8Array.of(value) } });
    }
    await client.take('the second', ({ payload }) => payload[0] === 2);
    expect(client.inbox.map(({ payload }) => [...payload])).toEqual([[1]]);
  });

  it('of class latest bear a growing seq where the backend gives none', async () => {
    const { openMemory, backend } = await start();
    const client = openMemory();
    await client.fence();
    const push = (seq: number, response = false) =>
      backend.push({
        message: {
          everyone: true,
          latest: true,
          route: 2,
          msgId: 1,
          seq,
          response,
          payload: Uint8Array.of(1),
        },
      });
    for (const seq of [0, 0, 77]) await push(seq);
    await push(0, true);
    await client.take('the response', ({ flags }) => (flags & FLAG.response) !== 0);
    const [first, second, given] = client.inbox.map(({ seq }) => seq);
    expect(isNewerSeq(second, first)).toBe(true);
    expect(given).toBe(77);
  });
});

describe('frames that come again', () => {
  it('are acknowledged once the first is, and published once', async () => {
    const { openMemory, backend, metrics } = await start();
    const client = openMemory();
    const frame = (seq: number, flags: number) => gameFrame(seq, { flags });
    for (let time = 0; time < 3; time++) client.send(frame(5, FLAG.ackRequested));
    const isAck = ({ seq, flags }: { seq: number; flags: number }) => seq === 5 && (flags & FLAG.ack) !== 0;
    await client.take('the acknowledgement', isAck);
    client.send(frame(5, FLAG.ackRequested));
    await client.take('the acknowledgement again', isAck);
    for (let time = 0; time < 2; time++) client.send(frame(6, 0));
    expect((await backend.frames(3)).map(({ seq }) => seq)).toEqual([5, 6, 6]);
    expect(metrics.upstreamDuplicates.total()).toBe(3);
    await client.fence();
    expect(client.inbox).toEqual([]);
  });
});
