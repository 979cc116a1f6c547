import { describe, expect, it } from 'vitest';
import { LANE } from '../../src/queue/lane.ts';
import { Games, isGame } from '../../src/router/games.ts';
import { frameFromJson } from '../../src/router/json-frame.ts';
import { DESTINATION, RouteTable } from '../../src/router/route-table.ts';
import { setUpDispatcher } from '../support/dispatcher.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('RouteTable', () => {
  const table = new RouteTable([
    { from: 1000, to: 1999, service: 'logic', lane: 'low' },
    { from: 3000, to: 3000, service: 'fight', lane: 'high' },
    { from: 9000, to: 9999, service: 'gateway', lane: 'critical' },
    { from: 65_535, to: 65_535, service: 'last', lane: 'normal' },
  ]);

  it.each([
    [0, DESTINATION.business],
    [1, DESTINATION.none],
    [999, DESTINATION.none],
    [1000, DESTINATION.business],
    [1999, DESTINATION.business],
    [2000, DESTINATION.none],
    [2999, DESTINATION.none],
    [3000, DESTINATION.business],
    [3001, DESTINATION.none],
    [9000, DESTINATION.gateway],
    [9999, DESTINATION.gateway],
    [10_000, DESTINATION.none],
    [65_534, DESTINATION.none],
    [65_535, DESTINATION.business],
  ])('msgId %d goes to %d', (msgId, destination) => {
    expect(table.destination(msgId)).toBe(destination);
  });

  it('knows the lane of each frame, and system frames are critical', () => {
    expect([0, 1000, 2500, 3000, 9500].map((msgId) => table.lane(2, msgId))).toEqual([
      LANE.normal,
      LANE.low,
      LANE.normal,
      LANE.high,
      LANE.critical,
    ]);
    expect(table.lane(3, 1000)).toBe(LANE.critical);
  });
});

describe('Games', () => {
  const gamesOf = (...rows: { id: string; backend?: 'demo' }[]): Games =>
    new Games(rows, setUpDispatcher().dispatcher);
  const find = (games: Games, id: string): string | undefined => {
    const bytes = utf8(`..${id}..`);
    return games.find(bytes, 2, bytes.length - 2)?.id;
  };

  it('finds the configured ones only', () => {
    const games = gamesOf({ id: 'mmo' }, { id: 'demo' });
    expect(['mmo', 'demo', 'mm', 'mmoo', '', 'x'.repeat(65)].map((id) => find(games, id))).toEqual([
      'mmo',
      'demo',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('takes any well-formed id where none is configured, up to 1000 of them', () => {
    const games = gamesOf();
    expect(games.fallback).toBeUndefined();
    expect(['a b', 'ä', 'x'.repeat(65), '', 'a/b', '{game_id}', 'a\n'].map((id) => find(games, id))).toEqual(
      new Array(7).fill(undefined),
    );
    for (let index = 0; index < 1000; index++) expect(find(games, `g${index}`)).toBe(`g${index}`);
    expect(find(games, 'one-more')).toBeUndefined();
    expect(find(games, 'g7')).toBe('g7');
  });

  it('forgets what is not used any more for a new one, and nothing that is', () => {
    let nowMs = 1_000_000;
    const { bridge, dispatcher, offerTo } = setUpDispatcher();
    const games = new Games([], dispatcher, () => nowMs);
    const all = Array.from({ length: 1000 }, (_, index) => games.named(`g${index}`));
    expect(find(games, 'too-soon')).toBeUndefined();
    nowMs += 600_000;
    // The first 16 were looked at just now.
    const [pending, inUse, unused] = all.slice(16);
    if (pending === undefined || inUse === undefined || unused === undefined) throw new Error('no game');
    offerTo(pending.target, 1);
    inUse.usedAtMs = nowMs;
    expect(find(games, 'new')).toBe('new');
    expect([pending.live, inUse.live, unused.live]).toEqual([true, true, false]);
    expect([games.named('g16'), games.named('g17')]).toEqual([pending, inUse]);
    const again = games.named('g18');
    expect(again?.live).toBe(true);
    expect(again).not.toBe(unused);
    expect(bridge.calls).toEqual([]);
  });

  it('looks at a few games only for one to forget, and at others the next time', () => {
    let nowMs = 1_000_000;
    const games = new Games([], setUpDispatcher().dispatcher, () => nowMs);
    const all = Array.from({ length: 1000 }, (_, index) => games.named(`g${index}`));
    nowMs += 600_000;
    for (const game of all.slice(0, 20)) if (game !== undefined) game.usedAtMs = nowMs;
    expect(['a', 'b'].map((id) => find(games, id))).toEqual([undefined, 'b']);
  });

  it('forgets no configured game', () => {
    const games = gamesOf({ id: 'mmo' });
    for (let index = 0; index < 2000; index++) find(games, `g${index}`);
    expect(games.fallback?.live).toBe(true);
    expect(games.named('mmo')).toBe(games.fallback);
  });

  it('falls back to the only one, else to the one with the demo backend', () => {
    expect(gamesOf({ id: 'a' }).fallback?.id).toBe('a');
    expect(gamesOf({ id: 'a' }, { id: 'd', backend: 'demo' }).fallback?.id).toBe('d');
    expect(gamesOf({ id: 'a' }, { id: 'b' }).fallback).toBeUndefined();
  });

  it('compares a game with bytes, all of them', () => {
    const game = gamesOf({ id: 'demo' }).fallback;
    if (game === undefined) throw new Error('no game');
    const bytes = utf8('xdemox');
    expect(isGame(game, bytes, 1, 5)).toBe(true);
    expect([isGame(game, bytes, 1, 4), isGame(game, bytes, 0, 4), isGame(game, bytes, 1, 6)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('frameFromJson', () => {
  it('makes a frame of numbers or a route name, with a payload in base64', () => {
    expect(frameFromJson('{"seq":258,"route":"chat","msgId":772,"flags":8,"payload":"AQI="}')).toEqual(
      new Uint8Array([0, 0, 1, 2, 1, 8, 3, 4, 1, 2]),
    );
    expect(frameFromJson('{"route":200}')).toEqual(new Uint8Array([0, 0, 0, 0, 200, 0, 0, 0]));
  });

  it.each([
    '',
    '1',
    'null',
    '"x"',
    '[]',
    '{}',
    '{"route":"x"}',
    '{"route":256}',
    '{"route":1,"seq":4294967296}',
    '{"route":1,"flags":"a"}',
  ])('says that %s is none', (text) => {
    expect(frameFromJson(text)).toBeUndefined();
  });
});
