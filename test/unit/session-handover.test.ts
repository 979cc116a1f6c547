import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isHandover } from '../../src/session/control/handover-messages.ts';
import type { ResumeToken } from '../../src/session/resume-token.ts';
import { MemorySessionStore } from '../../src/session/store/memory-session-store.ts';
import { eventually } from '../support/recording-sink.ts';
import { framesOf, SharingStage, type StageGateway } from '../support/sharing-stage.ts';

const ID = '42';

let stage: SharingStage;
let first: StageGateway;
let second: StageGateway;
let third: StageGateway;
let token: ResumeToken;
beforeEach(async () => {
  stage = new SharingStage();
  first = await stage.open('g1');
  second = await stage.open('g2');
  token = first.begin(ID);
});
afterEach(() => {
  vi.useRealTimers();
  return stage.close();
});

const at = (gateway: StageGateway) => gateway.hub.session(ID);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const barriers = (count: number): Promise<void> =>
  eventually(() => stage.barriers.length >= count, `${count} barriers`);
/** What became of its sessions. */
const outcomes = (gateway: StageGateway): Record<string, number> =>
  Object.fromEntries(
    [...gateway.metrics.sessionHandovers.entries()]
      .filter(({ value }) => value > 0)
      .map(({ labels, value }) => [labels.outcome, value]),
  );

/** The second gateway takes the session from the first, which has not come to the barrier yet. */
async function handOverBehind(): Promise<{ readonly done: Promise<void> }> {
  first.fallBehind();
  const done = first.handOver();
  await barriers(1);
  return { done };
}

describe('a gateway that closes in order', () => {
  it('hands over the session with what was pushed before, meanwhile and since', async () => {
    stage.push(ID, 2);
    const { done } = await handOverBehind();
    stage.push(ID, 2);
    first.catchUp();
    await done;
    stage.push(ID, 2);
    expect(at(first)).toBeUndefined();
    expect(framesOf(at(second))).toEqual(upTo(6));
    expect(outcomes(first)).toEqual({ handed_over: 1 });
  });

  it('leaves the tokens good and does not prolong the wait', async () => {
    const before = at(first);
    const waitMs = (before?.deadlineMs ?? 0) - performance.now() - 20_000;
    if (before !== undefined) before.deadlineMs -= 20_000;
    await first.handOver();
    const session = at(second);
    expect(session?.isSecret(token.secretHash)).toBe(true);
    expect((session?.deadlineMs ?? 0) - performance.now()).toBeLessThanOrEqual(waitMs);
    const kept = await stage.store.claim(
      { id: ID, ...token, received: 0, gatewayId: 'g3', nonce: '', force: true },
      1000,
    );
    expect(kept).toMatchObject({ outcome: 'taken', from: 'g2' });
  });

  it('keeps what has an earlier token for that one, too', async () => {
    const session = at(first);
    if (session === undefined) throw new Error('no session');
    first.lifecycle.renewToken(session, token);
    first.lifecycle.park(session);
    await first.handOver();
    expect(at(second)?.isSecret(token.secretHash)).toBe(true);
  });

  it('hands over what is left of a log that the client has acknowledged', async () => {
    stage.push(ID, 5);
    await eventually(() => at(first)?.queue.log.released === 5, 'the frames in the store');
    at(first)?.queue.log.trim(3);
    const { done } = await handOverBehind();
    first.catchUp();
    await done;
    expect(framesOf(at(second))).toEqual([4, 5]);
    expect(second.lifecycle.find(token, 3)).toBe(at(second));
  });

  it('asks for many sessions by few barriers, and spreads them', async () => {
    third = await stage.open('g3');
    for (let id = 100; id < 399; id++) first.begin(String(id));
    await first.handOver();
    expect([first.hub.size, second.hub.size, third.hub.size]).toEqual([0, 200, 100]);
    expect(stage.barriers.length).toBeLessThanOrEqual(6);
  });

  it('asks nobody where nothing waits', async () => {
    await second.handOver();
    expect(stage.messages).not.toContainEqual({ kind: 'leaving', gateway: 'g2' });
  });

  it('does not look for others where there are none', async () => {
    stage.gateways.splice(1);
    // No time passes that it could wait for.
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    await first.handOver();
    vi.useRealTimers();
    expect(outcomes(first)).toEqual({ no_gateway: 1 });
    stage.gateways.push(second);
  });

  it('keeps its sessions where the others close too', async () => {
    second.closing = true;
    await first.handOver();
    expect(framesOf(at(first))).toEqual([]);
    expect(outcomes(first)).toEqual({ no_gateway: 1 });
  });

  it('hands over what has just come from another, too', async () => {
    const { done } = await handOverBehind();
    third = await stage.open('g3');
    const next = second.handOver();
    stage.push(ID, 2);
    first.catchUp();
    await Promise.all([done, next]);
    stage.push(ID, 2);
    expect(framesOf(at(third))).toEqual(upTo(4));
    expect(second.hub.size).toBe(0);
  });

  it('waits in vain for one that dies, and closes all the same', async () => {
    const { done } = await handOverBehind();
    second.die();
    await done;
    expect(outcomes(first)).toEqual({ no_answer: 1 });
    await first.close();
    third = await stage.open('g3');
    // The dead one may have been there, and heard pushes to it.
    expect(await third.claim(token)).toBeUndefined();
  });

  it('lets go of nothing once it has given up', async () => {
    const { done } = await handOverBehind();
    second.die();
    await done;
    first.catchUp();
    expect(at(first)?.ended).toBe(false);
    expect(await stage.store.get(ID)).toMatchObject({ gatewayId: 'g1' });
    expect(outcomes(first)).toEqual({ no_answer: 1 });
  });
});

describe('a client that comes back while its session is handed over', () => {
  it('finds it where it goes', async () => {
    const { done } = await handOverBehind();
    const claimed = second.claim(token);
    stage.push(ID, 2);
    first.catchUp();
    await done;
    const session = await claimed;
    expect(session).toBe(at(second));
    expect(framesOf(session)).toEqual(upTo(2));
  });

  it('gets it at another gateway, with what the one on the way has collected', async () => {
    stage.push(ID, 2);
    const { done } = await handOverBehind();
    third = await stage.open('g3');
    stage.push(ID, 2);
    const claimed = third.claim(token);
    await barriers(2);
    stage.push(ID, 2);
    first.catchUp();
    const session = await claimed;
    await done;
    stage.push(ID, 2);
    expect(framesOf(session)).toEqual(upTo(8));
    expect([at(first), at(second)]).toEqual([undefined, undefined]);
    expect(third.hub.session(ID)).toBe(session);
    expect(outcomes(first)).toEqual({ not_taken: 1 });
  });

  it('finds it at the gateway that it came to just before', async () => {
    first.fallBehind();
    stage.push(ID);
    const claimed = second.claim(token);
    await barriers(1);
    const done = first.handOver();
    await eventually(() => stage.messages.some(({ kind }) => kind === 'took'), 'the answer');
    stage.push(ID, 2);
    first.catchUp();
    const session = await claimed;
    await done;
    expect(session).toBe(at(second));
    expect(framesOf(session)).toEqual(upTo(3));
    expect(outcomes(first)).toEqual({ not_taken: 1 });
  });

  it('keeps it where it came first', async () => {
    third = await stage.open('g3');
    first.fallBehind();
    const claimed = third.claim(token);
    await barriers(1);
    const done = first.handOver();
    await barriers(2);
    expect(stage.barriers.map(({ nonce }) => isHandover(nonce))).toEqual([false, true]);
    stage.push(ID, 2);
    first.catchUp();
    const session = await claimed;
    await done;
    stage.push(ID, 2);
    expect(framesOf(session)).toEqual(upTo(4));
    expect(session?.ended).toBe(false);
    expect([at(first), at(second)]).toEqual([undefined, undefined]);
    expect(outcomes(first)).toEqual({ not_taken: 1 });
  });
});

describe('a client that comes to two gateways', () => {
  it('gets its session at the later one, with what the earlier one has collected', async () => {
    third = await stage.open('g3');
    const session = at(first);
    if (session === undefined) throw new Error('no session');
    first.hub.join('team', session);
    first.lifecycle.park(session);
    first.fallBehind();
    stage.push(ID);
    const earlier = second.claim(token);
    await barriers(1);
    stage.push(ID, 2);
    const shadow = at(second);
    if (shadow !== undefined) second.hub.join('late', shadow);
    const later = third.claim(token);
    await barriers(2);
    stage.push(ID, 2);
    first.catchUp();
    expect(await earlier).toBeUndefined();
    const moved = await later;
    stage.push(ID);
    expect(framesOf(moved)).toEqual(upTo(6));
    expect(moved?.groups).toEqual(new Set(['team', 'late']));
    expect([...(third.hub.group('team') ?? [])]).toEqual([moved]);
    expect([second.hub.size, second.hub.groupCount, second.lifecycle.detached]).toEqual([0, 0, 0]);
  });

  it('gets it at the later one by its own rules where the earlier one fails', async () => {
    const store = new FailingStore(stage.store);
    second = await stage.open('g4', store);
    third = await stage.open('g3');
    first.fallBehind();
    const earlier = second.claim(token);
    await barriers(1);
    const later = third.claim(token);
    await barriers(2);
    store.fails = true;
    first.catchUp();
    expect(await earlier).toBeUndefined();
    expect(await later).toBe(at(third));
  });
});

describe('a barrier of its own that comes late', () => {
  it('does not take the session away', async () => {
    second.fallBehind();
    const session = await second.claim(token);
    expect(session).toBe(at(second));
    second.catchUp();
    expect(session?.ended).toBe(false);
  });
});

/** A store that one gateway does not reach any more. */
class FailingStore extends MemorySessionStore {
  readonly #real: MemorySessionStore;
  fails = false;

  constructor(real: MemorySessionStore) {
    super();
    this.#real = real;
  }

  override claim(...args: Parameters<MemorySessionStore['claim']>): ReturnType<MemorySessionStore['claim']> {
    return this.fails ? Promise.reject(new Error('away')) : this.#real.claim(...args);
  }

  override announce(...args: Parameters<MemorySessionStore['announce']>): Promise<boolean> {
    return this.#real.announce(...args);
  }

  override isAlive(id: string): Promise<boolean> {
    return this.#real.isAlive(id);
  }
}
