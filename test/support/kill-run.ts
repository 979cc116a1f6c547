import { setTimeout as delay } from 'node:timers/promises';
import type { Downstream } from '../../src/protocol/envelopes.ts';
import { ROUTE, readMsgId, readSeq } from '../../src/protocol/header.ts';
import { gameFrame } from './frames.ts';
import { Random } from './random.ts';
import { eventually } from './recording-sink.ts';
import { type OpenWire, ResumingClient } from './resuming-client.ts';
import type { TestBackend } from './test-gateway.ts';

export interface KillRun {
  readonly seed: number;
  readonly sessions: number;
  readonly backend: TestBackend;
  /** The gateway that is going to be killed, and the one that clients come back to. */
  readonly first: OpenWire;
  readonly second: OpenWire;
  /** Clients come back at a random time within this. */
  readonly backWithinMs: number;
  kill(): void | Promise<void>;
  /**
   * All links are lost ahead of the kill, which waits for this: until these sessions are stored. Undefined: links are
   * lost by the kill.
   */
  stored?(sessionIds: readonly string[]): Promise<void>;
}

export interface KillResult {
  readonly clients: readonly ResumingClient[];
  /** Pushes to each client by each of the ways. */
  readonly pushed: number;
  /** Of the second Welcomes. */
  readonly replayed: readonly number[];
}

/** By msgId: to the session, to its user, to its group, to everyone. */
const WAYS = [1001, 1002, 1003, 1004];
const GROUP_SIZE = 10;
const ROUND_MS = 20;
const FIRST_USER = 1000;

/**
 * Every client is pushed numbered frames by session, by user, by group and with everyone, from the beginning to the end without a
 * pause, while its gateway is killed and it comes back to another one.
 */
export async function killRun(run: KillRun): Promise<KillResult> {
  const { seed, sessions, backend, first, second, backWithinMs, kill, stored } = run;
  const random = new Random(seed);
  const clients = Array.from({ length: sessions }, () => new ResumingClient());
  const ids = await Promise.all(clients.map((client, index) => join(client, first, index)));
  for (const [index, id] of ids.entries()) {
    await backend.push({ group: { group: groupOf(index), addSessionIds: [id] } });
  }
  const pushes = keepPushing(backend, ids);
  await eventually(() => clients.every(({ received }) => received.length > 30), 'frames at every client');
  // Half of the clients do not read any more: what they lack has to come from the log.
  for (const client of clients) if (random.chance(0.5)) client.wire?.pause();
  await pushes.more(1 + random.below(10));
  if (stored !== undefined) {
    for (const client of clients) client.vanish();
    await stored(ids);
    await pushes.more(1 + random.below(10));
  }
  await kill();
  for (const client of clients) client.vanish();
  const welcomes = await Promise.all(
    clients.map(async (client) => {
      await delay(random.below(backWithinMs));
      return await client.connect(second);
    }),
  );
  await pushes.more(10);
  const pushed = await pushes.stop();
  const lost = welcomes.filter((welcome) => welcome?.recovered !== true).length;
  if (lost > 0) throw new Error(`seed ${seed}: ${lost} of ${sessions} not recovered`);
  const isWhole = ({ received }: ResumingClient): boolean => received.length >= pushed * WAYS.length;
  // What is missing then is told by `killFault`.
  await eventually(() => clients.every(isWhole), 'all frames').catch(() => {});
  await Promise.all(clients.map((client) => client.fence()));
  return { clients, pushed, replayed: welcomes.map((welcome) => welcome?.replayed ?? 0) };
}

/** What is wrong with a run; undefined: every frame came to every client once. */
export function killFault({ clients, pushed }: KillResult): string | undefined {
  for (const [index, client] of clients.entries()) {
    if (client.early > 0) return `client ${index}: ${client.early} ahead of a Welcome`;
    for (const way of WAYS) {
      const seqs = client.received.filter((frame) => readMsgId(frame) === way).map((frame) => readSeq(frame));
      const wrong = seqs.findIndex((seq, place) => seq !== place + 1);
      if (wrong < 0 && seqs.length === pushed) continue;
      const around = wrong < 0 ? seqs.slice(-5) : seqs.slice(Math.max(0, wrong - 3), wrong + 5);
      return `client ${index}, way ${way}: ${seqs.length} of ${pushed}, wrong from ${wrong}: ${around}`;
    }
  }
  return undefined;
}

async function join(client: ResumingClient, wire: OpenWire, index: number): Promise<string> {
  client.batch = index % 2 === 0;
  const welcome = await client.connect(wire);
  const user = FIRST_USER + index;
  const game = new TextEncoder().encode('demo');
  const payload = new Uint8Array([0x08, (user & 0x7f) | 0x80, user >> 7, 0x12, game.length, ...game]);
  client.send(gameFrame(1, { payload }));
  await client.fence();
  return welcome?.sessionId ?? '';
}

function keepPushing(backend: TestBackend, ids: readonly string[]) {
  let stopping = false;
  let pushed = 0;
  const groups = [...new Set(ids.map((_, index) => groupOf(index)))];
  const frame = (way: number, seq: number) => {
    return { route: ROUTE.game, msgId: WAYS[way], seq, payload: new Uint8Array(16) };
  };
  const round = (seq: number): Downstream[] => [
    ...ids.map((id) => ({ message: { targetSessionIds: [id], ...frame(0, seq) } })),
    ...ids.map((_, index) => ({
      message: { targetUserIds: [String(FIRST_USER + index)], ...frame(1, seq) },
    })),
    ...groups.map((group) => ({ message: { group, ...frame(2, seq) } })),
    { message: { everyone: true, ...frame(3, seq) } },
  ];
  const run = async (): Promise<void> => {
    while (!stopping) {
      await backend.push(...round(++pushed));
      await delay(ROUND_MS);
    }
  };
  const running = run();
  // Heard by `stop`, which a run that fails does not come to.
  running.catch(() => {});
  return {
    more: async (rounds: number): Promise<void> => {
      const goal = pushed + rounds;
      await eventually(() => pushed >= goal, 'pushes');
    },
    stop: async (): Promise<number> => {
      stopping = true;
      await running;
      return pushed;
    },
  };
}

function groupOf(index: number): string {
  return `group-${Math.floor(index / GROUP_SIZE)}`;
}
