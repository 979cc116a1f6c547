import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../src/session/session.ts';
import { storedSession } from '../support/outage-stage.ts';
import { eventually } from '../support/recording-sink.ts';
import { SharingStage, type StageGateway } from '../support/sharing-stage.ts';
import { TroubledStore } from '../support/troubled-store.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let stage: SharingStage;
let store: TroubledStore;
let gateway: StageGateway;
beforeEach(async () => {
  stage = new SharingStage();
  store = new TroubledStore();
  gateway = await stage.open('g1', store);
});
afterEach(() => stage.close());

function begin(id: string, user: number, startedAtMs: number): Session {
  gateway.begin(id);
  const session = gateway.hub.session(id);
  if (session === undefined) throw new Error('it is there');
  session.startedAtMs = startedAtMs;
  gateway.lifecycle.bind(session, user, 0);
  return session;
}

/** Of user 7, at a gateway that died. */
async function leaveSession(id: string, startedAtMs: number): Promise<void> {
  const session = storedSession(id, 'g3');
  const details = { ...session.details, startedAtMs };
  const write = { log: [], position: '', ttlMs: 60_000, releasedTo: '' };
  await store.save({ ...session, details }, write);
  await store.users.keep({ userId: '7', id, gatewayId: 'g3', device: '' }, 60_000);
}

const left = (): string[] => [...gateway.hub.all()].map(({ id }) => id);

describe('a logout that is told', () => {
  it('ends the sessions of the user, those that it means', () => {
    for (const [id, user, at] of [
      ['1', 7, 10],
      ['2', 7, 20],
      ['3', 8, 10],
    ] as const)
      begin(id, user, at);
    gateway.hearControl({ kind: 'logout', user: '7', nonce: 'a', beforeMs: 10 });
    expect(left()).toEqual(['2', '3']);
    gateway.hearControl({ kind: 'logout', user: '7', nonce: '', beforeMs: 0 });
    expect(left()).toEqual(['3']);
  });

  it('does nothing when it is told again', () => {
    begin('1', 7, 10);
    gateway.hearControl({ kind: 'logout', user: '7', nonce: 'a', beforeMs: 0 });
    begin('2', 7, 10);
    gateway.hearControl({ kind: 'logout', user: '7', nonce: 'a', beforeMs: 0 });
    expect(left()).toEqual(['2']);
  });
});

describe('a logout that was not heard', () => {
  it('is read in the log, whatever number there is, and once', async () => {
    begin('1', 7, 10);
    begin('2', 7, 30);
    for (let user = 100; user < 2600; user++) {
      await store.logouts.add({ userId: String(user), atMs: 20, nonce: String(user) });
    }
    await store.logouts.add({ userId: '7', atMs: 20, nonce: 'a' });
    store.onUp?.();
    await eventually(() => left().length === 1, 'the end of the older session', 1000);
    expect(left()).toEqual(['2']);
    begin('3', 7, 10);
    store.onUp?.();
    for (let turns = 0; turns < 10; turns++) await turn();
    expect(left()).toEqual(['2', '3']);
  });

  it('is told once the store is there, by who could not', async () => {
    begin('1', 7, 10);
    const session = begin('2', 7, 10);
    const { user } = session;
    if (user === undefined) throw new Error('it is bound');
    await leaveSession('3', Date.now() + 60_000);
    await leaveSession('4', 10);
    await turn();
    store.goAway();
    expect(await gateway.sharing.logoutEverywhere(user, session)).toBe(false);
    expect(left()).toEqual(['2']);
    expect(gateway.metrics.sessionStoreErrors.cell('logout').value).toBe(1);
    const told = stage.messages.filter(({ kind }) => kind === 'logout').length;
    store.comeBack();
    await eventually(
      () => store.removed.includes('1@g1') && store.removed.includes('4@g3'),
      'the removals',
      1000,
    );
    for (let turns = 0; turns < 10; turns++) await turn();
    expect(store.removed).not.toContain('3@g3');
    const logouts = stage.messages.filter((message) => message.kind === 'logout');
    expect(logouts).toHaveLength(told + 1);
    expect(logouts.at(-1)?.beforeMs).toBeGreaterThan(0);
    expect(await gateway.sharing.logoutEverywhere(user, session)).toBe(true);
    expect(await store.get('2')).toBeUndefined();
  });
});
