import { beforeEach, describe, expect, it } from 'vitest';
import { Family } from '../../src/observe/counters.ts';
import { type Downstream, encodeDownstreamBatch } from '../../src/protocol/envelopes.ts';
import { readSeq } from '../../src/protocol/header.ts';
import { SessionRecovery, type Taken } from '../../src/session/claims/session-recovery.ts';
import { encodePosition } from '../../src/session/history/log-position.ts';
import { PushHistory } from '../../src/session/history/push-history.ts';
import { MemorySessionStore } from '../../src/session/store/memory-session-store.ts';

const ITEM = 7;
const MARK: Downstream = { disconnect: { code: 4003, reason: 'm' } };

let takeovers: Family;
let history: PushHistory;
let recovery: SessionRecovery;
beforeEach(() => {
  takeovers = new Family('counter', 'takeovers', 'help', ['outcome']);
  history = new PushHistory({ bytesMax: 1_000_000, ageMaxSec: 60, nowSec: () => 0 });
  recovery = new SessionRecovery({ gatewayId: 'g2', store: new MemorySessionStore(), history, takeovers });
});

function taken(position: string, released: boolean): Taken {
  const details = {
    ...{ userId: '7', device: '', gameId: '', groups: [], permissions: [] },
    ...{ expiresAtMs: 0, startedAtMs: 1, attributes: {}, verified: false },
  };
  const session = {
    ...({ id: '42', gatewayId: 'g2', epoch: 2, state: 'detached', details, next: 0, taken: 0 } as const),
    ...{ secretHash: new Uint8Array(0), earlierHash: new Uint8Array(32) },
  };
  return { outcome: 'taken', from: 'g1', session, log: [], position, released };
}

/** Behind the mark. */
const AT_MARK = encodePosition({ run: 'g1:x', item: ITEM, at: { mark: 'm', items: 0 }, waiting: [] });

const push = (seq: number): Downstream => ({
  message: { targetSessionIds: ['42'], route: 2, msgId: 1, seq, payload: new Uint8Array(1) },
});

/** As a gateway that reads its stream from before it was there. */
function hearPast(...items: Downstream[]): void {
  history.past(encodeDownstreamBatch(items));
}

function hear(item: Downstream): void {
  history.start(encodeDownstreamBatch([item]));
  history.item();
  history.end();
}

const outcomes = (): unknown[] =>
  [...takeovers.entries()].map(({ labels, value }) => [labels.outcome, value]);
const seqsOf = (rest: Awaited<ReturnType<SessionRecovery['find']>>): number[] | undefined =>
  rest?.frames.map((frame) => readSeq(frame));
const toNow = (): undefined => undefined;

describe('a session that was taken by force', () => {
  it('is over where its gateway kept no account of pushes', async () => {
    expect(await recovery.find(taken('', false), undefined, toNow)).toBeUndefined();
    expect(outcomes()).toEqual([['history', 1]]);
  });

  it('is over where this gateway is not yet through with what came before it listened', async () => {
    hearPast(MARK, push(1));
    expect(await recovery.find(taken(AT_MARK, false), undefined, toNow)).toBeUndefined();
    hear(push(2));
    expect(seqsOf(await recovery.find(taken(AT_MARK, false), undefined, toNow))).toEqual([1, 2]);
    expect(outcomes()).toEqual([['history', 1]]);
  });
});

describe('a session that was left by the last gateway', () => {
  it('gets what came since, where that is known', async () => {
    hearPast(MARK, push(1));
    hear(push(2));
    const rest = await recovery.findLeft(taken(AT_MARK, true), toNow);
    expect([seqsOf(rest), rest?.complete]).toEqual([[1, 2], true]);
  });

  it('lacks nothing, where nobody heard what came since', async () => {
    hear(push(1));
    const rest = await recovery.findLeft(taken(AT_MARK, true), toNow);
    expect([seqsOf(rest), rest?.complete]).toEqual([[], false]);
    expect(outcomes()).toEqual([]);
  });

  it('is over where there is more of that than is remembered', async () => {
    hearPast(push(1));
    hear(push(2));
    expect(await recovery.findLeft(taken(AT_MARK, true), toNow)).toBeUndefined();
    expect(outcomes()).toEqual([['history', 1]]);
  });
});
