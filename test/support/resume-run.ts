import { readSeq } from '../../src/protocol/header.ts';
import { gameFrame } from './frames.ts';
import { Random } from './random.ts';
import { eventually } from './recording-sink.ts';
import { type OpenWire, ResumingClient } from './resuming-client.ts';
import type { TestBackend } from './test-gateway.ts';

export interface ResumeRun {
  readonly seed: number;
  /** Gateways, or transports, to come back to. */
  readonly wires: readonly OpenWire[];
  readonly backend: TestBackend;
  /** Rounds of sending and losing. Default 12. */
  readonly rounds?: number;
}

export interface ResumeResult {
  readonly client: ResumingClient;
  readonly sessionId: string;
  readonly pushed: number;
  readonly sent: number;
  readonly reconnects: number;
}

const ONE_TICK = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * One client and one backend send each other numbered frames, while the link is lost at random frames, abandoned
 * without a close (the old connection never says goodbye), or paused. Throws where a reconnect did not recover.
 */
export async function resumeRun(run: ResumeRun): Promise<ResumeResult> {
  const { seed, wires, backend, rounds = 12 } = run;
  const random = new Random(seed);
  const client = new ResumingClient();
  client.batch = random.chance(0.5);
  const welcome = await client.connect(random.pick(wires));
  const sessionId = welcome?.sessionId ?? '';
  let pushed = 0;
  let sent = 0;
  let reconnects = 0;

  const push = async (count: number): Promise<void> => {
    const messages = Array.from({ length: count }, () => {
      const latest = random.chance(0.15);
      const seq = latest ? 0 : ++pushed;
      const lane = 3;
      const payload = new Uint8Array(1 + random.below(60));
      return {
        message: { targetSessionIds: [sessionId], route: 2, msgId: 1001, seq, latest, lane, payload },
      };
    });
    await backend.push(...messages);
  };
  /** Connects while pushes go on, so that they meet the session wherever it is on its way. */
  const connect = async () => {
    const bursts = random.chance(0.5)
      ? Array.from({ length: 1 + random.below(12) }, () => random.below(4))
      : [];
    const welcomed = client.connect(random.pick(wires));
    for (const count of bursts) {
      if (count > 0) await push(count);
      await ONE_TICK();
    }
    return await welcomed;
  };
  const reconnect = async (): Promise<void> => {
    for (let tries = 0; !client.live; tries++) {
      if (tries === 20) throw new Error(`seed ${seed}: no Welcome`);
      reconnects++;
      client.loseWelcome = random.chance(0.15);
      const answer = await connect();
      if (answer?.recovered === false) throw new Error(`seed ${seed}: not recovered after ${pushed}`);
    }
  };

  for (let round = 0; round < rounds; round++) {
    if (random.chance(0.4)) client.vanishAfter = 1 + random.below(15);
    for (let step = random.below(6); step > 0; step--) {
      if (random.chance(0.5)) await push(1 + random.below(10));
      else for (let frames = random.below(8); frames > 0; frames--) client.send(gameFrame(++sent));
      if (random.chance(0.1)) client.wire?.pause();
      if (random.chance(0.3)) await ONE_TICK();
    }
    if (random.chance(0.2)) client.vanish();
    // Also with a link that is still there: the client has changed its network, and nobody has told the gateway.
    client.loseWelcome = random.chance(0.15);
    if (random.chance(0.2)) await connect();
    await reconnect();
  }
  client.vanishAfter = undefined;
  client.wire?.resume();
  await reconnect();
  await eventually(() => client.received.length >= pushed, `seed ${seed}: ${pushed} frames at the client`);
  const mine = () => backend.received.filter((upstream) => upstream.sessionId === sessionId);
  await eventually(() => mine().length >= sent, `seed ${seed}: ${sent} frames at the backend`);
  client.wire?.close();
  return { client, sessionId, pushed, sent, reconnects };
}

/** What is wrong with a run; undefined: every frame came once, in order, both ways. */
export function faultOf(result: ResumeResult, backend: TestBackend): string | undefined {
  const down = result.client.received.map((frame) => readSeq(frame));
  const up = backend.received.filter(({ sessionId }) => sessionId === result.sessionId).map(({ seq }) => seq);
  return fault('downstream', down, result.pushed) ?? fault('upstream', up, result.sent);
}

function fault(direction: string, seqs: readonly number[], count: number): string | undefined {
  const index = seqs.findIndex((seq, place) => seq !== place + 1);
  if (index < 0 && seqs.length === count) return undefined;
  return `${direction}: ${seqs.length} of ${count}, wrong from ${index}: ${seqs.slice(Math.max(0, index - 2), index + 5)}`;
}
