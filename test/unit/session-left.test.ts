import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ResumeToken } from '../../src/session/resume-token.ts';
import { eventually } from '../support/recording-sink.ts';
import { framesOf, SharingStage, type StageGateway } from '../support/sharing-stage.ts';

const ID = '42';

let stage: SharingStage;
let first: StageGateway;
let token: ResumeToken;
beforeEach(async () => {
  stage = new SharingStage();
  first = await stage.open('g1');
  token = first.begin(ID);
});
afterEach(() => {
  vi.restoreAllMocks();
  return stage.close();
});

const at = (gateway: StageGateway) => gateway.hub.session(ID);
const counts = (gateway: StageGateway, name: 'sessionHandovers' | 'sessionTakeovers') =>
  Object.fromEntries(
    [...gateway.metrics[name].entries()]
      .filter(({ value }) => value > 0)
      .map(({ labels, value }) => [labels.outcome, value]),
  );

/** In order, and is gone. */
async function close(...gateways: StageGateway[]): Promise<void> {
  await Promise.all(gateways.map((gateway) => gateway.handOver()));
  for (const gateway of gateways) {
    await gateway.close();
    stage.gateways.splice(stage.gateways.indexOf(gateway), 1);
  }
}

describe('sessions of the last gateway, which closes in order,', () => {
  it.each(['g2', 'g1'])('are at the next (%s) before their clients, and get what is pushed', async (id) => {
    stage.push(ID, 2);
    await close(first);
    expect(counts(first, 'sessionHandovers')).toEqual({ no_gateway: 1 });
    const next = await stage.open(id);
    expect(counts(next, 'sessionHandovers')).toEqual({ taken: 1 });
    stage.push(ID, 2);
    const session = at(next);
    expect(framesOf(session)).toEqual([1, 2, 3, 4]);
    expect(next.lifecycle.find(token, 0)).toBe(session);
    // Nobody else finds them there.
    expect(await stage.store.takeLeft()).toBeUndefined();
  });

  it('are there also where several close at a time', async () => {
    const second = await stage.open('g2');
    second.begin('43');
    await close(first, second);
    const next = await stage.open('g3');
    expect(next.hub.size).toBe(2);
  });

  it('are many', async () => {
    for (let id = 100; id < 350; id++) first.begin(String(id));
    await close(first);
    const next = await stage.open('g2');
    expect([next.hub.size, next.lifecycle.detached]).toEqual([251, 251]);
  });

  it('wait no longer than they would have', async () => {
    const leftMs = (at(first)?.deadlineMs ?? 0) - performance.now();
    await close(first);
    const nowMs = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(nowMs + 20_000);
    const next = await stage.open('g2');
    expect((at(next)?.deadlineMs ?? 0) - performance.now()).toBeLessThan(leftMs - 19_990);
  });

  it('are not left where a gateway is there that does not answer', async () => {
    const second = await stage.open('g2');
    second.die();
    await first.handOver();
    expect(counts(first, 'sessionHandovers')).toEqual({ no_answer: 1 });
    expect(await stage.store.takeLeft()).toBeUndefined();
    await close(first);
    const next = await stage.open('g3');
    expect(await next.claim(token)).toBeUndefined();
    expect(counts(next, 'sessionTakeovers')).toEqual({ no_history: 1 });
  });

  it('are not there where what was left cannot be read', async () => {
    await stage.store.leave(['{}', '"x"', '['], 1000);
    const next = await stage.open('g2');
    expect(counts(next, 'sessionHandovers')).toEqual({});
  });
});

describe('a session whose gateway did not let go of it', () => {
  it('is over where that is killed: who knows what it had heard', async () => {
    const second = await stage.open('g2');
    stage.push(ID);
    await eventually(() => at(first)?.queue.log.released === 1, 'the frame in the store');
    first.die();
    await stage.store.announce('g1', 0);
    stage.push(ID);
    expect(await second.claim(token)).toBeUndefined();
    expect(counts(second, 'sessionTakeovers')).toEqual({ no_history: 1 });
    expect(await stage.store.get(ID)).toBeUndefined();
    expect([second.hub.size, second.lifecycle.detached]).toEqual([0, 0]);
  });

  it('is over where that stalls, and there too once it goes on', async () => {
    const second = await stage.open('g2');
    first.fallBehind();
    stage.push(ID);
    expect(await second.claim(token)).toBeUndefined();
    await eventually(() => at(first) === undefined, 'the session to end at the first gateway');
    first.catchUp();
    expect(await stage.store.get(ID)).toBeUndefined();
  });
});
