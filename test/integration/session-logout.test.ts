import { afterEach, describe, expect, it } from 'vitest';
import { decodeAuthResult, encodeAuthLogout } from '../../src/protocol/system.ts';
import { OutageStage, storedSession } from '../support/outage-stage.ts';
import { until } from '../support/until.ts';

let stage: OutageStage;
afterEach(() => stage.close());

/** Leaves a session of user 7 in Redis, as a gateway that was killed does. */
async function leaveSession(id: string, gatewayId: string, userId = '7'): Promise<void> {
  await stage.store.save(storedSession(id, gatewayId, userId), {
    log: [],
    position: '',
    ttlMs: 60_000,
    releasedTo: '',
  });
  await stage.store.users.keep({ userId, id, gatewayId, device: '' }, 60_000);
}

describe('logout everywhere', () => {
  it('ends what is stored of gateways that died, whether that is known yet or not', async () => {
    stage = await OutageStage.start();
    await stage.store.announce('g4', 60_000);
    for (const [id, gateway] of [
      ['1', 'g3'],
      ['2', 'g4'],
    ])
      await leaveSession(id, gateway);
    await leaveSession('3', 'g3', '8');
    const { client } = await stage.logIn(0);
    client.send(encodeAuthLogout(true, 5));
    expect(decodeAuthResult((await client.takeSeq(5)).payload)).toMatchObject({ userId: '0' });
    expect((await client.closed).code).toBe(4208);
    for (const id of ['1', '2']) await stage.stored(id, false);
    await stage.indexed([]);
    expect(await stage.store.get('3')).toBeDefined();
    expect(await stage.index(8)).toEqual(['3@g3']);
  });

  it('is made good where Redis was away, says so, and counts that', async () => {
    stage = await OutageStage.start();
    const [first, here, elsewhere] = [await stage.logIn(0), await stage.logIn(0), await stage.logIn(1)];
    await stage.cutOff(0);
    first.client.send(encodeAuthLogout(true, 5));
    expect(await first.client.takeError(5)).toMatchObject({ code: 'UNAVAILABLE', retryAfterMs: 1000 });
    for (const { client } of [first, here]) expect((await client.closed).code).toBe(4208);
    expect(await stage.storeErrors(0, 'logout')).toBeGreaterThan(0);
    await elsewhere.client.fence();
    await stage.reconnect(0);
    expect((await elsewhere.client.closed).code).toBe(4208);
    for (const { resumeToken } of [first, here, elsewhere]) {
      for (const gateway of [0, 1]) expect(await stage.resumes(gateway, resumeToken)).toBe(false);
    }
  });

  it('made good late spares who logged in since', async () => {
    stage = await OutageStage.start();
    const [first, elsewhere] = [await stage.logIn(0), await stage.logIn(1)];
    await stage.cutOff(0);
    first.client.send(encodeAuthLogout(true, 5));
    await first.client.closed;
    const since = [await stage.logIn(0), await stage.logIn(1)];
    await stage.reconnect(0);
    expect((await elsewhere.client.closed).code).toBe(4208);
    await stage.indexed([`${since[0].sessionId}@g1`, `${since[1].sessionId}@g2`]);
    for (const { client } of since) await client.fence();
  });

  it('ends the session also where its link is lost before the answer', async () => {
    stage = await OutageStage.start();
    const [first, here, elsewhere] = [await stage.resuming(0), await stage.logIn(0), await stage.logIn(1)];
    stage.redis.pause();
    first.wire?.send(encodeAuthLogout(true, 5));
    expect((await here.client.closed).code).toBe(4208);
    first.vanish();
    const { hub } = stage.gateways[0].running.gateway;
    await until(
      async () => hub.size === 0,
      () => 'the session to be gone',
    );
    stage.redis.resume();
    expect((await elsewhere.client.closed).code).toBe(4208);
    for (const { resumeToken } of [first.welcomes[0], elsewhere]) {
      expect(await stage.resumes(1, resumeToken)).toBe(false);
    }
    const { samples } = await stage.gateways[0].page();
    expect(
      samples.filter(({ name, value }) => name === 'dualgate_uncaught_errors_total' && value > 0),
    ).toEqual([]);
  });

  it('reaches a gateway that Redis was away for', async () => {
    stage = await OutageStage.start();
    const [first, elsewhere] = [await stage.logIn(0), await stage.logIn(1)];
    await stage.cutOff(1);
    first.client.send(encodeAuthLogout(true, 5));
    expect((await first.client.closed).code).toBe(4208);
    await stage.stored(elsewhere.sessionId, false);
    await elsewhere.client.fence();
    await stage.reconnect(1);
    expect((await elsewhere.client.closed).code).toBe(4208);
    await until(
      async () => (await stage.index()).length === 0,
      () => 'the index to be empty',
    );
    await stage.stored(elsewhere.sessionId, false);
  });
});
