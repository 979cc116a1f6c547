import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { type Served, startServed } from '../support/served.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';

const WELL = { gateway: 'ok', bridge_publish: 'ok', bridge_subscribe: 'ok', session_ids: 'ok' };
const ABSENT = { webtransport: 'absent: quic.enabled is false' };
/** What only the session store's connection sends: it loads its scripts. */
const STORE_SENDS = 'LOAD';
/** What only the one sends by which gateways hear each other. */
const CONTROL_SENDS = 'dualgate:control';

let redis: RedisServer;
let proxy: TcpProxy;
let served: Served | undefined;
beforeAll(async () => {
  redis = await startRedis();
  proxy = await startTcpProxy(redis.port);
});
afterEach(async () => {
  proxy.accept();
  await served?.close();
  served = undefined;
});
afterAll(async () => {
  await proxy.close();
  await redis.stop();
});

/** Resolves with the checks once `/ready` says that. */
async function whenReady({ json }: Served, status: number): Promise<Record<string, unknown>> {
  let checks: Record<string, unknown> = {};
  const reached = async (): Promise<boolean> => {
    const answer = await json('/ready');
    expect(answer.body).toMatchObject({ ready: answer.status === 200, checks: {} });
    if (typeof answer.body === 'object' && answer.body !== null && 'checks' in answer.body) {
      checks = { ...checksOf(answer.body.checks) };
    }
    return answer.status === status;
  };
  await until(reached, () => `/ready to be ${status}, not ${JSON.stringify(checks)}`);
  return checks;
}

function checksOf(checks: unknown): object {
  return typeof checks === 'object' && checks !== null ? checks : {};
}

async function gauges({ page }: Served): Promise<Record<string, number>> {
  const { samples } = await page();
  const checks = samples.filter(({ name }) => name === 'dualgate_ready_check');
  return Object.fromEntries(checks.map(({ labels, value }) => [labels.check, value]));
}

describe('/ready of a gateway on Redis', () => {
  it.each([
    ['session_store', 'the connection of the session store', STORE_SENDS],
    ['session_subscribe', 'the connection by which gateways hear each other', CONTROL_SENDS],
  ])('is 503 for %s while %s is away, and nothing else', async (name, _what, text) => {
    served = await startServed({ 'redis.addr': proxy.addr });
    const all = { ...WELL, session_store: 'ok', session_subscribe: 'ok', ...ABSENT };
    expect(await whenReady(served, 200)).toEqual(all);
    proxy.refuseWhoSends(text);
    const { [name]: reason, ...others } = await whenReady(served, 503);
    expect(String(reason)).toMatch(new RegExp(`^${proxy.addr}: `));
    expect({ ...others, [name]: 'ok' }).toEqual(all);
    const well = Object.fromEntries(Object.keys(all).map((key) => [key, 1]));
    expect(await gauges(served)).toEqual({ ...well, [name]: 0 });
    expect((await served.json('/health')).status).toBe(200);
    proxy.accept();
    expect(await whenReady(served, 200)).toEqual(all);
    expect(await gauges(served)).toEqual(well);
  });
});

describe('/ready of a gateway by itself', () => {
  it('says nothing of a store, and is 200', async () => {
    served = await startServed({});
    expect(await served.json('/ready')).toEqual({
      status: 200,
      body: { ready: true, checks: { ...WELL, ...ABSENT } },
    });
  });
});
