import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RedisStoreCommands } from '../../src/bridge/redis-commands.ts';
import { LEASED_MACHINE_IDS, MachineLease, machineKey } from '../../src/session/ids/machine-lease.ts';
import { parseSnowflake } from '../../src/session/ids/snowflake.ts';
import type { RedisCommands } from '../../src/session/store/redis-commands.ts';
import { WAIT_MS_MAX } from '../support/deadline.ts';
import { eventually } from '../support/recording-sink.ts';
import { stageRedis } from '../support/redis-stage.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

const TTL_MS = 900;
const RETRY_MS = 20;
const FREE = 5;
/** For an answer of Redis: short of what a lease holds, and longer than any test. */
const HASTY_MS = 300;
const PATIENT_MS = 60_000;

const stage = stageRedis();
const { closers } = stage;
const connect = (addr = stage.server.addr, commandTimeoutMs = PATIENT_MS): Promise<RedisStoreCommands> =>
  stage.connect({ addr, commandTimeoutMs });

/** A gateway's lease, and what it issues as fast as it can. */
class Issuer {
  readonly ids: string[] = [];
  readonly lease: MachineLease;
  /** On the monotonic clock: when the last id was asked for that was given. */
  issuedAtMs = 0;
  /** The key lives so long at least. */
  keyUntilMs = 0;

  constructor(commands: RedisCommands, owner: string) {
    const redisOfLease: RedisCommands = {
      up: true,
      run: async (...call) => {
        const sentAtMs = performance.now();
        const answer = await commands.run(...call);
        if (answer !== 0 && answer !== -1) this.keyUntilMs = sentAtMs + TTL_MS;
        return answer;
      },
      start: () => commands.start(),
      call: (...call) => commands.call(...call),
      listen: (...channels) => commands.listen(...channels),
      publish: (...message) => commands.publish(...message),
      close: () => commands.close(),
    };
    const options = { owner, ttlMs: TTL_MS, retryMs: RETRY_MS };
    this.lease = new MachineLease({ redis: redisOfLease, ...options });
    closers.push(() => this.lease.close());
  }

  /** False: it had none. */
  issue(): boolean {
    const askedAtMs = performance.now();
    try {
      this.ids.push(this.lease.next());
    } catch {
      return false;
    }
    this.issuedAtMs = askedAtMs;
    return true;
  }
}

/** Turn by turn all ask for an id, until `enough` does. */
async function issueUntil(issuers: readonly Issuer[], what: string, enough: () => boolean): Promise<void> {
  const endMs = performance.now() + WAIT_MS_MAX;
  while (!enough()) {
    for (const issuer of issuers) issuer.issue();
    if (performance.now() > endMs) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a lease while Redis stands still', () => {
  it('ends before its key does, and ids are issued again when Redis goes on', async () => {
    const issuer = new Issuer(await connect(stage.server.addr, HASTY_MS), 'me');
    await issuer.lease.start();
    await eventually(() => issuer.lease.machineId !== undefined, 'the lease');
    await issueUntil([issuer], 'ids', () => issuer.ids.length > 100);
    stage.server.pause();
    await issueUntil([issuer], 'the end of the lease', () => !issuer.issue());
    expect(issuer.issuedAtMs).toBeLessThan(issuer.keyUntilMs - TTL_MS / 20);
    expect(issuer.lease.fault).toBe('no machine id: away');
    stage.server.resume();
    const before = issuer.ids.length;
    await issueUntil([issuer], 'ids again', () => issuer.ids.length > before + 100);
    expect(new Set(issuer.ids).size).toBe(issuer.ids.length);
    const machines = new Set(issuer.ids.map((id) => parseSnowflake(id)?.machineId ?? -1));
    expect([...machines].every((machine) => machine < LEASED_MACHINE_IDS)).toBe(true);
  });
});

describe('two gateways and one free machine id', () => {
  it('never issue the same id, whenever the one that has it loses Redis', async () => {
    const beside = await connect();
    const proxy = await startTcpProxy(stage.server.port);
    closers.push(() => proxy.close());
    const cutAfter = fc.integer({ min: 1, max: 3_000 });
    const silently = fc.boolean();
    await fc.assert(
      fc.asyncProperty(cutAfter, silently, async (ids, silent) => {
        await occupyAllBut(beside, FREE);
        const first = new Issuer(await connect(proxy.addr, silent ? PATIENT_MS : HASTY_MS), 'first');
        const second = new Issuer(beside, 'second');
        await first.lease.start();
        await eventually(() => first.lease.machineId === FREE, 'the first to have it');
        const both = [first, second];
        await issueUntil([first], 'ids of the first', () => first.ids.length >= ids);
        if (silent) proxy.cut();
        else proxy.refuse();
        await second.lease.start();
        await issueUntil(both, 'the second to have it', () => second.lease.machineId === FREE);
        const reserved = second.ids.length;
        await issueUntil(both, 'its ids', () => second.ids.length > reserved + 100);
        expect(first.issue()).toBe(false);
        await second.lease.close();
        if (silent) proxy.dropConnections();
        else proxy.accept();
        await issueUntil(both, 'the first to have it back', () => first.lease.machineId === FREE);
        await issueUntil(both, 'its ids', () => first.issuedAtMs > second.issuedAtMs);
        await first.lease.close();
        const all = both.flatMap((issuer) => issuer.ids);
        expect(new Set(all).size).toBe(all.length);
        expect(parseSnowflake(first.ids[first.ids.length - 1])?.machineId).toBe(FREE);
      }),
      { numRuns: 4, endOnFailure: true },
    );
  }, 180_000);
});

async function occupyAllBut(commands: RedisStoreCommands, free: number): Promise<void> {
  const others = Array.from({ length: LEASED_MACHINE_IDS }, (_, id) => id).filter((id) => id !== free);
  await commands.call('FLUSHALL');
  await commands.call('MSET', ...others.flatMap((id) => [machineKey(id), 'somebody else']));
}
