import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DISCONNECT } from '../../src/protocol/disconnect.ts';
import { claimNonce } from '../../src/session/claims/claim-proof.ts';
import { decodePosition } from '../../src/session/history/log-position.ts';
import { parseResumeToken } from '../../src/session/resume-token.ts';
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
import type { OpenWire, ResumingClient } from '../support/resuming-client.ts';
import { until } from '../support/until.ts';

let world: MortalGateways;
beforeEach(() => {
  world = new MortalGateways(new Random(1));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await world.close();
});

/** Its sessions are written when they lose their clients only. */
const start = (id: string): Promise<MortalGateway> => startMarked(world, id, { 'session.durable': 'false' });

function push(id: string, seq: number, channel?: string): void {
  const payload = new Uint8Array(100);
  world.push([{ message: { targetSessionIds: [id], route: 2, msgId: 1, seq, payload } }], channel);
}

const stored = (id: string, state: string): Promise<void> =>
  until(
    async () => (await world.store.get(id))?.state === state,
    () => `the session to be ${state} in the store`,
  );

/** The link is gone, and the session is written. */
async function detach(client: ResumingClient, id: string): Promise<void> {
  client.vanish();
  await stored(id, 'detached');
}

/**
 * The store refuses whole sessions of a gateway, as if it were away for the moment, or does not answer, and takes the
 * rest.
 */
function refuseSaves(of: string, refuses = true) {
  const save = world.store.save.bind(world.store);
  const fails = (): Promise<boolean> => (refuses ? Promise.reject(new Error('away')) : new Promise(() => {}));
  return vi
    .spyOn(world.store, 'save')
    .mockImplementation((session, write) => (session.gatewayId === of ? fails() : save(session, write)));
}

/** Whole sessions of a gateway come to the store once they are released. */
function holdSaves(of: string) {
  const save = world.store.save.bind(world.store);
  const held: (() => void)[] = [];
  let isHolding = true;
  vi.spyOn(world.store, 'save').mockImplementation((session, write) => {
    if (!isHolding || session.gatewayId !== of) return save(session, write);
    return new Promise((resolve, reject) => {
      held.push(() => void save(session, write).then(resolve, reject));
    });
  });
  return {
    get count(): number {
      return held.length;
    },
    release: (): void => {
      isHolding = false;
      for (const write of held) write();
    },
  };
}

/** The gateway has come to all that was pushed, and says so in the store some times, where it does at all. */
async function sayPosition({ id, history }: MortalGateway): Promise<void> {
  const { items } = history;
  const own = vi.spyOn(world.store, 'savePosition');
  const announced = vi.spyOn(world.store, 'announce');
  const isSaid = (): boolean =>
    own.mock.calls.some(([run, position]) => {
      return run.startsWith(`${id}:`) && (decodePosition(position)?.item ?? 0) >= items;
    });
  const signs = (): number => announced.mock.calls.filter(([gateway]) => gateway === id).length;
  await eventually(() => isSaid() || signs() > 20, 'signs of life');
  own.mockRestore();
  announced.mockRestore();
}

/** A link that stays where the client has given it up. */
function staying(open: OpenWire): OpenWire {
  return async (handlers) => {
    const wire = await open(handlers);
    return {
      send: (frame) => wire.send(frame),
      vanish: () => {},
      close: () => wire.close(),
      pause: () => wire.pause(),
      resume: () => wire.resume(),
    };
  };
}

/** A gateway asks for the session, and is not heard of again. */
function askAndDie(client: ResumingClient, id: string): void {
  const token = parseResumeToken(client.welcomes.at(-1)?.resumeToken ?? '');
  if (token === undefined) throw new Error('no token');
  const reason = claimNonce('nobody:1', token.secretHash);
  world.push([{ disconnect: { sessionIds: [id], code: DISCONNECT.resumed.code, reason } }]);
}

describe('a session that waits for its client, and is not written through', () => {
  it('gets what came before, while and after its gateway died', async () => {
    const [first, second] = [await start('g1'), await start('g2')];
    const { client, id } = await join(first);
    push(id, 1);
    await eventually(() => client.received.length === 1, 'the frame');
    client.wire?.pause();
    push(id, 2);
    await detach(client, id);
    push(id, 3);
    await first.kill();
    push(id, 4);
    expect(await comeBack(client, second)).toBe(true);
    expect(client.seqs).toEqual([1, 2, 3, 4]);
    expect(takeoversOf(second)).toEqual({ recovered: 1 });
  });

  it('is written in one go, with what waited to be sent', async () => {
    const [first, second] = [await start('g1'), await start('g2')];
    const { client, id } = await join(first);
    const queue = first.gateway.hub.session(id)?.queue;
    if (queue === undefined) throw new Error('no session');
    client.wire?.pause();
    // Nobody else hears a push that is addressed to the gateway. The first ones fill the link.
    const seqsDue = Array.from({ length: 20 }, (_, index) => index + 1);
    for (const seq of seqsDue.slice(0, 10)) push(id, seq, 'gateway:g1');
    await eventually(() => queue.log.next === 10, 'frames on the link');
    for (const seq of seqsDue.slice(10)) push(id, seq, 'gateway:g1');
    await eventually(() => queue.pendingFrames === 10, 'frames that wait');
    vi.spyOn(world.store, 'append').mockRejectedValue(new Error('away'));
    await detach(client, id);
    await first.kill();
    expect(await comeBack(client, second)).toBe(true);
    expect(client.seqs).toEqual(seqsDue);
  });

  it('is over where its gateway died with the client there', async () => {
    const [first, second] = [await start('g1'), await start('g2')];
    const { client, id } = await join(first);
    await stored(id, 'attached');
    await first.kill();
    client.vanish();
    expect(await comeBack(client, second)).toBe(false);
    expect(takeoversOf(second)).toEqual({ attached: 1 });
  });

  it('is over where its gateway died with the client back, and what that gave it unwritten', async () => {
    const [first, second] = [await start('g1'), await start('g2')];
    const { client, id } = await join(first);
    await detach(client, id);
    await comeBack(client, first);
    await stored(id, 'attached');
    await first.kill();
    client.vanish();
    expect(await comeBack(client, second)).toBe(false);
    expect(takeoversOf(second)).toEqual({ attached: 1 });
  });

  it('is over where its groups changed while its client came back, which the gateway has died with', async () => {
    const [first, second] = [await start('g1'), await start('g2')];
    const { client, id } = await join(first);
    await detach(client, id);
    const held = holdSaves('g1');
    // The gateway believes the client to be there, which has not got the Welcome.
    client.loseWelcome = true;
    const connected = client.connect(staying(first.wire));
    await eventually(() => held.count === 1, 'the client');
    world.push([{ group: { group: 'a', addSessionIds: [id] } }]);
    await eventually(() => held.count === 2, 'the change of groups');
    held.release();
    await connected;
    push(id, 1);
    await eventually(() => first.gateway.hub.session(id)?.queue.log.next === 1, 'the push');
    await sayPosition(first);
    await first.kill();
    expect(await comeBack(client, second)).toBe(false);
    expect(takeoversOf(second)).toEqual({ attached: 1 });
  });

  it('can be taken again from a gateway that died before its client was back', async () => {
    const [first, second, third] = [await start('g1'), await start('g2'), await start('g3')];
    const { client, id } = await join(first);
    push(id, 1);
    await detach(client, id);
    await first.kill();
    push(id, 2);
    refuseSaves('g2');
    // It has the session, and cannot say that its client is there; the client has not heard of it either.
    client.loseWelcome = true;
    await client.connect(second.wire);
    await second.kill();
    push(id, 3);
    expect(await comeBack(client, third)).toBe(true);
    expect(client.seqs).toEqual([1, 2, 3]);
  });
});

describe('the position of a gateway', () => {
  it('stays behind while the store does not know that a client is back', async () => {
    const [first, second] = [await start('g1'), await start('g2')];
    const { client, id } = await join(first);
    await detach(client, id);
    const save = refuseSaves('g1');
    // The gateway believes the client to be there, which has not got the Welcome.
    client.loseWelcome = true;
    await client.connect(staying(first.wire));
    push(id, 1);
    await eventually(() => first.gateway.hub.session(id)?.queue.log.next === 1, 'the push');
    await sayPosition(first);
    await first.kill();
    save.mockRestore();
    expect(await comeBack(client, second)).toBe(true);
    expect(client.seqs).toEqual([1]);
  });

  it.each([
    ['does not take', true],
    ['has not taken so far', false],
  ])('stays behind where the store %s a session that was let go of', async (_name, refuses) => {
    const [first, second] = [await start('g1'), await start('g2')];
    const { client, id } = await join(first);
    await detach(client, id);
    push(id, 1);
    await eventually(() => first.gateway.hub.session(id)?.queue.log.released === 1, 'the push to be stored');
    const save = refuseSaves('g1', refuses);
    askAndDie(client, id);
    push(id, 2);
    await eventually(() => first.gateway.hub.session(id) === undefined, 'the gateway to let go');
    await sayPosition(first);
    save.mockRestore();
    expect(await comeBack(client, second)).toBe(true);
    expect(client.seqs).toEqual([1, 2]);
  });

  it('stays behind where the store did not take the end of a session', async () => {
    const [first, second] = [await start('g1'), await start('g2')];
    const { client, id } = await join(first);
    await detach(client, id);
    vi.spyOn(world.store, 'remove').mockRejectedValue(new Error('away'));
    world.push([{ disconnect: { sessionIds: [id] } }]);
    // Redis answers in order: the gateway knows of this before its next position is there.
    await eventually(() => first.metrics.sessionStoreErrors.total('remove') > 0, 'the failure');
    await sayPosition(first);
    await first.kill();
    expect(await comeBack(client, second)).toBe(false);
    expect(takeoversOf(second)).toEqual({ ended: 1 });
  });

  it('says nothing of a session that it has let go of', async () => {
    const [first, second] = [await start('g1'), await start('g2')];
    const { client, id } = await join(first);
    push(id, 1);
    askAndDie(client, id);
    await eventually(() => first.gateway.hub.session(id) === undefined, 'the gateway to let go');
    push(id, 2);
    await sayPosition(first);
    client.vanish();
    expect(await comeBack(client, second)).toBe(true);
    expect(client.seqs).toEqual([1, 2]);
  });

  it('says nothing of a session that another gateway has taken from it and died with', async () => {
    const [first, second, third] = [await start('g1'), await start('g2'), await start('g3')];
    const { client, id } = await join(first);
    await detach(client, id);
    refuseSaves('g2');
    // It has the session, and can write nothing of that.
    client.loseWelcome = true;
    await client.connect(second.wire);
    await second.kill();
    push(id, 1);
    await sayPosition(first);
    expect(await comeBack(client, third)).toBe(true);
    expect(client.seqs).toEqual([1]);
  });
});
