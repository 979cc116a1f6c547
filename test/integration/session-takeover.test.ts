import { describe, expect, it } from 'vitest';
import { readSeq } from '../../src/protocol/header.ts';
import { stagePairs } from '../support/pair-stage.ts';
import { eventually } from '../support/recording-sink.ts';
import { type OpenWire, ResumingClient, type Wire } from '../support/resuming-client.ts';
import { SHARED_KINDS } from '../support/two-gateways.ts';

const stage = stagePairs();

/** When the old connection closes. `turns`: of the event loop after the Hello of the new one has left. */
type Moment = 'before' | 'seen before' | { readonly turns: number } | 'after' | 'never';

const MOMENTS: readonly Moment[] = [
  ...(['before', 'seen before'] as const),
  ...[0, 1, 2, 4, 8, 16, 32].map((turns) => ({ turns })),
  ...(['after', 'never'] as const),
];
const WAYS = [
  ['one gateway', 0, 'false'],
  ['two gateways', 1, 'false'],
  ['two gateways, written through', 1, 'true'],
] as const;
const WAYS_OF_KINDS = SHARED_KINDS.flatMap((kind) =>
  WAYS.map(([name, to, durable]) => [name, kind, to, durable] as const),
);

const push = (sessionId: string, seq: number): Promise<void> =>
  stage.pair.backend.push({
    message: { targetSessionIds: [sessionId], route: 2, msgId: 0, seq, payload: new Uint8Array(0) },
  });
const gateways = () => stage.pair.gateways.map(({ running }) => running.gateway);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Opens as `open` does; `then` runs some turns after the first frame, the Hello, has left. */
function hooked(open: OpenWire, turns: number, then: () => void): OpenWire {
  return async (handlers) => {
    const wire = await open(handlers);
    let sent = false;
    const later = (left: number): void => {
      if (left === 0) then();
      else setImmediate(later, left - 1);
    };
    const send = (frame: Uint8Array): void => {
      wire.send(frame);
      if (!sent) later(turns);
      sent = true;
    };
    return { ...wire, send };
  };
}

/** Takes the session over, while the old connection, which does not read, closes at the moment. */
async function takeOver(client: ResumingClient, target: OpenWire, old: Wire, moment: Moment) {
  if (moment === 'before' || moment === 'seen before') old.vanish();
  if (moment === 'seen before') {
    await eventually(() => sum(gateways().map(({ lifecycle }) => lifecycle.detached)) === 1, 'the close');
  }
  const turns = typeof moment === 'object' ? moment.turns : undefined;
  const open = turns === undefined ? target : hooked(target, turns, () => old.vanish());
  const welcome = await client.connect(open);
  if (moment === 'after') old.vanish();
  return welcome;
}

describe.each(WAYS_OF_KINDS)('a takeover on %s, by %s', (_name, kind, to, durable) => {
  it.each(MOMENTS.map((moment) => [JSON.stringify(moment), moment] as const))(
    'where the old connection closes %s',
    async (_moment, moment) => {
      await stage.start(stage.sharedOf(kind), { 'session.durable': durable });
      const client = new ResumingClient();
      const first = await client.connect(stage.pair.wires[0]);
      const { wire: old } = client;
      if (old === undefined || first === undefined) throw new Error('no connection');
      const { sessionId } = first;
      await push(sessionId, 1);
      await eventually(() => client.received.length === 1, 'the first frame');
      old.pause();
      await push(sessionId, 2);
      const welcome = await takeOver(client, stage.pair.wires[to], old, moment);
      expect(welcome).toMatchObject({ sessionId, recovered: true, gatewayId: `g${to + 1}` });
      expect(welcome?.epoch).toBeGreaterThan(first.epoch);
      await push(sessionId, 3);
      await eventually(() => client.received.length === 3, 'all frames');
      // The old link's end, whenever it is noticed, leaves the session attached where it is.
      const links = moment === 'never' ? 2 : 1;
      await eventually(() => sum(gateways().map(({ connections }) => connections)) <= links, 'the old close');
      await push(sessionId, 4);
      await eventually(() => client.received.length === 4, 'the last frame');
      await client.fence();
      expect(client.received.map((frame) => readSeq(frame))).toEqual([1, 2, 3, 4]);
      expect(gateways().map(({ hub }) => hub.size)).toEqual(to === 0 ? [1, 0] : [0, 1]);
      expect(gateways().map(({ lifecycle }) => lifecycle.detached)).toEqual([0, 0]);
    },
  );
});

describe.each(SHARED_KINDS)('two connections that show one token at once, by %s', (kind) => {
  it.each([
    ['one gateway', [0, 0]],
    ['two gateways', [0, 1]],
    ['another gateway', [1, 1]],
  ])('on %s: one has the session in the end', async (_name, [left, right]) => {
    await stage.start(stage.sharedOf(kind));
    const original = new ResumingClient();
    const welcome = await original.connect(stage.pair.wires[0]);
    if (welcome === undefined) throw new Error('no Welcome');
    original.wire?.pause();
    const clients = [new ResumingClient(), new ResumingClient()];
    for (const client of clients) client.welcomes.push(welcome);
    await Promise.all([
      clients[0].connect(stage.pair.wires[left]),
      clients[1].connect(stage.pair.wires[right]),
    ]);
    const holders = () => gateways().filter(({ hub }) => hub.session(welcome.sessionId) !== undefined);
    await eventually(() => holders().length <= 1, 'one gateway at most to have it');
    await push(welcome.sessionId, 1);
    for (const client of clients) await client.fence();
    const winners = clients.filter(
      ({ live, welcomes }) => live && welcomes.at(-1)?.sessionId === welcome.sessionId,
    );
    expect(winners.filter(({ welcomes }) => welcomes.at(-1)?.recovered)).toHaveLength(1);
    await eventually(() => winners[0].received.length === 1, 'the push');
    expect(holders()).toHaveLength(1);
  });
});

describe('two resumes of one session, both under way', () => {
  it('one is answered, and the other one told that the session has gone on', async () => {
    await stage.start(stage.redis);
    const original = new ResumingClient();
    const welcome = await original.connect(stage.pair.wires[0]);
    if (welcome === undefined) throw new Error('no Welcome');
    const clients = [new ResumingClient(), new ResumingClient()];
    for (const client of clients) client.welcomes.push(welcome);
    stage.redis.pause();
    const answers = clients.map((client) => client.connect(stage.pair.wires[0]));
    const session = gateways()[0].hub.session(welcome.sessionId);
    await eventually(() => session?.epoch === welcome.epoch + 2, 'both to wait for Redis');
    stage.redis.resume();
    const welcomes = (await Promise.all(answers)).filter((answer) => answer !== undefined);
    expect(welcomes).toHaveLength(1);
    expect(welcomes[0]).toMatchObject({ recovered: true, epoch: welcome.epoch + 2 });
    expect(clients.flatMap(({ closeCodes }) => closeCodes)).toEqual([4003]);
    expect(gateways()[0].hub.session(welcome.sessionId)?.connection).toBeDefined();
  });
});
