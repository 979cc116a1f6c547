import { describe, expect, it } from 'vitest';
import type { RedisStoreCommands } from '../../src/bridge/redis-commands.ts';
import { encodeHello } from '../../src/protocol/system.ts';
import { LEASED_MACHINE_IDS, machineKey } from '../../src/session/ids/machine-lease.ts';
import { parseSnowflake } from '../../src/session/ids/snowflake.ts';
import { gameFrame } from '../support/frames.ts';
import { stageRedis } from '../support/redis-stage.ts';
import { ResumingClient } from '../support/resuming-client.ts';
import { type Served, startServed } from '../support/served.ts';
import { startTwoGateways } from '../support/two-gateways.ts';
import { until } from '../support/until.ts';

const WELL = {
  ...{ gateway: 'ok', bridge_publish: 'ok', bridge_subscribe: 'ok', session_ids: 'ok' },
  ...{ session_store: 'ok', session_subscribe: 'ok', webtransport: 'absent: quic.enabled is false' },
};
const LATER = { code: 'UNAVAILABLE', message: 'no new sessions at the moment', retryAfterMs: 1_000 };

const stage = stageRedis();
const { closers } = stage;

const machineOf = (sessionId = ''): number => parseSnowflake(sessionId)?.machineId ?? -1;

/** The machine id and all that are free are somebody else's from now on. */
async function takeAway(commands: RedisStoreCommands, machineId: number): Promise<void> {
  const all = Array.from({ length: LEASED_MACHINE_IDS }, (_, id) => id);
  const free = all.map((id) => commands.call('SET', machineKey(id), 'somebody else', 'NX'));
  await Promise.all([...free, commands.call('SET', machineKey(machineId), 'somebody else')]);
}

/** What `/ready` says of session ids; it is 503 for nothing else. */
async function untilReady({ json }: Served, sessionIds: string): Promise<void> {
  const ready = sessionIds === 'ok';
  let seen = '';
  const expected = JSON.stringify({ ready, checks: { ...WELL, session_ids: sessionIds } });
  await until(
    async () => {
      const { status, body } = await json('/ready');
      seen = JSON.stringify(body);
      return (status === 200) === ready && seen === expected;
    },
    () => `${expected} of /ready, which is ${seen}`,
  );
}

async function expectRefusal(gateway: Served, resumeToken = ''): Promise<void> {
  const client = await gateway.open();
  client.send(encodeHello({ resumeToken }, 1));
  expect(await client.takeError(1)).toEqual(LATER);
  expect((await client.closed).code).toBe(4107);
}

describe('a gateway that has lost its lease', () => {
  it('takes no new sessions, and keeps and resumes those that there are, from elsewhere too', async () => {
    const { gateways, wires, backend, close } = await startTwoGateways(stage.server);
    closers.push(close);
    const [elsewhere, here] = [new ResumingClient(), new ResumingClient()];
    await elsewhere.connect(wires[0]);
    const first = await here.connect(wires[1]);
    const commands = await stage.connect();
    await takeAway(commands, machineOf(first?.sessionId));
    await untilReady(gateways[1], 'no machine id: none-free');
    await untilReady(gateways[0], 'ok');
    await expectRefusal(gateways[1]);
    await expectRefusal(gateways[1], `${elsewhere.welcomes[0].resumeToken.split('.')[0]}.${'A'.repeat(22)}`);
    here.send(gameFrame(1));
    await backend.frames(1);
    for (const client of [here, elsewhere]) {
      client.vanish();
      const { sessionId } = client.welcomes[0];
      expect(await client.connect(wires[1])).toMatchObject({ recovered: true, sessionId });
    }
    elsewhere.send(gameFrame(2));
    await backend.frames(2);
    // One that is not the other gateway's, which would take it back.
    const free = machineOf(elsewhere.welcomes[0].sessionId) === 7 ? 8 : 7;
    await commands.call('DEL', machineKey(free));
    await untilReady(gateways[1], 'ok');
    expect(machineOf((await (await gateways[1].open()).hello()).sessionId)).toBe(free);
  });
});

describe('a gateway that is started while Redis is away', () => {
  it('takes new sessions from the reserve until it has its first lease, and not after it', async () => {
    await stage.server.kill();
    const served = await startServed({
      'redis.addr': stage.server.addr,
      // Asked again and again for a session.
      'limits.handshakes_per_sec': '100000',
      'limits.handshakes_per_sec_per_ip': '100000',
    });
    closers.push(() => served.close());
    const early = await (await served.open()).hello();
    expect(machineOf(early.sessionId)).toBeGreaterThanOrEqual(LEASED_MACHINE_IDS);
    expect((await served.json('/ready')).body).toMatchObject({ ready: false, checks: { session_ids: 'ok' } });
    await stage.server.restart();
    const machineOfNext = async (): Promise<number> => {
      const client = await served.open();
      const { sessionId } = await client.hello();
      await client.close();
      return machineOf(sessionId);
    };
    await until(
      async () => (await machineOfNext()) < LEASED_MACHINE_IDS,
      () => 'leased ids',
    );
    const { sessionId } = await (await served.open()).hello();
    await untilReady(served, 'ok');
    const commands = await stage.connect();
    await takeAway(commands, machineOf(sessionId));
    await untilReady(served, 'no machine id: none-free');
    await expectRefusal(served);
  });
});
