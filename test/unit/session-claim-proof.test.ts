import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimNonce, isClaimNonce } from '../../src/session/claims/claim-proof.ts';
import { createResumeToken, type ResumeToken } from '../../src/session/resume-token.ts';
import type { Session } from '../../src/session/session.ts';
import { eventually } from '../support/recording-sink.ts';
import { framesOf, SharingStage, type StageGateway } from '../support/sharing-stage.ts';

const ID = '42';

describe('the nonce of a claim', () => {
  const [hash, other] = [createResumeToken(ID).secretHash, createResumeToken(ID).secretHash];

  it('proves the hash that it was made with, and tells neither', () => {
    const nonce = claimNonce('name:1', hash);
    expect(nonce.startsWith('name:1:')).toBe(true);
    expect(nonce).not.toContain(hash.toString('base64url'));
    expect(isClaimNonce(nonce, [undefined, other, hash])).toBe(true);
    expect(isClaimNonce(nonce, [undefined, other])).toBe(false);
    expect(isClaimNonce(claimNonce('name:2', hash).replace('2', '1'), [hash])).toBe(false);
  });

  it.each(['', ':', 'x', 'x:', 'x:y', `x:${'A'.repeat(43)}`])('may be anything (%j)', (nonce) => {
    expect(isClaimNonce(nonce, [hash, new Uint8Array(0)])).toBe(false);
  });
});

describe('a claim by a token that is confirmed as used meanwhile', () => {
  let stage: SharingStage;
  let first: StageGateway;
  let second: StageGateway;
  let session: Session;
  let used: ResumeToken;
  beforeEach(async () => {
    stage = new SharingStage();
    [first, second] = [await stage.open('g1'), await stage.open('g2')];
    used = first.begin(ID);
    const found = first.hub.session(ID);
    if (found === undefined) throw new Error('no session');
    session = found;
    first.lifecycle.renewToken(session, used);
    first.lifecycle.park(session);
  });
  afterEach(() => stage.close());
  const barriers = (count: number): Promise<void> =>
    eventually(() => stage.barriers.length >= count, `${count} barriers`);

  it('ends, and leaves the session where it is', async () => {
    first.fallBehind();
    const claimed = second.claim(used);
    await barriers(1);
    session.confirmToken();
    stage.push(ID);
    first.catchUp();
    const sinceMs = performance.now();
    expect(await claimed).toBeUndefined();
    expect(performance.now() - sinceMs).toBeLessThan(900);
    expect(first.hub.session(ID)).toBe(session);
    expect(framesOf(session)).toEqual([1]);
  });

  it('ends also where the store did not take the confirmation', async () => {
    const confirm = stage.store.confirm.bind(stage.store);
    let failed = 0;
    stage.store.confirm = () => {
      failed++;
      return Promise.reject(new Error('away'));
    };
    session.confirmToken();
    await eventually(() => failed === 1, 'the failure');
    stage.store.confirm = confirm;
    expect(await second.claim(used)).toBeUndefined();
    expect(first.hub.session(ID)).toBe(session);
    const errors = [...first.metrics.sessionStoreErrors.entries()];
    expect(errors).toContainEqual(expect.objectContaining({ labels: { operation: 'confirm' }, value: 1 }));
  });

  it('does not divert a session that is on its way to another gateway', async () => {
    const third = await stage.open('g3');
    const newest = session.secretHash;
    if (newest === undefined) throw new Error('no token');
    first.fallBehind();
    const rightful = second.claim({ sessionId: ID, secretHash: newest });
    await barriers(1);
    const late = third.claim(used);
    await barriers(2);
    stage.push(ID, 2);
    first.catchUp();
    const moved = await rightful;
    expect(await late).toBeUndefined();
    expect(moved).toBe(second.hub.session(ID));
    expect(framesOf(moved)).toEqual([1, 2]);
    expect(moved?.ended).toBe(false);
  });
});
