import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeChatResponse, type Push } from '../../src/protocol/envelopes.ts';
import { FLAG, ROUTE } from '../../src/protocol/header.ts';
import { gameFrame, gamePayload } from '../support/frames.ts';
import { eventually } from '../support/recording-sink.ts';
import type { TestClient } from '../support/test-client.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

/** Two sessions of user 7, one of user 8, one of nobody. */
interface Player {
  readonly client: TestClient;
  readonly id: string;
}

let test: TestGateway;
let players: Player[];

async function join(userId: number): Promise<Player> {
  const client = test.openMemory();
  const { sessionId } = await client.hello();
  if (userId > 0) client.send(gameFrame(1, { payload: gamePayload(1, userId) }));
  await client.fence();
  return { client, id: sessionId };
}

beforeEach(async () => {
  test = await startTestGateway();
  players = [await join(7), await join(7), await join(8), await join(0)];
});
afterEach(() => test.close());

function push(target: Partial<Push>): Promise<void> {
  return test.backend.push({
    message: { route: ROUTE.chat, msgId: 2001, seq: 5, payload: new Uint8Array([1]), ...target },
  });
}

/** How many frames each player has got since the last call. */
async function counts(): Promise<number[]> {
  const result: number[] = [];
  for (const { client } of players) {
    await client.fence();
    result.push(client.inbox.splice(0).length);
  }
  return result;
}

const ignored = (reason: string): number => test.metrics.downstreamIgnored.total(reason);

describe('targets of a push', () => {
  it('reaches every session of a user, one session, everyone, and not the excluded', async () => {
    const [a, b] = players;
    await push({ targetUserIds: ['7'] });
    expect(await counts()).toEqual([1, 1, 0, 0]);
    await push({ targetSessionIds: [b.id, players[3].id] });
    expect(await counts()).toEqual([0, 1, 0, 1]);
    await push({ everyone: true });
    expect(await counts()).toEqual([1, 1, 1, 1]);
    await push({ everyone: true, excludeSessionIds: [a.id, 'nobody'] });
    expect(await counts()).toEqual([0, 1, 1, 1]);
    await push({ targetUserIds: ['7', '8'], excludeSessionIds: [b.id] });
    expect(await counts()).toEqual([1, 0, 1, 0]);
    expect(test.metrics.downstreamDeliveries.total()).toBe(2 + 2 + 4 + 3 + 2);
    expect(test.metrics.downstreamIgnored.total()).toBe(0);
  });

  it('reaches the members of a group, as it changes', async () => {
    const ids = players.map(({ id }) => id);
    await test.backend.push({ group: { group: 'raid', addSessionIds: [ids[3]], addUserIds: ['7'] } });
    await push({ group: 'raid' });
    expect(await counts()).toEqual([1, 1, 0, 1]);
    await test.backend.push({ group: { group: 'raid', removeSessionIds: [ids[0]], removeUserIds: ['8'] } });
    await push({ group: 'raid', excludeSessionIds: [ids[3]] });
    expect(await counts()).toEqual([0, 1, 0, 0]);
    await players[1].client.close();
    await eventually(() => test.gateway.hub.size === 3, 'the session to be gone');
    await test.backend.push({ group: { group: 'raid', dissolve: true } });
    expect(test.gateway.hub.groupCount).toBe(0);
    await push({ group: 'raid' });
    expect(ignored('unknown_group')).toBe(1);
  });

  it('forgets a group with its last member', async () => {
    await test.backend.push({ group: { group: 'duo', addSessionIds: [players[2].id] } });
    expect(test.gateway.hub.groupCount).toBe(1);
    await players[2].client.close();
    await eventually(() => test.gateway.hub.groupCount === 0, 'the group to be gone');
  });

  it('counts and ignores targets that are not here', async () => {
    await push({ targetUserIds: ['99', '7'], targetSessionIds: ['1', players[3].id], group: 'none' });
    expect(await counts()).toEqual([1, 1, 0, 1]);
    expect(['unknown_user', 'unknown_session', 'unknown_group'].map(ignored)).toEqual([1, 1, 1]);
    await test.backend.push({ disconnect: { sessionIds: ['1'], userIds: ['99', '-5'] } });
    await test.backend.push({ group: { group: 'g', addSessionIds: ['1'], addUserIds: ['99'] } });
    expect(['unknown_user', 'unknown_session'].map(ignored)).toEqual([4, 3]);
    expect(test.gateway.hub.groupCount).toBe(0);
  });

  it('counts a push without any target', async () => {
    await push({});
    expect(await counts()).toEqual([0, 0, 0, 0]);
    expect(ignored('no_target')).toBe(1);
  });

  it('disconnects by session and by user, and leaves the rest', async () => {
    await test.backend.push({ disconnect: { userIds: ['7'] } });
    for (const { client } of players.slice(0, 2)) {
      expect(await client.closed).toEqual({ code: 4205, reason: 'disconnected by a backend' });
    }
    await test.backend.push({ disconnect: { sessionIds: [players[2].id], code: 4000, reason: 'move on' } });
    expect(await players[2].client.closed).toEqual({ code: 4000, reason: 'move on' });
    await players[3].client.fence();
    for (const code of [1000, 3999, 5000, 4_294_967_295]) {
      await test.backend.push({ disconnect: { sessionIds: [players[3].id], code } });
    }
    await players[3].client.fence();
    expect(ignored('bad_header')).toBe(4);
  });

  it('encodes what the backend says, and ignores what a header cannot hold', async () => {
    const to = { targetSessionIds: [players[0].id] };
    await push({ ...to, route: ROUTE.game, msgId: 65_535, seq: 4_294_967_295, response: true });
    await push({ ...to, latest: true, conflationKey: 'pos' });
    await players[0].client.fence();
    expect(
      players[0].client.inbox.map(({ seq, route, flags, msgId }) => ({ seq, route, flags, msgId })),
    ).toEqual([
      { seq: 4_294_967_295, route: ROUTE.game, flags: FLAG.response, msgId: 65_535 },
      { seq: 5, route: ROUTE.chat, flags: FLAG.latest, msgId: 2001 },
    ]);
    await push({ ...to, msgId: 65_536 });
    await push({ ...to, route: 0 });
    await push({ ...to, route: 4 });
    expect(ignored('bad_header')).toBe(3);
  });

  it('counts what is no DownstreamBatch, and goes on', async () => {
    await test.backend.publish('broadcast', new Uint8Array([0xff, 0xff]));
    await test.backend.publish('gateway:g1', new Uint8Array([0x0a, 0x7f]));
    expect(ignored('malformed')).toBe(2);
    await push({ everyone: true });
    expect(await counts()).toEqual([1, 1, 1, 1]);
    expect(test.metrics.uncaught.total()).toBe(0);
  });
});

describe('format raw', () => {
  it('hands a ChatResponse whole to every session of its user', async () => {
    await test.close();
    test = await startTestGateway({
      settings: { 'bridge.downstream.format': 'raw', 'bridge.upstream.format': 'raw' },
    });
    players = [await join(7), await join(8)];
    const message = encodeChatResponse('7', new Uint8Array([1, 2, 3]));
    await test.backend.publish('broadcast', message);
    const frame = await players[0].client.take('the chat frame', ({ route }) => route === ROUTE.chat);
    expect(frame).toMatchObject({ seq: 0, flags: 0, msgId: 0 });
    expect([...frame.payload]).toEqual([...message]);
    await test.backend.publish('broadcast', encodeChatResponse('9', new Uint8Array(0)));
    await test.backend.publish('broadcast', new Uint8Array([0x0a]));
    expect(await counts()).toEqual([0, 0]);
    expect(['unknown_user', 'malformed'].map(ignored)).toEqual([1, 1]);
    await eventually(() => test.backend.raw.length === 2, 'the payloads of the first frames');
    expect(test.backend.raw.map((bytes) => [...bytes])).toEqual([
      [...gamePayload(1, 7)],
      [...gamePayload(1, 8)],
    ]);
  });
});
