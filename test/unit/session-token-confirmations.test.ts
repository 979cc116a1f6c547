import { afterEach, expect, it } from 'vitest';
import { Family } from '../../src/observe/counters.ts';
import { TickFlusher } from '../../src/queue/tick-flusher.ts';
import { createResumeToken, type ResumeToken } from '../../src/session/resume-token.ts';
import type { Session } from '../../src/session/session.ts';
import type { Fence } from '../../src/session/store/session-store.ts';
import { TokenConfirmations } from '../../src/session/writes/token-confirmations.ts';
import { SharingStage } from '../support/sharing-stage.ts';
import { TroubledStore } from '../support/troubled-store.ts';
import { until } from '../support/until.ts';

class Recording extends TroubledStore {
  readonly told: string[] = [];

  override async confirm(fence: Fence): Promise<void> {
    this.told.push(`${fence.gatewayId} ${fence.id} ${fence.epoch}`);
    await super.confirm(fence);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const stage = new SharingStage();
afterEach(() => stage.close());

it('confirmations are told once a tick, but of a client that has come back by its earlier token', async () => {
  const { lifecycle } = await stage.open('g0');
  const [session, other, back] = ['1', '2', '3'].map((id) => lifecycle.create(id));
  const store = new Recording();
  const flusher = new TickFlusher(() => {});
  const errors = new Family('counter', 'errors', 'help', ['operation']);
  const failed: Session[] = [];
  const onFailed = (lost: Session): void => void failed.push(lost);
  const confirmations = new TokenConfirmations({ gatewayId: 'g1', store, flusher, errors, onFailed });
  for (const each of [session, other, back, session]) confirmations.add(each);
  expect(store.told).toEqual([]);
  back.earlierHash = createResumeToken('3').secretHash;
  flusher.drain();
  expect(store.told).toEqual(['g1 1 0', 'g1 2 0']);
  store.goAway();
  confirmations.add(other);
  flusher.drain();
  await turn();
  expect(failed).toEqual([other]);
  expect(errors.total('confirm')).toBe(1);
});

it('a used token is refused elsewhere as soon as a store that was away is there', async () => {
  const store = new Recording();
  const gateway = await stage.open('g1', store);
  const used = gateway.begin('1');
  const session = gateway.hub.session('1');
  if (session === undefined) throw new Error('it is there');
  await gateway.lifecycle.prepareResume(session, used).stored;
  const claim = async ({ sessionId: id, secretHash }: ResumeToken): Promise<string> => {
    const request = { id, secretHash, received: 9, gatewayId: 'g9', nonce: 'n', force: false } as const;
    return (await store.claim(request, 60_000)).outcome;
  };
  expect(await claim(used)).toBe('held');
  store.goAway();
  session.confirmToken();
  await turn();
  expect(await claim(used)).toBe('held');
  store.comeBack();
  await until(
    async () => (await claim(used)) === 'unknown',
    () => 'the token to be refused',
  );
});
