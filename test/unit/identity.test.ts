import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GatewayIdentity } from '../../src/identity.ts';
import { createLog } from '../../src/observe/log.ts';
import { Metrics } from '../../src/observe/metrics.ts';
import { LEASED_MACHINE_IDS } from '../../src/session/ids/machine-lease.ts';
import { parseSnowflake } from '../../src/session/ids/snowflake.ts';
import type { RedisCommands } from '../../src/session/store/redis-commands.ts';
import { type Settings, testConfig } from '../support/test-gateway.ts';

const TAKEN = 0;
const MINE = 1;

let metrics: Metrics;
let lines: string[];
/** What Redis answers, by the key that a script names. */
let answers: Map<string, number>;
let identity: GatewayIdentity;

beforeEach(() => {
  vi.useFakeTimers();
  metrics = new Metrics();
  lines = [];
  answers = new Map();
});
afterEach(async () => {
  await identity.close();
  vi.useRealTimers();
});

async function start(settings: Settings): Promise<void> {
  const redis: RedisCommands = {
    up: true,
    start: () => Promise.resolve(),
    call: () => Promise.resolve(null),
    run: (_script, [key]) => {
      const answer = answers.get(key);
      return answer === undefined ? Promise.reject(new Error('away')) : Promise.resolve(answer);
    },
    listen() {},
    publish: () => Promise.resolve(0),
    close() {},
  };
  const log = createLog({ level: 'info', destination: { write: (line) => void lines.push(line) } });
  identity = new GatewayIdentity(testConfig(settings), { redis, id: 'g1', metrics, log });
  await identity.start();
}

const NAME = 'dualgate:name:{g1}';
const LEASES = 'dualgate:{machine}:';
const machineOf = ({ ids }: GatewayIdentity) => parseSnowflake(ids?.next() ?? '')?.machineId;
const words = (): string[] => lines.map((line) => JSON.parse(line).msg);
const shared = (name: string): number => metrics.sharedIdentity.total(name);

describe('GatewayIdentity', () => {
  it('says and shows when it has a machine id and when it has none', async () => {
    answers.set(NAME, MINE).set(LEASES, -1);
    await start({});
    expect(words()).toEqual(['no machine id: session ids are made from the reserve']);
    expect(JSON.parse(lines[0])).toMatchObject({ level: 40, why: 'none-free' });
    expect([...metrics.machineLease.entries()]).toMatchObject([{ value: 0 }]);
    expect(machineOf(identity)).toBeGreaterThanOrEqual(LEASED_MACHINE_IDS);
    answers.set(LEASES, 12).set(`${LEASES}12`, MINE);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(words().slice(1)).toEqual(['machine id leased']);
    expect(metrics.machineLease.total()).toBe(1);
    expect(machineOf(identity)).toBe(12);
    answers.delete(LEASES);
    answers.delete(`${LEASES}12`);
    await vi.advanceTimersByTimeAsync(25_000);
    expect(metrics.machineLease.total()).toBe(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(metrics.machineLease.total()).toBe(0);
    expect(JSON.parse(lines[2])).toMatchObject({
      why: 'away',
      msg: 'no machine id: new sessions are refused',
    });
    expect(() => identity.ids?.next()).toThrow('no machine id');
    expect(identity.ids?.fault).toBe('no machine id: away');
    expect(lines).toHaveLength(3);
  });

  it('goes back to the reserve after its lease was lost only where it is to', async () => {
    answers.set(NAME, MINE).set(LEASES, 12).set(`${LEASES}12`, MINE);
    await start({ 'gateway.ids_without_lease': 'reserve' });
    expect(machineOf(identity)).toBe(12);
    answers.delete(LEASES);
    answers.delete(`${LEASES}12`);
    await vi.advanceTimersByTimeAsync(35_000);
    expect(words()).toEqual(['machine id leased', 'no machine id: session ids are made from the reserve']);
    expect(machineOf(identity)).toBeGreaterThanOrEqual(LEASED_MACHINE_IDS);
    expect(identity.ids?.fault).toBeUndefined();
  });

  it('never makes an id again where its machine id comes back while the clock steps', async () => {
    answers.set(NAME, MINE).set(LEASES, 12).set(`${LEASES}12`, MINE);
    await start({});
    const made = Array.from({ length: 3 }, () => identity.ids?.next() ?? '');
    answers.set(`${LEASES}12`, TAKEN);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(words()).toEqual([
      'machine id leased',
      'no machine id: new sessions are refused',
      'machine id leased',
    ]);
    vi.setSystemTime(parseSnowflake(made[0])?.timeMs ?? 0);
    for (let count = 0; count < 3; count++) made.push(identity.ids?.next() ?? '');
    expect(new Set(made).size).toBe(6);
    expect(machineOf(identity)).toBe(12);
  });

  it('has no ids without a lease where it is to refuse', async () => {
    answers.set(NAME, MINE);
    await start({ 'gateway.ids_without_lease': 'refuse' });
    expect(words()).toEqual(['no machine id: new sessions are refused']);
    expect(() => identity.ids?.next()).toThrow('no machine id');
  });

  it('needs no lease with a machine id of its own', async () => {
    answers.set(NAME, MINE).set(`${LEASES}3`, MINE);
    await start({ 'gateway.machine_id': '3' });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(identity.ids).toBeUndefined();
    expect([...metrics.machineLease.entries()]).toEqual([]);
    expect([words(), shared('machine_id'), shared('gateway_id')]).toEqual([[], 0, 0]);
  });

  it('says and shows that another live gateway has its id, until it has not', async () => {
    answers.set(NAME, TAKEN).set(`${LEASES}3`, MINE);
    await start({ 'gateway.machine_id': '3' });
    await vi.advanceTimersByTimeAsync(7_000);
    expect(shared('gateway_id')).toBe(0);
    await vi.advanceTimersByTimeAsync(3_000);
    expect([shared('gateway_id'), shared('machine_id')]).toEqual([1, 0]);
    answers.set(NAME, MINE);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(shared('gateway_id')).toBe(0);
    const texts = ['another live gateway has the same id', 'no other gateway has the same id any more'];
    expect(words()).toEqual(texts);
  });

  it('waits for a lease to end before it complains of its machine id', async () => {
    answers.set(NAME, MINE).set(`${LEASES}3`, TAKEN);
    await start({ 'gateway.machine_id': '3' });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(shared('machine_id')).toBe(0);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(shared('machine_id')).toBe(1);
  });
});
