import { describe, expect, it } from 'vitest';
import type { Downstream, Push } from '../../src/protocol/envelopes.ts';
import { ROUTE, readMsgId, readSeq } from '../../src/protocol/header.ts';
import { type MortalGateway, MortalGateways } from '../support/mortal-gateways.ts';
import { Random } from '../support/random.ts';
import { eventually } from '../support/recording-sink.ts';
import { ResumingClient } from '../support/resuming-client.ts';

const SEEDS = 150;
const CLIENTS = 5;
const GROUPS = ['a', 'b', 'c'];
/** Pushes whose number counts are of this msgId plus their lane. */
const COUNTED = 1000;
const ADDRESSED = 2000;

interface Player {
  readonly client: ResumingClient;
  readonly id: string;
  /** By lane. */
  readonly due: number[][];
  readonly groups: Set<string>;
  returning: boolean;
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Clients that go from gateway to gateway as these are killed, pushes to them that never rest, and what they are due. */
class Run {
  readonly #random: Random;
  readonly #queue: MortalGateways;
  readonly players: Player[] = [];
  #number = 0;
  #alive: MortalGateway[] = [];
  readonly #returns: Promise<void>[] = [];

  constructor(seed: number) {
    this.#random = new Random(seed);
    this.#queue = new MortalGateways(this.#random);
  }

  async run(): Promise<void> {
    for (const id of ['g1', 'g2', 'g3']) this.#alive.push(await this.#queue.start(id));
    await eventually(() => this.#alive.every(({ history }) => history.positionOf(history.items)), 'marks');
    const [first] = this.#alive;
    for (let count = 0; count < CLIENTS; count++) await this.#join(first);
    for (let deaths = 0; deaths < 2; deaths++) {
      await this.#live();
      if (this.#random.chance(0.5)) await this.#settle();
    }
    await this.#settle();
    for (const { client } of this.players) client.wire?.resume();
    const missing = (): Player | undefined =>
      this.players.find(({ client, due }) => counted(client).length < due.flat().length);
    await eventually(() => missing() === undefined, 'all frames').catch(() => {});
    await Promise.all(this.players.map(({ client }) => client.fence()));
  }

  close(): Promise<void> {
    return this.#queue.close();
  }

  async #join(gateway: MortalGateway): Promise<void> {
    const client = new ResumingClient();
    client.batch = this.#random.chance(0.5);
    const id = (await client.connect(gateway.wire))?.sessionId ?? '';
    const { hub, lifecycle } = gateway.gateway;
    const session = hub.session(id);
    if (session === undefined) throw new Error('no session');
    lifecycle.bind(session, 7 + this.players.length, 0);
    while ((await this.#queue.store.get(id))?.details.userId === '0') await tick();
    this.players.push({ client, id, due: [[], [], [], [], []], groups: new Set(), returning: false });
  }

  /** Some time with pushes, and a death in the middle of them; clients may still be on their way from the one before. */
  async #live(): Promise<void> {
    const random = this.#random;
    for (let steps = random.below(40); steps > 0; steps--) await this.#step();
    await this.#alive.shift()?.kill();
    for (const player of this.players) {
      player.client.vanish();
      if (!player.returning) this.#returns.push(this.#comeBack(player));
    }
    for (let steps = random.below(40); steps > 0; steps--) await this.#step();
  }

  /** With pushes, until every client is back. */
  async #settle(): Promise<void> {
    let settled = false;
    const all = Promise.all(this.#returns).finally(() => {
      settled = true;
    });
    while (!settled) await this.#step();
    await all;
  }

  async #comeBack(player: Player): Promise<void> {
    const { client } = player;
    player.returning = true;
    while (!client.live) {
      for (let ticks = this.#random.below(60); ticks > 0; ticks--) await tick();
      const welcome = await client.connect(this.#random.pick(this.#alive).wire);
      if (welcome?.recovered === false) throw new Error('not recovered');
    }
    player.returning = false;
  }

  async #step(): Promise<void> {
    const random = this.#random;
    const { client } = random.pick(this.players);
    if (random.chance(0.2)) client.wire?.pause();
    if (random.chance(0.2)) client.wire?.resume();
    const items = Array.from({ length: random.below(4) }, () => this.#item());
    if (items.length > 0) this.#queue.push(items);
    if (random.chance(0.1)) {
      const message = { targetSessionIds: [random.pick(this.players).id], ...frame(ADDRESSED, 1) };
      this.#queue.push([{ message }], `gateway:${this.#alive[0].id}`);
    }
    for (let ticks = random.below(3); ticks > 0; ticks--) await tick();
  }

  #item(): Downstream {
    const random = this.#random;
    if (random.chance(0.2)) return this.#groupChange();
    const lane = 1 + random.below(4);
    const seq = ++this.#number;
    const excluded = random.chance(0.2) ? [random.pick(this.players)] : [];
    const to = this.#target();
    const reached = to.players.filter((player) => !excluded.includes(player));
    const latest = random.chance(0.15);
    if (!latest) for (const { due } of new Set(reached)) due[lane].push(seq);
    const excludeSessionIds = excluded.map(({ id }) => id);
    const numbered = frame(latest ? ADDRESSED : COUNTED + lane, seq);
    return { message: { ...to.target, excludeSessionIds, lane, latest, ...numbered } };
  }

  #target(): { target: Partial<Push>; players: readonly Player[] } {
    const random = this.#random;
    const player = random.pick(this.players);
    const group = random.pick(GROUPS);
    const members = this.players.filter(({ groups }) => groups.has(group));
    const user = String(7 + this.players.indexOf(player));
    const all = [
      { target: { targetSessionIds: [player.id] }, players: [player] },
      { target: { targetUserIds: [user] }, players: [player] },
      { target: { group, targetUserIds: [user] }, players: [player, ...members] },
      { target: { group }, players: members },
      { target: { everyone: true }, players: this.players },
    ];
    return random.pick(all);
  }

  #groupChange(): Downstream {
    const random = this.#random;
    const group = random.pick(GROUPS);
    if (random.chance(0.1)) {
      for (const { groups } of this.players) groups.delete(group);
      return { group: { group, dissolve: true } };
    }
    const player = random.pick(this.players);
    const user = String(7 + this.players.indexOf(player));
    const joins = random.chance(0.6);
    if (joins) player.groups.add(group);
    else player.groups.delete(group);
    if (random.chance(0.5)) {
      return { group: { group, ...(joins ? { addUserIds: [user] } : { removeUserIds: [user] }) } };
    }
    return {
      group: { group, ...(joins ? { addSessionIds: [player.id] } : { removeSessionIds: [player.id] }) },
    };
  }
}

function frame(msgId: number, seq: number) {
  return { route: ROUTE.game, msgId, seq, payload: new Uint8Array(20) };
}

function counted(client: ResumingClient): Uint8Array[] {
  return client.received.filter((received) => readMsgId(received) < ADDRESSED);
}

describe('sessions whose gateways die, one after the other', () => {
  it(`get every push once, in the order of its lane, in ${SEEDS} runs`, { timeout: 240_000 }, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const run = new Run(seed);
      await run.run();
      for (const [index, { client, due }] of run.players.entries()) {
        for (const lane of [1, 2, 3, 4]) {
          const mine = counted(client).filter((received) => readMsgId(received) === COUNTED + lane);
          const seqs = mine.map((received) => readSeq(received));
          expect(seqs, `seed ${seed}, client ${index}, lane ${lane}`).toEqual(due[lane]);
        }
      }
      await run.close();
    }
  });
});
