import { describe, expect, it } from 'vitest';
import type { Connection } from '../../src/transport.ts';
import { expectSame, frames, turns } from './transport-checks.ts';
import { type BenchSource, frameOf, type Pair, until } from './transport-harness.ts';

const ROUNDS = 100;
const LATE_MS = 50;

/** When `resume` follows the `pause`. */
interface Pause {
  readonly when: string;
  readonly rounds: number;
  after(resume: () => void): void;
}

const PAUSES: readonly Pause[] = [
  { when: 'at once', rounds: ROUNDS, after: (resume) => resume() },
  { when: 'in a microtask', rounds: ROUNDS, after: queueMicrotask },
  { when: 'in the next turn', rounds: ROUNDS, after: setImmediate },
  { when: `after ${LATE_MS} ms`, rounds: 10, after: (resume) => setTimeout(resume, LATE_MS) },
];

/** `pause` and `resume` around frames: whenever they are called, every frame comes, in order. */
export function pauseCases(source: BenchSource): void {
  describe.each(PAUSES)('a connection paused inside onFrame and resumed $when', (pause) => {
    it('gets the frames of one tick', async () => {
      const { gateway, peer } = await pausedInside(source, pause);
      for (let i = 0; i < pause.rounds; i++) peer.client.send(frameOf(20, i));
      await until(() => gateway.frames.length === pause.rounds, 'all frames');
      expectSame(gateway.frames, frames(pause.rounds, 20));
    });

    it('gets frames that come one by one, after each resume', async () => {
      const { gateway, peer, resumed } = await pausedInside(source, pause);
      for (let i = 0; i < pause.rounds; i++) {
        peer.client.send(frameOf(20, i));
        await until(() => resumed() === i + 1, `frame ${i}, and the resume behind it`);
      }
      expectSame(gateway.frames, frames(pause.rounds, 20));
    });

    it('gets frames that come in between', async () => {
      const { gateway, peer } = await pausedInside(source, pause);
      for (let i = 0; i < pause.rounds; i++) {
        peer.client.send(frameOf(20, i));
        if (i % 3 === 0) await turns(1);
      }
      await until(() => gateway.frames.length === pause.rounds, 'all frames');
      expectSame(gateway.frames, frames(pause.rounds, 20));
    });
  });

  describe.each(PAUSES)('a connection paused between frames and resumed $when', (pause) => {
    it('gets all of them', async () => {
      const { gateway, connection, peer } = await source.connect();
      for (let i = 0; i < pause.rounds; i++) {
        peer.client.send(frameOf(20, i));
        await until(() => gateway.frames.length === i + 1, `frame ${i}`);
        await pausedOnce(connection, pause);
      }
      expectSame(gateway.frames, frames(pause.rounds, 20));
    });
  });

  describe('a connection paused inside onFrame', () => {
    it('holds back the peer, also where it was resumed and paused again', async () => {
      const { gateway, connection, peer } = await source.connect();
      gateway.onEach = () => {
        connection.pause();
        connection.resume();
        connection.pause();
      };
      peer.client.send(frameOf(8_000, 0));
      await until(() => gateway.frames.length === 1, 'the first frame');
      for (let i = 1; i < 2_000; i++) peer.client.send(frameOf(8_000, i));
      await turns(20);
      expect(gateway.frames.length).toBeLessThan(1_000);
      gateway.onEach = undefined;
      connection.resume();
      await until(() => gateway.frames.length === 2_000, 'all frames');
      expectSame(gateway.frames, frames(2_000, 8_000));
    });
  });
}

/** A connection that pauses with every frame. */
async function pausedInside(source: BenchSource, pause: Pause): Promise<Pair & { resumed(): number }> {
  const pair = await source.connect();
  const { gateway, connection } = pair;
  let resumes = 0;
  gateway.onEach = () => {
    connection.pause();
    pause.after(() => {
      connection.resume();
      resumes++;
    });
  };
  return { ...pair, resumed: () => resumes };
}

function pausedOnce(connection: Connection, pause: Pause): Promise<void> {
  return new Promise((resolve) => {
    connection.pause();
    pause.after(() => {
      connection.resume();
      resolve();
    });
  });
}
