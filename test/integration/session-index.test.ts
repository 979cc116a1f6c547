import { afterEach, describe, expect, it } from 'vitest';
import { decodeUserIds, encodeUserIds, GATEWAY_MSG } from '../../src/protocol/gateway-messages.ts';
import { encodeFrame } from '../../src/protocol/header.ts';
import { RedisSessionStore } from '../../src/session/store/redis-session-store.ts';
import { gameFrame, gamePayload } from '../support/frames.ts';
import { OutageStage, storedSession } from '../support/outage-stage.ts';
import type { TestClient } from '../support/test-client.ts';
import type { Settings } from '../support/test-gateway.ts';
import { until } from '../support/until.ts';

const NOT_VERIFIED: Settings = { 'auth.mode': 'trust-first-message', 'groups.client_presence': 'true' };

let stage: OutageStage;
let seq = 100;
afterEach(() => stage.close());

/** A client that names a user in its first payload. */
async function claims(gateway: number, user: number, hello: boolean): Promise<TestClient> {
  const client = await stage.gateways[gateway].open();
  if (hello) await client.hello();
  client.send(gameFrame(1, { payload: gamePayload(1, user) }));
  await client.fence();
  return client;
}

async function isOnline(client: TestClient, user: string): Promise<boolean> {
  seq++;
  client.send(encodeFrame({ seq, route: 1, flags: 0, msgId: GATEWAY_MSG.presence }, encodeUserIds([user])));
  return decodeUserIds((await client.takeSeq(seq)).payload)?.includes(user) === true;
}

/** Of user 7, in the index alone: of a gateway that died, and of two that know nothing of them. */
async function leaveEntries(): Promise<void> {
  const gatewayIds = ['g3', 'g2', 'g1'];
  for (const [at, gatewayId] of gatewayIds.entries()) {
    await stage.store.users.keep({ userId: '7', id: String(at), gatewayId, device: '' }, 60_000);
  }
}

const becomes = (client: TestClient, user: string, online: boolean): Promise<void> =>
  until(
    async () => (await isOnline(client, user)) === online,
    () => `user ${user} to be ${online ? 'online' : 'offline'}`,
  );

describe('the directory', () => {
  it('has sessions that have not said Hello, which nobody can resume', async () => {
    stage = await OutageStage.start(NOT_VERIFIED);
    const asker = await claims(0, 8, true);
    const player = await claims(1, 7, false);
    await becomes(asker, '7', true);
    const [entry] = await stage.index();
    const record = await stage.store.get(entry.split('@')[0]);
    expect(record).toMatchObject({ gatewayId: 'g2', details: { userId: '7' } });
    await player.close();
    await becomes(asker, '7', false);
    await stage.indexed([]);
    await stage.stored(record?.id ?? '', false);
  });

  it.each(['true', 'false'])('has sessions that are never resumed (durable: %s)', async (durable) => {
    stage = await OutageStage.start({
      ...NOT_VERIFIED,
      ...{ 'session.resume_window_sec': '0', 'session.durable': durable },
    });
    const asker = await claims(0, 8, true);
    const player = await claims(1, 7, true);
    await becomes(asker, '7', true);
    const [entry] = await stage.index();
    await player.close();
    await becomes(asker, '7', false);
    await stage.indexed([]);
    await stage.stored(entry.split('@')[0], false);
  });
});

describe('the index of a user', () => {
  it('loses entries that nobody stands for when somebody asks for the user', async () => {
    stage = await OutageStage.start(NOT_VERIFIED);
    const asker = await claims(0, 8, true);
    await leaveEntries();
    expect(await isOnline(asker, '7')).toBe(false);
    await stage.indexed([]);
  });

  it('loses them also when a session of the user is renewed', async () => {
    stage = await OutageStage.start({ 'session.ttl_sec': '3' });
    const { sessionId } = await stage.logIn(0);
    await leaveEntries();
    await stage.indexed([`${sessionId}@g1`]);
  });

  it('loses a session that could not be resumed complete', async () => {
    stage = await OutageStage.start();
    const client = await stage.resuming(0);
    const [{ sessionId, resumeToken }] = client.welcomes;
    client.vanish();
    await until(
      async () => (await stage.store.get(sessionId))?.state === 'detached',
      () => 'the session to wait for its client',
    );
    const back = await stage.gateways[1].open();
    expect(await back.hello({ resumeToken, received: 77 })).toMatchObject({ recovered: false });
    await stage.stored(sessionId, false);
    await stage.indexed([]);
  });

  it('stays with the gateway that has the session, whatever the one before writes late', async () => {
    stage = await OutageStage.start();
    const client = await stage.resuming(0);
    const [{ sessionId }] = client.welcomes;
    await stage.stored(sessionId);
    const record = await stage.store.get(sessionId);
    if (record === undefined) throw new Error('it is stored');
    client.vanish();
    expect(await client.connect(stage.wire(1))).toMatchObject({ recovered: true });
    await stage.indexed([`${sessionId}@g2`]);
    const late = {
      ...record,
      secretHash: new Uint8Array(32),
      earlierHash: new Uint8Array(0),
      next: 0,
      taken: 0,
    };
    expect(await stage.store.save(late, { log: [], position: '', ttlMs: 60_000, releasedTo: '' })).toBe(
      false,
    );
    expect(await stage.index()).toEqual([`${sessionId}@g2`]);
  });
});

describe('presence', () => {
  it('does not count sessions of an earlier gateway of the same id', async () => {
    stage = await OutageStage.start(NOT_VERIFIED);
    const asker = await claims(0, 8, true);
    const [earlier, later] = ['run1', 'run2'].map((run) => new RedisSessionStore(stage.commands, run));
    await earlier.announce('g3', 60_000);
    await earlier.save(storedSession('1', 'g3'), { log: [], position: '', ttlMs: 60_000, releasedTo: '' });
    await earlier.users.keep({ userId: '7', id: '1', gatewayId: 'g3', device: '' }, 60_000);
    await becomes(asker, '7', true);
    await later.announce('g3', 60_000);
    await becomes(asker, '7', false);
  });
});
