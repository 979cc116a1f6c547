import { describe, expect, it } from 'vitest';
import type { SessionStore, StoredSession, StoredWrite } from '../../src/session/store/session-store.ts';
import type {
  BindOutcome,
  BindRequest,
  IndexedSession,
  UserEntry,
} from '../../src/session/store/user-index.ts';
import { until } from '../support/until.ts';

const USER = '7';
const TTL_MS = 60_000;

const session = (id: string, gatewayId = 'g1', device = ''): IndexedSession => ({
  ...{ userId: USER, id, gatewayId, device },
});
const entry = (id: string, gatewayId = 'g1'): UserEntry => ({ id, gatewayId });
const sorted = (entries: readonly UserEntry[]): string[] =>
  entries.map(({ id, gatewayId }) => `${id}@${gatewayId}`).sort();

export interface IndexedStore {
  store(): SessionStore;
  /** A session of user 7 with id 42 at g1, epoch 3. */
  stored(change?: Partial<StoredSession>): StoredSession;
  write(change?: Partial<StoredWrite>): StoredWrite;
}

/** What the index of users has to do, in any store. */
export function describeUserIndex({ store, stored, write }: IndexedStore): void {
  const bind = (one: IndexedSession, change: Partial<BindRequest> = {}): Promise<BindOutcome> =>
    store().users.bind({
      ...{ session: one, limit: 2, whenCrowded: 'push-out', returning: false, gone: [], ttlMs: TTL_MS },
      ...change,
    });
  const index = async (userId = USER): Promise<string[]> =>
    sorted([...(await store().users.sessionsOf(userId))].map(([id, gatewayId]) => entry(id, gatewayId)));
  const bindAll = async (...sessions: IndexedSession[]): Promise<void> => {
    for (const one of sessions) await bind(one, { limit: 0 });
  };

  describe('the index of a user', () => {
    it('has its sessions, and nobody else does', async () => {
      expect(await bind(session('1'))).toEqual({ outcome: 'bound', entries: [] });
      expect(await bind(session('2', 'g2'))).toEqual({ outcome: 'bound', entries: [] });
      expect(await index()).toEqual(['1@g1', '2@g2']);
      expect(await index('8')).toEqual([]);
    });

    it('lets one session too many push out the oldest, in the same step', async () => {
      await bindAll(session('100'), session('99', 'g2'), session('101'));
      const { outcome, entries } = await bind(session('102'));
      expect([outcome, ...sorted(entries)]).toEqual(['bound', '100@g1', '99@g2']);
      expect(await index()).toEqual(['101@g1', '102@g1']);
    });

    it('refuses one session too many', async () => {
      await bindAll(session('1'), session('2', 'g2'));
      const { outcome, entries } = await bind(session('3'), { whenCrowded: 'refuse' });
      expect([outcome, ...sorted(entries)]).toEqual(['refused', '1@g1', '2@g2']);
      expect(await index()).toEqual(['1@g1', '2@g2']);
    });

    it('tells who is there first, and changes nothing', async () => {
      await bindAll(session('1', 'g1', 'phone'), session('2', 'g2'), session('3', 'g3'));
      const { outcome, entries } = await bind(session('4', 'g1', 'phone'), { whenCrowded: 'ask' });
      expect([outcome, ...sorted(entries)]).toEqual(['crowded', '1@g1', '2@g2', '3@g3']);
      expect(await index()).toEqual(['1@g1', '2@g2', '3@g3']);
      expect((await bind(session('4'), { whenCrowded: 'ask', limit: 4 })).outcome).toBe('bound');
    });

    it.each(['push-out', 'refuse'] as const)(
      'lets those that are gone give way first, unless they are elsewhere by now (%s)',
      async (whenCrowded) => {
        await bindAll(session('1'), session('2', 'dead', 'phone'), session('3', 'g3'), session('4', 'dead'));
        const gone = [entry('2', 'dead'), entry('3', 'dead'), entry('4', 'dead')];
        const change = { gone, whenCrowded, limit: 4 } as const;
        expect(await bind(session('5'), change)).toEqual({
          outcome: 'bound',
          entries: [entry('2', 'dead')],
        });
        expect(await index()).toEqual(['1@g1', '3@g3', '4@dead', '5@g1']);
        // The name of its device is gone too.
        expect(await bind(session('6', 'g1', 'phone'), { limit: 0 })).toMatchObject({ entries: [] });
        expect(await bind(session('7'), { ...change, limit: 5, returning: true })).toEqual({
          outcome: 'bound',
          entries: [entry('4', 'dead')],
        });
      },
    );

    it('refuses where those that are gone are not enough, and lets them be', async () => {
      await bindAll(session('1'), session('2', 'dead'), session('3'));
      const change = { gone: [entry('2', 'dead')], whenCrowded: 'refuse' } as const;
      expect(await bind(session('4'), change)).toMatchObject({ outcome: 'refused' });
      expect(await bind(session('4'), { ...change, whenCrowded: 'push-out' })).toEqual({
        outcome: 'bound',
        entries: [entry('2', 'dead'), entry('1')],
      });
    });

    it('lets one that returns replace its device where nobody stands for that', async () => {
      await bindAll(session('2', 'dead', 'phone'));
      const gone = [entry('2', 'dead')];
      const returning = { gone, returning: true, whenCrowded: 'refuse' } as const;
      expect(await bind(session('1', 'g1', 'phone'), returning)).toEqual({ outcome: 'bound', entries: gone });
    });

    it.each([0, 2])('with a limit of %i has one session of each named device', async (limit) => {
      await bindAll(session('1', 'g2', 'phone'), session('2', 'g1', 'desk'));
      expect(await bind(session('3', 'g1', 'phone'), { limit, whenCrowded: 'refuse' })).toEqual({
        outcome: 'bound',
        entries: [entry('1', 'g2')],
      });
      expect(await index()).toEqual(['2@g1', '3@g1']);
      expect(await bind(session('4', 'g1', 'phone'), { limit: 0 })).toMatchObject({ entries: [entry('3')] });
    });

    it('lets a session keep its place, on whatever gateway', async () => {
      await bindAll(session('1', 'g1', 'phone'), session('2'), session('3', 'g2', 'phone'), session('4'));
      for (const whenCrowded of ['ask', 'refuse', 'push-out'] as const) {
        const request = { whenCrowded, returning: whenCrowded === 'refuse', limit: 1 };
        expect(await bind(session('2', 'g3'), request)).toEqual({ outcome: 'bound', entries: [] });
      }
      expect(await index()).toEqual(['2@g3', '3@g2', '4@g1']);
    });

    it('lets one that returns without a place have a free one, and take none from anybody', async () => {
      await bindAll(session('2', 'g1', 'phone'));
      const returning = { returning: true } as const;
      expect(await bind(session('1', 'g1', 'phone'), returning)).toMatchObject({ outcome: 'refused' });
      expect(await bind(session('1', 'g1', 'phone'), { ...returning, whenCrowded: 'ask' })).toMatchObject({
        outcome: 'crowded',
      });
      expect(await bind(session('1'), returning)).toEqual({ outcome: 'bound', entries: [] });
      expect(await bind(session('3'), returning)).toMatchObject({ outcome: 'refused' });
      expect(await index()).toEqual(['1@g1', '2@g1']);
    });

    it('of 20 sessions at once lets in as many as there may be', async () => {
      const all = Array.from({ length: 20 }, (_, at) => session(String(at), `g${at % 3}`));
      const outcomes = await Promise.all(all.map((one) => bind(one, { limit: 3, whenCrowded: 'refuse' })));
      expect(outcomes.filter(({ outcome }) => outcome === 'bound')).toHaveLength(3);
      expect(await index()).toHaveLength(3);
      await Promise.all(all.map((one) => bind(one, { limit: 3 })));
      expect(await index()).toHaveLength(3);
    });

    it('has what is kept there, whatever the number', async () => {
      await bindAll(session('1'), session('2'));
      const others = await store().users.keep(session('3', 'g2', 'phone'), TTL_MS);
      expect(sorted(others)).toEqual(['1@g1', '2@g1']);
      expect(await index()).toEqual(['1@g1', '2@g1', '3@g2']);
      expect(await bind(session('4', 'g1', 'phone'), { limit: 0 })).toMatchObject({
        entries: [entry('3', 'g2')],
      });
    });

    it('loses entries only to who names their gateway', async () => {
      await bindAll(session('1', 'g1', 'phone'), session('2', 'g2'));
      await store().users.unbind(USER, [entry('1', 'g2'), entry('2', 'g1'), entry('3')]);
      expect(await index()).toEqual(['1@g1', '2@g2']);
      await store().users.unbind(USER, [entry('1'), entry('2', 'g2')]);
      expect(await index()).toEqual([]);
      expect(await bind(session('4', 'g1', 'phone'))).toEqual({ outcome: 'bound', entries: [] });
    });

    it('is gone after its time, which grows and does not shrink', async () => {
      await bind(session('1'), { ttlMs: TTL_MS });
      await bind(session('2'), { ttlMs: 1 });
      await store().users.bind({
        ...{ session: { ...session('3'), userId: '8' }, limit: 0, whenCrowded: 'ask', returning: false },
        ...{ gone: [], ttlMs: 50 },
      });
      await until(
        async () => (await index('8')).length === 0,
        () => 'the entry to be gone',
      );
      expect(await index()).toEqual(['1@g1', '2@g1']);
    });

    it('loses a session that could not be claimed complete', async () => {
      await store().save(stored(), write());
      await bindAll(session('42'), session('43'));
      const claim = { id: '42', secretHash: stored().secretHash, received: 99, nonce: 'n', force: true };
      const { outcome } = await store().claim({ ...claim, gatewayId: 'g2' }, TTL_MS);
      expect(outcome).toBe('incomplete');
      await until(
        async () => String(await index()) === '43@g1',
        () => 'the entry to be gone',
      );
    });

    it('follows a session that is claimed, and never gets it back by a write', async () => {
      await store().save(stored(), write());
      expect(await index()).toEqual([]);
      await bind(session('42'));
      const claim = { id: '42', secretHash: stored().secretHash, received: 3, nonce: 'n', force: true };
      await store().claim({ ...claim, gatewayId: 'g2' }, TTL_MS);
      expect(await index()).toEqual(['42@g2']);
      await store().users.unbind(USER, [entry('42', 'g2')]);
      await store().save(stored({ gatewayId: 'g2', epoch: 4 }), write());
      expect(await index()).toEqual([]);
    });
  });
}
