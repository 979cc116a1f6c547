import { describe, expect, it } from 'vitest';
import type { Downstream, Push } from '../../src/protocol/envelopes.ts';
import { ROUTE, readMsgId, readSeq } from '../../src/protocol/header.ts';
import { type MortalGateway, MortalGateways } from '../support/mortal-gateways.ts';
import { Random } from '../support/random.ts';
import { eventually } from '../support/recording-sink.ts';
import { ResumingClient } from '../support/resuming-client.ts';

const SEEDS = 150;
const KINDS = [
  ['durable', 'true'],
  ['waiting for their clients', 'false'],
] as const;
const CLIENTS = 5;
const GROUPS = ['a', 'b', 'c'];
/** Pushes whose number counts are of this msgId plus their lane. */
const COUNTED = 1000;
const ADDRESSED = 2000;

interface Player {
  readonly client: ResumingClient;
  readonly id: string;
  readonly user: string;
  /** By lane. */
  readonly due: number[][];
  readonly groups: Set<string>;
  returning: boolean;
  /** Its gateway died while it alone had its log. */
  lost: boolean;
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Clients that go from gateway to gateway as these are killed, pushes to them that never rest, and what they are due. */
class Run {
  readonly #random: Random;
  readonly #queue: MortalGateways;
  readonly #durable: string;
  readonly #gateways: MortalGateway[] = [];
  /** The lost ones included, which may be on their way yet. */
  readonly #everybody: Player[] = [];
  players: readonly Player[] = [];
  #number = 0;
  #alive: MortalGateway[] = [];
  readonly #returns: Promise<void>[] = [];

  constructor(seed: number, durable: string) {
    this.#random = new Random(seed);
    this.#queue = new MortalGateways(this.#random);
    this.#durable = durable;
  }

  async run(): Promise<void> {
    const settings = { 'session.durable': this.#durable };
    for (const id of ['g1', 'g2', 'g3']) this.#gateways.push(await this.#queue.start(id, settings));
    this.#alive = [...this.#gateways];
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

  /** Sessions that were taken from a dead gateway. */
  get recovered(): number {
    return this.#gateways.reduce(
      (sum, { metrics }) => sum + metrics.sessionTakeovers.cell('recovered').value,
      0,
    );
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
    const user = 7 + this.players.length;
    lifecycle.bind(session, user, 0);
    while ((await this.#queue.store.get(id))?.details.userId === '0') await tick();
    const due = [[], [], [], [], []];
    const player = { client, id, user: String(user), due, groups: new Set<string>() };
    this.#everybody.push({ ...player, returning: false, lost: false });
    this.players = [...this.#everybody];
  }

  /** Some time with pushes, and a death in the middle of them; clients may still be on their way from the one before. */
  async #live(): Promise<void> {
    const random = this.#random;
    for (let steps = random.below(40); steps > 0; steps--) {
      if (this.#durable === 'false' && random.chance(0.2)) this.#drop();
      await this.#step();
    }
    await this.#kill();
    for (const player of this.#everybody) player.client.vanish();
    for (const player of this.players) if (!player.returning) this.#returns.push(this.#comeBack(player));
    this.players = this.players.filter(({ lost }) => !lost);
    for (let steps = random.below(40); steps > 0; steps--) await this.#step();
  }

  /** A client loses its link while its gateway is there, which has the time to write the session, or not. */
  #drop(): void {
    const staying = this.players.filter(({ returning }) => !returning);
    if (staying.length > 0) this.#random.pick(staying).client.vanish();
  }

  /** What the store has then is what is left. */
  async #kill(): Promise<void> {
    const dead = this.#alive.shift();
    await dead?.kill();
    for (const player of this.players) {
      const stored = await this.#queue.store.get(player.id);
      player.lost = stored?.gatewayId === dead?.id && stored?.state === 'attached';
    }
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
      if (welcome?.recovered === player.lost) throw new Error(player.lost ? 'recovered' : 'not recovered');
    }
    player.returning = false;
  }

  async #step(): Promise<void> {
    const random = this.#random;
    if (this.players.length === 0) return tick();
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
    const { user } = player;
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
    const { user } = player;
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

describe.each(KINDS)('sessions, %s, whose gateways die, one after the other', (_name, durable) => {
  it(`get every push once, in the order of its lane, in ${SEEDS} runs`, { timeout: 240_000 }, async () => {
    let recovered = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const run = new Run(seed, durable);
      await run.run();
      recovered += run.recovered;
      for (const [index, { client, due }] of run.players.entries()) {
        for (const lane of [1, 2, 3, 4]) {
          const mine = counted(client).filter((received) => readMsgId(received) === COUNTED + lane);
          const seqs = mine.map((received) => readSeq(received));
          expect(seqs, `seed ${seed}, client ${index}, lane ${lane}`).toEqual(due[lane]);
        }
      }
      await run.close();
    }
    // Some of them, on their way to a gateway, twice.
    expect(recovered).toBeGreaterThan(SEEDS);
  });
});
