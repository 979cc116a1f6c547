import { afterEach, describe, expect, it } from 'vitest';
import { encodeAuthLogout } from '../../src/protocol/system.ts';
import { OutageStage } from '../support/outage-stage.ts';
import type { Settings } from '../support/test-gateway.ts';
import { until } from '../support/until.ts';

let stage: OutageStage;
afterEach(() => stage.close());

const start = async (settings: Settings = {}): Promise<void> => {
  stage = await OutageStage.start(settings);
};

const counted = (gateway: number, operation: string): Promise<void> =>
  until(
    async () => (await stage.storeErrors(gateway, operation)) > 0,
    () => `a failed ${operation} to be counted`,
  );

describe.each(['true', 'false'])('a session that ends while Redis is away (durable: %s)', (durable) => {
  it('stays ended where its client logged out', async () => {
    await start({ 'session.durable': durable });
    const { client, sessionId, resumeToken } = await stage.logIn(0);
    await stage.stored(sessionId);
    await stage.cutOff(0);
    client.send(encodeAuthLogout(false, 5));
    expect((await client.closed).code).toBe(4208);
    await counted(0, 'remove');
    await stage.reconnect(0);
    expect(await stage.resumes(1, resumeToken)).toBe(false);
    await stage.stored(sessionId, false);
    await stage.indexed([]);
  });

  it('stays ended where another device pushed it out', async () => {
    await start({ 'session.durable': durable, 'session.devices_per_user': '1' });
    const { client, sessionId, resumeToken } = await stage.logIn(0);
    await stage.stored(sessionId);
    await stage.cutOff(0);
    const newer = await stage.logIn(0);
    expect((await client.closed).code).toBe(4206);
    await stage.reconnect(0);
    expect(await stage.resumes(1, resumeToken)).toBe(false);
    await stage.stored(sessionId, false);
    await stage.stored(newer.sessionId);
    await stage.indexed([`${newer.sessionId}@g1`]);
  });

  it('is ended though what is stored is from before it was resumed', async () => {
    await start({ 'session.durable': durable });
    const client = await stage.resuming(0);
    const [{ sessionId, resumeToken }] = client.welcomes;
    await stage.stored(sessionId);
    await stage.cutOff(0);
    client.vanish();
    expect(await client.connect(stage.wire(0))).toMatchObject({ recovered: true, sessionId });
    client.wire?.send(encodeAuthLogout(false, 5));
    await until(
      async () => client.closeCodes.at(-1) === 4208,
      () => 'the logout',
    );
    await stage.reconnect(0);
    expect(await stage.resumes(1, resumeToken)).toBe(false);
    await stage.stored(sessionId, false);
  });
});

describe.each(['true', 'false'])('after Redis was away (durable: %s)', (durable) => {
  it('sessions that began meanwhile are stored, and are resumed elsewhere', async () => {
    await start({ 'session.durable': durable });
    await stage.cutOff(0);
    const client = await stage.resuming(0);
    const [{ sessionId }] = client.welcomes;
    await stage.reconnect(0);
    await stage.stored(sessionId);
    await stage.indexed([`${sessionId}@g1`]);
    client.vanish();
    expect(await client.connect(stage.wire(1))).toMatchObject({ recovered: true, sessionId });
  });

  it('sessions that it lost are stored again, and are resumed elsewhere', async () => {
    await start({ 'session.durable': durable });
    const [idle, away] = [await stage.resuming(0, 7), await stage.resuming(0, 8)];
    const [{ sessionId }] = idle.welcomes;
    const [{ sessionId: awayId }] = away.welcomes;
    away.vanish();
    await until(
      async () => (await stage.store.get(awayId))?.state === 'detached',
      () => 'the session to wait for its client',
    );
    await stage.redis.restart();
    await stage.stored(sessionId);
    await stage.stored(awayId);
    await stage.indexed([`${sessionId}@g1`]);
    await stage.announced();
    idle.vanish();
    for (const client of [idle, away]) {
      expect(await client.connect(stage.wire(1))).toMatchObject({ recovered: true });
    }
  });
});

describe('after Redis has lost sessions', () => {
  it('sessions are stored again, without a loss of the connection', async () => {
    await start();
    const { sessionId } = await stage.logIn(0);
    await stage.stored(sessionId);
    await stage.commands.call('FLUSHALL');
    await stage.stored(sessionId);
    await stage.indexed([`${sessionId}@g1`]);
  });

  it('a session that it lost is stored again soon after the connection was lost', async () => {
    await start();
    const { sessionId } = await stage.logIn(0);
    await stage.stored(sessionId);
    await stage.commands.call('DEL', `dualgate:session:{${sessionId}}`);
    stage.proxies[0].dropConnections();
    await stage.stored(sessionId);
  });

  it('a session is stored again at the next renewal, where the gateways are known', async () => {
    await start({ 'session.ttl_sec': '3' });
    const { sessionId } = await stage.logIn(0);
    await stage.stored(sessionId);
    await stage.commands.call('DEL', `dualgate:session:{${sessionId}}`);
    await stage.stored(sessionId);
  });
});
