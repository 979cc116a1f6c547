import { describe, expect, it } from 'vitest';
import type { Session } from '../../src/session/session.ts';
import { storedSession } from '../support/outage-stage.ts';
import { eventually } from '../support/recording-sink.ts';
import { stageTrouble } from '../support/trouble-stage.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const trouble = stageTrouble();

function begin(id: string, user: number, startedAtMs: number): Session {
  trouble.gateway.begin(id);
  const session = trouble.gateway.hub.session(id);
  if (session === undefined) throw new Error('it is there');
  session.startedAtMs = startedAtMs;
  trouble.gateway.lifecycle.bind(session, user, 0);
  return session;
}

/** Of user 7, at a gateway that died. */
async function leaveSession(id: string, startedAtMs: number): Promise<void> {
  const session = storedSession(id, 'g3');
  const details = { ...session.details, startedAtMs };
  const write = { log: [], position: '', ttlMs: 60_000, releasedTo: '' };
  await trouble.store.save({ ...session, details }, write);
  await trouble.store.users.keep({ userId: '7', id, gatewayId: 'g3', device: '' }, 60_000);
}

const left = (): string[] => [...trouble.gateway.hub.all()].map(({ id }) => id);

describe('a logout that is told', () => {
  it('ends the sessions of the user, those that it means', () => {
    for (const [id, user, at] of [
      ['1', 7, 10],
      ['2', 7, 20],
      ['3', 8, 10],
    ] as const)
      begin(id, user, at);
    trouble.gateway.hearControl({ kind: 'logout', user: '7', nonce: 'a', beforeMs: 10 });
    expect(left()).toEqual(['2', '3']);
    trouble.gateway.hearControl({ kind: 'logout', user: '7', nonce: '', beforeMs: 0 });
    expect(left()).toEqual(['3']);
  });

  it('does nothing when it is told again', () => {
    begin('1', 7, 10);
    trouble.gateway.hearControl({ kind: 'logout', user: '7', nonce: 'a', beforeMs: 0 });
    begin('2', 7, 10);
    trouble.gateway.hearControl({ kind: 'logout', user: '7', nonce: 'a', beforeMs: 0 });
    expect(left()).toEqual(['2']);
  });
});

describe('a logout that was not heard', () => {
  it('is read in the log, whatever number there is, and once', async () => {
    begin('1', 7, 10);
    begin('2', 7, 30);
    for (let user = 100; user < 2600; user++) {
      await trouble.store.logouts.add({ userId: String(user), atMs: 20, nonce: String(user) });
    }
    await trouble.store.logouts.add({ userId: '7', atMs: 20, nonce: 'a' });
    trouble.store.onUp?.();
    await eventually(() => left().length === 1, 'the end of the older session', 1000);
    expect(left()).toEqual(['2']);
    begin('3', 7, 10);
    trouble.store.onUp?.();
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
    trouble.store.goAway();
    expect(await trouble.gateway.sharing.logoutEverywhere(user, session)).toBe(false);
    expect(left()).toEqual(['2']);
    expect(trouble.gateway.metrics.sessionStoreErrors.cell('logout').value).toBe(1);
    const told = trouble.stage.messages.filter(({ kind }) => kind === 'logout').length;
    trouble.store.comeBack();
    await eventually(
      () => trouble.store.removed.includes('1@g1') && trouble.store.removed.includes('4@g3'),
      'the removals',
      1000,
    );
    for (let turns = 0; turns < 10; turns++) await turn();
    expect(trouble.store.removed).not.toContain('3@g3');
    const logouts = trouble.stage.messages.filter((message) => message.kind === 'logout');
    expect(logouts).toHaveLength(told + 1);
    expect(logouts.at(-1)?.beforeMs).toBeGreaterThan(0);
    expect(await trouble.gateway.sharing.logoutEverywhere(user, session)).toBe(true);
    expect(await trouble.store.get('2')).toBeUndefined();
  });
});
