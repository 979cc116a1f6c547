import { describe, expect, it } from 'vitest';
import { Metrics } from '../../src/observe/metrics.ts';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import type { Session } from '../../src/session/session.ts';
import { Removals } from '../../src/session/writes/removals.ts';
import { SessionRepairs } from '../../src/session/writes/session-repairs.ts';
import { eventually } from '../support/recording-sink.ts';
import { framesOf, type StageGateway } from '../support/sharing-stage.ts';
import { stageTrouble } from '../support/trouble-stage.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const trouble = stageTrouble();

const failures = (operation: string): number =>
  trouble.gateway.metrics.sessionStoreErrors.cell(operation).value;

describe('a log of which a part was not taken', () => {
  it('is written whole before anything is added to it', async () => {
    const token = trouble.gateway.begin('1');
    trouble.stage.push('1', 2);
    await turn();
    trouble.store.goAway();
    trouble.stage.push('1', 2);
    await eventually(() => failures('append') > 0, 'the failure');
    trouble.store.comeBack();
    trouble.stage.push('1', 2);
    await turn();
    trouble.stage.push('1');
    await turn();
    const other = await trouble.stage.open('g2', trouble.store);
    expect(framesOf(await other.claim(token))).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('waits for that, and is not added to meanwhile', async () => {
    const token = trouble.gateway.begin('1');
    trouble.stage.push('1', 2);
    await turn();
    trouble.store.goAway();
    trouble.stage.push('1');
    await eventually(() => failures('append') > 0, 'the failure');
    // Nobody has said that it is back.
    const { onUp } = trouble.store;
    trouble.store.onUp = undefined;
    trouble.store.comeBack();
    trouble.stage.push('1', 2);
    await turn();
    expect((await trouble.store.claim({ ...claimOf(token), received: 0 }, 60_000)).outcome).toBe('taken');
    trouble.store.onUp = onUp;
  });
});

describe('while the store is away', () => {
  it('the log of a session is not tried again with each frame, and frames go out', async () => {
    trouble.gateway.begin('1');
    await turn();
    const { queue } = trouble.gateway.hub.session('1') ?? {};
    trouble.store.goAway();
    for (let frames = 0; frames < 5; frames++) {
      trouble.stage.push('1');
      await turn();
    }
    expect([failures('append'), failures('save')]).toEqual([1, 0]);
    expect([queue?.log.next, queue?.log.released]).toEqual([5, 5]);
  });
});

describe('a change that was not taken', () => {
  it('is made good at once when the store is there', async () => {
    trouble.gateway.begin('1');
    await turn();
    const session = trouble.gateway.hub.session('1');
    if (session === undefined) throw new Error('it is there');
    trouble.store.goAway();
    trouble.gateway.lifecycle.bind(session, 7, 0);
    await eventually(() => failures('save') > 0, 'the failure');
    const count = trouble.store.saved.length;
    trouble.store.comeBack();
    await eventually(() => trouble.store.saved.length > count, 'the write', 1000);
    expect((await trouble.store.get('1'))?.details.userId).toBe('7');
  });
});

const claimOf = (token: ReturnType<StageGateway['begin']>) => ({
  ...{ id: token.sessionId, secretHash: token.secretHash, gatewayId: 'g9', nonce: 'n', force: true },
});

describe('sessions that are written again', () => {
  const sessions = (count: number): Session[] =>
    Array.from({ length: count }, (_, at) => trouble.gateway.lifecycle.create(String(at)));

  it('come a few at a time, all of them', async () => {
    const written: Session[] = [];
    const batches: number[] = [];
    const repairs = new SessionRepairs(async (session) => {
      if (written.length === batches.reduce((sum, size) => sum + size, 0)) batches.push(0);
      batches[batches.length - 1]++;
      written.push(session);
      await turn();
    });
    const all = sessions(450);
    for (const session of all) repairs.add(session);
    repairs.run();
    expect(written).toHaveLength(200);
    repairs.run();
    expect(written).toHaveLength(200);
    await eventually(() => written.length === 450, 'all sessions');
    expect(written).toEqual(all);
  });

  it('wait where they have failed again, and are not written once they have ended', async () => {
    const written: Session[] = [];
    const repairs = new SessionRepairs(async (session) => {
      written.push(session);
      repairs.add(session);
    });
    const [one, over] = sessions(2);
    repairs.add(one);
    trouble.gateway.lifecycle.end(over, DISCONNECT.loggedOut);
    repairs.add(over);
    repairs.run();
    await turn();
    await turn();
    expect(written).toEqual([one]);
    repairs.run();
    expect(written).toEqual([one, one]);
    repairs.close();
    repairs.run();
    expect(repairs.size).toBe(0);
  });
});

describe('ends that the store did not take', () => {
  const start = (ttlMs = 60_000): Removals =>
    new Removals({
      store: trouble.store,
      ttlMs,
      metrics: new Metrics(),
      onRemoved() {},
      watch: (work) => void work,
    });
  const fence = (id: string) => ({ id, gatewayId: 'g1', epoch: 1 });

  it('are kept up to a number, the newest ones', async () => {
    const removals = start();
    trouble.store.goAway();
    for (let id = 0; id < 10_002; id++) removals.remove(fence(String(id)), undefined);
    await turn();
    expect(removals.overdue).toBe(10_000);
    trouble.store.comeBack();
    removals.retry();
    await eventually(() => trouble.store.removed.length === 10_000, 'the removals');
    expect([trouble.store.removed[0], trouble.store.removed.at(-1), removals.overdue]).toEqual([
      '2@g1',
      '10001@g1',
      0,
    ]);
  });

  it('are given up after the time in which the store forgets the session', async () => {
    const removals = start(-1);
    trouble.store.goAway();
    removals.remove(fence('1'), undefined);
    await turn();
    trouble.store.comeBack();
    removals.retry();
    await turn();
    expect([removals.overdue, trouble.store.removed]).toEqual([0, []]);
  });

  it('are tried again at once for whoever asks for the session', async () => {
    const token = trouble.gateway.begin('1');
    await turn();
    trouble.store.goAway();
    const session = trouble.gateway.hub.session('1');
    if (session === undefined) throw new Error('it is there');
    trouble.gateway.lifecycle.end(session, DISCONNECT.loggedOut);
    await turn();
    const { onUp } = trouble.store;
    trouble.store.onUp = undefined;
    trouble.store.comeBack();
    trouble.store.onUp = onUp;
    const other = await trouble.stage.open('g2', trouble.store);
    expect(await other.claim(token)).toBeUndefined();
    expect(trouble.store.removed).toEqual(['1@g1']);
  });
});
