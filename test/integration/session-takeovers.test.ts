import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  comeBack,
  join,
  type MortalGateway,
  MortalGateways,
  startMarked,
  takeoversOf,
} from '../support/mortal-gateways.ts';
import { Random } from '../support/random.ts';
import { eventually } from '../support/recording-sink.ts';
import type { Settings } from '../support/test-gateway.ts';

let world: MortalGateways;
beforeEach(() => {
  world = new MortalGateways(new Random(1));
});
afterEach(() => world.close());

const start = (id: string, settings: Settings = {}): Promise<MortalGateway> =>
  startMarked(world, id, settings);

function push(id: string, seq: number, bytes = 4): void {
  const payload = new Uint8Array(bytes);
  world.push([{ message: { targetSessionIds: [id], route: 2, msgId: 1, seq, payload } }]);
}

const SMALL: Settings = { 'session.history_bytes_max': '131072' };

/** More than a small history holds, a bit at a time, so that gateways say meanwhile how far they are. */
async function pushMuch(history: MortalGateway['history']): Promise<void> {
  for (let count = 0; count < 30; count++) {
    const goal = history.items + 1;
    push('0', 0, 10_000);
    await eventually(() => history.items >= goal, 'the push');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

describe('a session whose gateway died', () => {
  it('gets what came for it since, and its frames that the dead gateway had not written', async () => {
    const [first, second] = [await start('g1'), await start('g2')];
    const { client, id } = await join(first);
    push(id, 1);
    await eventually(() => client.received.length === 1, 'the frame');
    push(id, 2);
    await first.kill();
    push(id, 3);
    expect(await comeBack(client, second)).toBe(true);
    expect(client.seqs).toEqual([1, 2, 3]);
    expect(takeoversOf(second)).toEqual({ recovered: 1 });
  });

  it('that nothing had come to for longer than is remembered goes on from where its gateway was', async () => {
    const [first, second] = [await start('g1', SMALL), await start('g2', SMALL)];
    const { client, id } = await join(first);
    await pushMuch(second.history);
    expect(second.history.begin).toBeGreaterThan(5);
    await first.kill();
    push(id, 1);
    expect(await comeBack(client, second)).toBe(true);
    expect(client.seqs).toEqual([1]);
  });

  it('is over where more has come since than is remembered, and says so', async () => {
    const [first, second] = [await start('g1', SMALL), await start('g2', SMALL)];
    const { client, id } = await join(first);
    await first.kill();
    push(id, 1);
    await pushMuch(second.history);
    expect(await comeBack(client, second)).toBe(false);
    expect(takeoversOf(second)).toEqual({ history: 1 });
    expect(await world.store.get(id)).toBeUndefined();
  });

  it('is over where the other gateway may have missed something', async () => {
    const [first, second] = [await start('g1'), await start('g2')];
    const { client } = await join(first);
    await first.kill();
    second.gateway.onMissed();
    expect(await comeBack(client, second)).toBe(false);
    expect(takeoversOf(second)).toEqual({ history: 1 });
  });

  it('is over where another gateway has heard what this one was not there to hear', async () => {
    const first = await start('g1');
    await start('g2');
    const { client, id } = await join(first);
    await first.kill();
    push(id, 1);
    const late = await start('g3');
    expect(await comeBack(client, late)).toBe(false);
    expect(takeoversOf(late)).toEqual({ history: 1 });
  });

  it.each(['g2', 'g1'])('goes on where the only gateway is started again, as %s', async (name) => {
    const first = await start('g1');
    const { client, id } = await join(first);
    push(id, 1);
    await eventually(() => client.received.length === 1, 'the frame');
    await first.kill();
    const again = await start(name);
    push(id, 2);
    await eventually(() => again.history.items >= 2, 'the push');
    expect(await comeBack(client, again)).toBe(true);
    expect(client.seqs).toEqual([1, 2]);
  });

  it('is over where a backend has ended it since', async () => {
    const [first, second] = [await start('g1'), await start('g2')];
    const { client, id } = await join(first);
    await first.kill();
    world.push([{ disconnect: { sessionIds: [id] } }]);
    push(id, 1);
    expect(await comeBack(client, second)).toBe(false);
    expect(takeoversOf(second)).toEqual({ ended: 1 });
    expect(await world.store.get(id)).toBeUndefined();
  });

  it('is over where more frames have come for it than are kept', async () => {
    const limits = { 'session.resume_frames_max': '10' };
    const [first, second] = [await start('g1', limits), await start('g2', limits)];
    const [some, many] = [await join(first), await join(first)];
    await first.kill();
    for (let seq = 1; seq <= 10; seq++) push(some.id, seq);
    for (let seq = 1; seq <= 11; seq++) push(many.id, seq);
    expect([await comeBack(some.client, second), await comeBack(many.client, second)]).toEqual([true, false]);
    expect(takeoversOf(second)).toEqual({ recovered: 1, incomplete: 1 });
  });
});

describe('a log that the store did not take a part of', () => {
  it('has no hole once the store takes it again', async () => {
    const [first, second] = [await start('g1'), await start('g2')];
    const { client, id } = await join(first);
    push(id, 1);
    await eventually(() => client.received.length === 1, 'the first frame');
    client.wire?.pause();
    first.refuse(true);
    push(id, 2);
    await eventually(() => first.metrics.sessionStoreErrors.total() > 0, 'the refusal');
    first.refuse(false);
    const [saves, appends] = [vi.spyOn(world.store, 'save'), vi.spyOn(world.store, 'append')];
    push(id, 3);
    const isStored = (): boolean =>
      saves.mock.calls.some(([{ next }]) => next === 3) ||
      appends.mock.calls.some(([, { next }]) => next === 3);
    await eventually(isStored, 'the third frame in the store');
    await first.kill();
    expect(await comeBack(client, second)).toBe(true);
    expect(client.seqs).toEqual([1, 2, 3]);
  });
});
