import { describe, expect, it } from 'vitest';
import { type Downstream, encodeDownstreamBatch } from '../../src/protocol/envelopes.ts';
import { readSeq } from '../../src/protocol/header.ts';
import { SEGMENT_BYTES } from '../../src/session/history/history-segment.ts';
import { decodePosition, encodePosition } from '../../src/session/history/log-position.ts';
import { PushHistory } from '../../src/session/history/push-history.ts';

const TARGET = { sessionId: '42', user: undefined, groups: [] };

function setUp(bytesMax = 16 * SEGMENT_BYTES) {
  const clock = { sec: 0 };
  const history = new PushHistory({ bytesMax, ageMaxSec: 60, nowSec: () => clock.sec });
  /** As the downstream handler does, items counted by their number. */
  const hear = (items: readonly Downstream[]): void => {
    history.start(encodeDownstreamBatch(items));
    for (const item of items) {
      history.item();
      if ('disconnect' in item && item.disconnect.code === 4003) history.mark(item.disconnect.reason ?? '');
    }
    history.end();
  };
  const mark = (name: string): void => hear([{ disconnect: { code: 4003, reason: name } }]);
  return { clock, history, hear, mark };
}

function push(seq: number, target: object = { targetSessionIds: ['42'] }, bytes = 4): Downstream {
  return { message: { ...target, route: 2, msgId: 1, seq, payload: new Uint8Array(bytes) } };
}

const seqsAfter = (history: PushHistory, item: number, first: number[] = [], target: object = {}): number[] =>
  history
    .replay({ first, after: item, until: history.items }, { ...TARGET, ...target })
    .frames.map((frame) => readSeq(frame));

describe('PushHistory', () => {
  it('names a place by the last mark and the items behind it, as another one with other counts does', () => {
    const [one, other] = [setUp(), setUp()];
    one.hear([push(1), push(2), push(3)]);
    for (const { mark, hear } of [one, other]) {
      mark('m1');
      hear([push(4), push(5)]);
    }
    const position = one.history.positionOf(one.history.items - 1);
    expect(position).toEqual({ mark: 'm1', items: 1 });
    expect(position && other.history.locate(position)).toBe(2);
    expect(seqsAfter(other.history, 2)).toEqual([5]);
    expect(one.history.positionOf(2)).toBeUndefined();
    expect(other.history.locate({ mark: 'm2', items: 0 })).toBeUndefined();
    expect(other.history.locate({ mark: 'm1', items: 3 })).toBeUndefined();
  });

  it('tells the place of the item in hand, and of what comes between items', () => {
    const { history, hear } = setUp();
    expect(history.place).toBe(1);
    history.start(encodeDownstreamBatch([push(1)]));
    history.item();
    expect(history.place).toBe(2);
    history.end();
    expect(history.place).toBe(3);
    hear([push(2), push(3)]);
    expect([history.items, history.place]).toEqual([3, 7]);
  });

  it('copies what it hears', () => {
    const { history } = setUp();
    const message = encodeDownstreamBatch([push(7)]);
    history.start(message);
    message.fill(0xee);
    history.item();
    history.end();
    expect(seqsAfter(history, 0)).toEqual([7]);
  });

  it('takes memory up to its bound and forgets the oldest then, with the marks in it', () => {
    const { history, mark, hear } = setUp(3 * SEGMENT_BYTES);
    mark('first');
    for (let seq = 1; seq <= 5; seq++) {
      expect(history.bytes).toBeLessThanOrEqual(3 * SEGMENT_BYTES);
      hear([push(seq, { targetSessionIds: ['42'] }, SEGMENT_BYTES - 100)]);
      if (seq === 2)
        expect([history.forgetful, history.locate({ mark: 'first', items: 0 })]).toEqual([false, 1]);
    }
    expect([history.bytes, history.forgetful]).toEqual([3 * SEGMENT_BYTES, true]);
    expect(history.locate({ mark: 'first', items: 0 })).toBeUndefined();
    expect(seqsAfter(history, history.begin)).toEqual([3, 4, 5]);
  });

  it('names places by a mark that is forgotten otherwise, where there is none since', () => {
    const { history, mark, hear } = setUp(2 * SEGMENT_BYTES);
    mark('only');
    for (let seq = 1; seq <= 5; seq++) hear([push(seq, { targetSessionIds: ['42'] }, SEGMENT_BYTES - 100)]);
    expect(history.locate({ mark: 'only', items: 2 })).toBeUndefined();
    expect(history.positionOf(5)).toEqual({ mark: 'only', items: 4 });
    expect(seqsAfter(history, history.locate({ mark: 'only', items: 4 }) ?? 0)).toEqual([5]);
  });

  it('keeps a message as large as its bound, and nothing where one is larger', () => {
    const { history, mark, hear } = setUp(2 * SEGMENT_BYTES);
    const ofSize = (bytes: number): Downstream => {
      const overhead = encodeDownstreamBatch([push(1, { everyone: true }, 100_000)]).length - 100_000;
      return push(1, { everyone: true }, bytes - overhead);
    };
    hear([ofSize(2 * SEGMENT_BYTES)]);
    expect(seqsAfter(history, history.begin)).toEqual([1]);
    mark('m');
    hear([ofSize(2 * SEGMENT_BYTES + 1)]);
    expect([history.bytes, history.locate({ mark: 'm', items: 0 })]).toEqual([0, undefined]);
    hear([push(9)]);
    expect(seqsAfter(history, history.begin)).toEqual([9]);
  });

  it('uses memory again, and knows nothing of what was there before', async () => {
    const { history, hear } = setUp(2 * SEGMENT_BYTES);
    const lastSeqs = (): number[] => seqsAfter(history, history.begin);
    for (let seq = 1; seq <= 50; seq++) {
      hear([push(seq, { targetSessionIds: ['42'] }, seq % 5 === 0 ? 40_000 : 10_000)]);
      // Indices are made, and have to go with what they are of.
      const seqs = lastSeqs();
      expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => seq - seqs.length + 1 + index));
    }
    const [before, prepared] = [history.begin, history.prepare(history.begin)];
    for (let seq = 51; seq <= 70; seq++) hear([push(seq, { targetSessionIds: ['42'] }, 10_000)]);
    await prepared;
    expect(history.begin).toBeGreaterThan(before);
    expect(lastSeqs().at(-1)).toBe(70);
    expect(lastSeqs()).toHaveLength(history.items - history.begin);
  });

  it('forgets what is older than its bound', () => {
    const { clock, history, mark, hear } = setUp();
    mark('m');
    hear([push(1)]);
    clock.sec = 60;
    hear([push(2)]);
    expect(history.locate({ mark: 'm', items: 0 })).toBe(1);
    clock.sec = 61;
    hear([push(3)]);
    expect(history.locate({ mark: 'm', items: 0 })).toBeUndefined();
    expect(seqsAfter(history, history.begin)).toEqual([2, 3]);
  });

  it('knows no place from before it missed something', () => {
    const { history, mark, hear } = setUp();
    mark('m');
    hear([push(1)]);
    const before = history.items;
    history.drop();
    expect([history.forgetful, history.positionOf(history.items)]).toEqual([true, undefined]);
    expect(history.locate({ mark: 'm', items: 1 })).toBeUndefined();
    expect(history.begin).toBeGreaterThan(before);
    mark('n');
    expect(history.positionOf(history.items)).toEqual({ mark: 'n', items: 0 });
  });

  it('drops what it has where a reader has thrown and lost count', () => {
    const { history, mark, hear } = setUp();
    mark('m');
    history.start(encodeDownstreamBatch([push(1), push(2)]));
    history.item();
    hear([push(3)]);
    expect(history.locate({ mark: 'm', items: 0 })).toBeUndefined();
    expect(seqsAfter(history, history.begin)).toEqual([3]);
  });

  it('hears what was before it, without having been there', () => {
    const { history, hear } = setUp();
    history.past(encodeDownstreamBatch([{ disconnect: { code: 4003, reason: 'm' } }, push(1)]));
    expect([history.forgetful, history.locate({ mark: 'm', items: 0 })]).toEqual([true, 1]);
    expect(seqsAfter(history, 1)).toEqual([1]);
    expect(history.behind).toBe(true);
    hear([push(2)]);
    expect(history.behind).toBe(false);
  });
});

describe('a replay', () => {
  it('holds the reliable pushes for the session: by its id, user, group and for all, each once', () => {
    const { history, hear } = setUp();
    hear([
      push(1),
      push(2, { targetSessionIds: ['43'] }),
      push(3, { targetUserIds: ['7', '8'], targetSessionIds: ['42'] }),
      push(4, { group: 'a' }),
      push(5, { group: 'b' }),
      push(6, { everyone: true }),
      push(7, { everyone: true, excludeSessionIds: ['42'] }),
      { message: { targetSessionIds: ['42'], route: 2, msgId: 1, latest: true, payload: new Uint8Array(1) } },
      { message: { targetSessionIds: ['42'], route: 3, msgId: 11, payload: new Uint8Array(1) } },
      { message: { targetSessionIds: ['42'], route: 9, msgId: 1, payload: new Uint8Array(1) } },
      push(8, { targetUserIds: ['8'] }),
    ]);
    expect(seqsAfter(history, 0, [], { user: 7, groups: ['a'] })).toEqual([1, 3, 4, 6]);
    expect(seqsAfter(history, 3, [2], { user: 7, groups: ['a'] })).toEqual([2, 4, 6]);
  });

  it('follows the groups', () => {
    const { history, hear } = setUp();
    hear([
      push(1, { group: 'a' }),
      { group: { group: 'a', addSessionIds: ['42'] } },
      push(2, { group: 'a' }),
      { group: { group: 'b', addUserIds: ['7'] } },
    ]);
    hear([
      push(3, { group: 'b' }),
      { group: { group: 'a', removeUserIds: ['7'] } },
      push(4, { group: 'a' }),
      { group: { group: 'b', dissolve: true } },
      push(5, { group: 'b' }),
    ]);
    const replay = history.replay(
      { first: [], after: 0, until: history.items },
      { sessionId: '42', user: 7, groups: [] },
    );
    expect(replay.frames.map((frame) => readSeq(frame))).toEqual([2, 3]);
    expect([...replay.groups]).toEqual([]);
    expect([
      ...history.replay(
        { first: [], after: 4, until: history.items },
        { sessionId: '42', user: 7, groups: ['a'] },
      ).groups,
    ]).toEqual([]);
  });

  it.each([
    [0, true],
    [4205, true],
    [4102, false],
    [1000, false],
  ])('ends where a backend disconnects with code %i: %s', (code, ends) => {
    const { history, hear } = setUp();
    hear([
      push(1),
      { disconnect: { sessionIds: ['43'] } },
      { disconnect: { userIds: ['7'], code } },
      push(2),
    ]);
    expect(history.replay({ first: [], after: 0, until: history.items }, { ...TARGET, user: 7 }).ended).toBe(
      ends,
    );
    expect(history.replay({ first: [], after: 0, until: history.items }, TARGET).ended).toBe(false);
  });

  it('ends a message where it is malformed, as its delivery did', () => {
    const { history } = setUp();
    const whole = encodeDownstreamBatch([push(1), push(2)]);
    history.start(whole.subarray(0, whole.length - 1));
    history.item();
    history.end();
    history.start(encodeDownstreamBatch([push(3)]));
    history.item();
    history.end();
    expect(seqsAfter(history, 0)).toEqual([1, 3]);
    expect(seqsAfter(history, 1)).toEqual([3]);
  });

  it('is the same over many segments, indexed ahead or not', async () => {
    const { history, hear } = setUp();
    const due: number[] = [];
    for (let seq = 1; seq <= 3000; seq++) {
      const mine = seq % 7 === 0;
      hear([push(seq, { targetSessionIds: [mine ? '42' : '43'] }, 100)]);
      if (mine && seq > 1000) due.push(seq);
    }
    expect(history.bytes).toBeGreaterThan(3 * SEGMENT_BYTES);
    expect(seqsAfter(history, 1000)).toEqual(due);
    await history.prepare(0);
    hear([push(3001)]);
    expect(seqsAfter(history, 1000)).toEqual([...due, 3001]);
  });
});

describe('a log position', () => {
  const position = { run: 'g1:r', item: 9, at: { mark: 'a name, any', items: 3 }, waiting: [0, 4] };

  it.each([
    position,
    { ...position, at: undefined, waiting: [] },
    { ...position, at: { mark: 'line\nbreak', items: 0 } },
  ])('comes back as it was written: %j', (written) => {
    expect(decodePosition(encodePosition(written))).toEqual(written);
  });

  it.each(['', 'g1', 'g1 x 1  m'])('is not %j', (text) => expect(decodePosition(text)).toBeUndefined());
});
