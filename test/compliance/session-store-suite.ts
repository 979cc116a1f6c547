import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  ClaimRequest,
  Fence,
  SessionStore,
  StoredSession,
  StoredWrite,
} from '../../src/session/store/session-store.ts';
import { until } from '../support/until.ts';
import { describeUserIndex } from './user-index-cases.ts';

export interface SessionStoreHarness {
  /** An empty store. */
  readonly store: SessionStore;
  close(): Promise<void>;
}

const hash = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const OWNER = { id: '42', gatewayId: 'g1', epoch: 3 } as const;
const LOG = [bytes(0xff, 0, 1), bytes(2)];

function stored(change: Partial<StoredSession> = {}): StoredSession {
  const details = {
    ...{ userId: '7', device: 'd', gameId: 'demo', groups: ['g'], permissions: ['p'] },
    ...{ verified: true, expiresAtMs: 0, startedAtMs: 1, attributes: { a: 'b' } },
  };
  return {
    ...{ ...OWNER, state: 'detached', details, secretHash: hash(1) },
    ...{ earlierHash: new Uint8Array(0), next: 5, taken: 9 },
    ...change,
  };
}

const write = (change: Partial<StoredWrite> = {}): StoredWrite => ({
  ...{ log: LOG, position: '', ttlMs: 60_000, releasedTo: '' },
  ...change,
});

const claim = (change: Partial<ClaimRequest> = {}): ClaimRequest => ({
  ...{ id: '42', secretHash: hash(1), received: 3, gatewayId: 'g2', nonce: 'n', force: false },
  ...change,
});

/** What every session store has to do. The spec file of a store is only its set-up. */
export function describeSessionStore(name: string, start: () => Promise<SessionStoreHarness>): void {
  describe(name, () => {
    let harness: SessionStoreHarness;
    let store: SessionStore;
    beforeEach(async () => {
      harness = await start();
      store = harness.store;
    });
    afterEach(() => harness.close());

    const logAfter = async (change: Partial<ClaimRequest>): Promise<number[][] | string> => {
      const taken = await store.claim(claim(change), 60_000);
      return taken.outcome === 'taken' ? taken.log.map((frame) => [...frame]) : taken.outcome;
    };

    describe('a session', () => {
      it('is kept, with who has it', async () => {
        expect(await store.save(stored(), write())).toBe(true);
        expect(await store.get('42')).toEqual({
          ...OWNER,
          run: '',
          state: 'detached',
          details: stored().details,
        });
        expect(await store.get('43')).toBeUndefined();
      });

      it('is gone after its time, unless it is renewed', async () => {
        await store.save(stored(), write({ ttlMs: 1_000 }));
        await store.save(stored({ id: '43' }), write({ ttlMs: 1_000 }));
        expect(await store.renew({ ...OWNER, id: '43', ttlMs: 60_000 })).toBe('written');
        const gone = async (): Promise<boolean> => (await store.get('42')) === undefined;
        await until(gone, () => 'the session to be gone');
        expect(await store.get('43')).toMatchObject({ id: '43' });
      });

      it('is removed by its owner', async () => {
        await store.save(stored(), write());
        await store.remove({ ...OWNER, epoch: 2 });
        await store.remove({ ...OWNER, gatewayId: 'g2' });
        expect(await store.get('42')).toBeDefined();
        await store.remove(OWNER);
        expect(await store.get('42')).toBeUndefined();
      });

      it('is removed as of a later epoch, which was not written', async () => {
        await store.save(stored(), write());
        await store.remove({ ...OWNER, epoch: OWNER.epoch + 2 });
        expect(await store.get('42')).toBeUndefined();
      });

      it('is renewed as it is at its epoch by its owner, or is told to be missing', async () => {
        const renew = (change: Partial<Fence>) => store.renew({ ...OWNER, ttlMs: 60_000, ...change });
        expect(await renew({})).toBe('missing');
        await store.save(stored(), write());
        expect(await renew({})).toBe('written');
        expect(await renew({ epoch: OWNER.epoch + 1 })).toBe('missing');
        expect(await renew({ epoch: OWNER.epoch - 1 })).toBe('fenced');
        expect(await renew({ gatewayId: 'g2' })).toBe('fenced');
      });

      it('keeps its log where a write brings none, and else gets another', async () => {
        await store.save(stored(), write());
        await store.save(stored(), write({ log: undefined }));
        await store.save(stored({ id: '43' }), write());
        await store.save(stored({ id: '43' }), write({ log: [bytes(7), bytes(8)] }));
        expect(await logAfter({ force: true })).toEqual([[0xff, 0, 1], [2]]);
        expect(await logAfter({ id: '43', force: true })).toEqual([[7], [8]]);
      });

      it('has a log of any length', async () => {
        const log = Array.from({ length: 2500 }, (_, index) => bytes(index >> 8, index & 0xff));
        await store.save(stored({ next: 2500 }), write({ log }));
        expect(await logAfter({ received: 0, force: true })).toEqual(log.map((frame) => [...frame]));
      });
    });

    describe('what a gateway leaves', () => {
      it('is taken once, the oldest first', async () => {
        expect(await store.takeLeft()).toBeUndefined();
        await store.leave(['a', 'b'], 60_000);
        await store.leave(['c'], 60_000);
        expect([await store.takeLeft(), await store.takeLeft()]).toEqual(['a', 'b']);
        expect([await store.takeLeft(), await store.takeLeft()]).toEqual(['c', undefined]);
      });

      it('is gone after its time', async () => {
        await store.leave(['a'], 20);
        await new Promise((resolve) => setTimeout(resolve, 60));
        expect(await store.takeLeft()).toBeUndefined();
      });
    });

    describe('a confirmation', () => {
      it('leaves the newest token only, and is heard from the owner alone', async () => {
        await store.save(stored({ earlierHash: hash(2) }), write());
        await store.confirm({ ...OWNER, epoch: 2 });
        await store.confirm({ ...OWNER, gatewayId: 'g2' });
        await store.confirm({ ...OWNER, id: '43' });
        expect(await store.claim(claim({ secretHash: hash(2) }), 1000)).toMatchObject({ outcome: 'held' });
        await store.confirm(OWNER);
        expect(await store.claim(claim({ secretHash: hash(2) }), 1000)).toEqual({ outcome: 'unknown' });
        expect(await store.claim(claim(), 1000)).toMatchObject({ outcome: 'held' });
        expect(await store.get('43')).toBeUndefined();
      });
    });

    describe('a claim', () => {
      it('gets it alone, whole, once it was let go of for it', async () => {
        await store.save(stored(), write());
        const held = { outcome: 'held', gatewayId: 'g1', released: false };
        expect(await store.claim(claim(), 1000)).toMatchObject(held);
        await store.save(stored(), write({ releasedTo: 'n' }));
        const other = claim({ nonce: 'other' });
        expect(await store.claim(other, 1000)).toMatchObject({ ...held, released: true });
        const taken = await store.claim(claim(), 1000);
        expect(taken).toMatchObject({ outcome: 'taken', from: 'g1', released: true });
        expect(taken.outcome === 'taken' && taken.log.map((frame) => [...frame])).toEqual([
          [0xff, 0, 1],
          [2],
        ]);
        expect(taken).toMatchObject({ session: { epoch: 4, next: 5, taken: 9, gatewayId: 'g2' } });
        const again = { outcome: 'held', gatewayId: 'g2', state: 'detached', released: false };
        expect(await store.claim(claim(), 1000)).toMatchObject(again);
      });

      it('ahead of the client gets the log as it is, which stays, and keeps the secrets', async () => {
        await store.save(stored({ earlierHash: hash(2) }), write({ releasedTo: 'n' }));
        const ahead = claim({ received: undefined });
        const taken = await store.claim(ahead, 60_000);
        expect(taken).toMatchObject({ outcome: 'taken', session: { epoch: 4, state: 'detached' } });
        const secrets =
          taken.outcome === 'taken' ? [taken.session.secretHash, taken.session.earlierHash] : [];
        expect(secrets.map((secret) => [...secret])).toEqual([[...hash(1)], [...hash(2)]]);
        expect(await logAfter({ secretHash: hash(2), gatewayId: 'g3', force: true })).toEqual([
          [0xff, 0, 1],
          [2],
        ]);
      });

      it('of several at once, one gets it', async () => {
        await store.save(stored(), write({ releasedTo: 'n' }));
        const claims = ['g2', 'g3', 'g4', 'g5'].map((gatewayId) => store.claim(claim({ gatewayId }), 60_000));
        const outcomes = (await Promise.all(claims)).map(({ outcome }) => outcome);
        expect(outcomes.sort()).toEqual(['held', 'held', 'held', 'taken']);
      });

      it('does not get one whose gateway alone has the log, not by force either', async () => {
        await store.save(stored({ state: 'attached' }), write({ log: [] }));
        const held = { outcome: 'held', gatewayId: 'g1', state: 'attached' };
        expect(await store.claim(claim({ force: true }), 1000)).toMatchObject(held);
      });

      it('needs the newest secret or the one before', async () => {
        await store.save(stored({ earlierHash: hash(2) }), write());
        expect(await logAfter({ secretHash: hash(3), force: true })).toBe('unknown');
        expect(await logAfter({ id: '43', force: true })).toBe('unknown');
        expect(await logAfter({ secretHash: hash(2), force: true })).toHaveLength(2);
      });

      it.each([2, 6])('with %i frames received of a log from 3 to 5 ends the session', async (received) => {
        await store.save(stored(), write());
        const incomplete = { outcome: 'incomplete', gatewayId: 'g1', epoch: 3 };
        expect(await store.claim(claim({ received, force: true }), 1000)).toEqual(incomplete);
        expect(await store.get('42')).toBeUndefined();
      });

      it('counts modulo 2^32', async () => {
        await store.save(stored({ next: 0 }), write());
        expect(await logAfter({ received: 0xfffffffe, force: true })).toHaveLength(2);
      });
    });

    describe('a write', () => {
      const change = { frames: [bytes(3)], keep: 2, next: 6, taken: 10, position: 'later' };

      it('of the owner adds to the log, which keeps as much as is said', async () => {
        await store.save(stored(), write());
        expect(await store.append(OWNER, change)).toBe('written');
        expect(await logAfter({ received: 4, force: true })).toEqual([[2], [3]]);
      });

      it('of an earlier owner does nothing', async () => {
        await store.save(stored(), write());
        const taken = await store.claim(claim({ force: true }), 60_000);
        expect(taken).toMatchObject({ outcome: 'taken', released: false });
        expect(await store.append(OWNER, change)).toBe('fenced');
        expect(await store.save(stored(), write())).toBe(false);
        expect(await store.save(stored({ epoch: 4 }), write())).toBe(false);
        await store.remove(OWNER);
        expect(await store.get('42')).toMatchObject({ gatewayId: 'g2', epoch: 4, state: 'detached' });
        expect(await logAfter({ gatewayId: 'g3', force: true })).toEqual([[0xff, 0, 1], [2]]);
      });

      it('tells how far the log reaches; one that keeps the log as it is keeps that', async () => {
        await store.save(stored(), write({ position: 'first' }));
        expect(await store.claim(claim(), 1000)).toMatchObject({ outcome: 'held', position: 'first' });
        await store.append(OWNER, change);
        await store.save(stored({ next: 6 }), write({ log: undefined, position: '' }));
        expect(await store.claim(claim(), 1000)).toMatchObject({ outcome: 'held', position: 'later' });
        const taken = await store.claim(claim({ received: 4, force: true }), 1000);
        expect(taken).toMatchObject({ outcome: 'taken', position: 'later' });
      });

      it('of a whole session may add to its log', async () => {
        await store.save(stored(), write());
        const added = [bytes(3), bytes(4)];
        await store.save(stored({ next: 7 }), write({ log: undefined, added, position: 'later' }));
        expect(await store.claim(claim(), 1000)).toMatchObject({ outcome: 'held', position: 'later' });
        expect(await logAfter({ force: true })).toEqual([[0xff, 0, 1], [2], [3], [4]]);
      });

      it('that would leave a hole in the log is not taken, as the store has lost what was before', async () => {
        await store.save(stored(), write());
        expect(await store.append(OWNER, { ...change, next: 7 })).toBe('missing');
        const later = write({ log: undefined, added: [bytes(3)] });
        await expect(store.save(stored({ next: 7 }), later)).rejects.toThrow('ends earlier');
        expect(await logAfter({ received: 4, force: true })).toEqual([[0xff, 0, 1], [2]]);
      });

      it('to a session that is lost says so', async () => {
        expect(await store.append(OWNER, change)).toBe('missing');
      });
    });

    it('keeps logouts in order, for whoever has read so far', async () => {
      const logout = (userId: string) => ({ userId, atMs: 5, nonce: `of ${userId}` });
      const { logouts } = store;
      expect(await logouts.after('')).toMatchObject({ logouts: [] });
      await logouts.add(logout('7'), 60_000);
      await logouts.add(logout('-3'), 60_000);
      const first = await logouts.after('');
      expect(first.logouts).toMatchObject([logout('7'), logout('-3')]);
      await logouts.add(logout('8'), 60_000);
      const second = await logouts.after(first.place);
      expect(second.logouts).toMatchObject([logout('8')]);
      expect(await logouts.after(second.place)).toEqual({ place: second.place, logouts: [] });
    });

    it('tells whether a gateway is alive, and whether it was known', async () => {
      expect(await store.announce('g1', 60_000)).toBe(false);
      expect([await store.isAlive('g1'), await store.isAlive('g2')]).toEqual([true, false]);
      expect(await store.announce('g1', 60_000)).toBe(true);
      await store.announce('g1', 0);
      expect(await store.isAlive('g1')).toBe(false);
      expect(await store.announce('g1', 60_000)).toBe(false);
    });

    it('knows which gateways are alive', async () => {
      for (const id of ['g1', 'g2', 'g3']) await store.announce(id, id === 'g3' ? 50 : 60_000);
      await store.announce('g2', 0);
      let alive = await store.livingGateways();
      // g3 has 50 ms to live.
      while (alive.length > 1) alive = await store.livingGateways();
      expect(alive).toEqual(['g1']);
    });

    it('keeps how far all logs of a process of a gateway reach', async () => {
      expect(await store.positionOf('a')).toBe('');
      await store.savePosition('a', 'here', 60_000);
      expect([await store.positionOf('a'), await store.positionOf('b')]).toEqual(['here', '']);
    });
    describeUserIndex({ store: () => store, stored, write });
  });
}
