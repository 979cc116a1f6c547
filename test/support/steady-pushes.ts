import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { readSeq } from '../../src/protocol/header.ts';
import { eventually } from './recording-sink.ts';
import type { ResumingClient } from './resuming-client.ts';
import type { Settings, TestBackend } from './test-gateway.ts';

/** Room for all that is pushed while a session is on its way, however long a busy machine takes for that. */
export const LONG_QUEUES: Settings = {
  'session.send_queue_frames_max': '1000000',
  'session.resume_frames_max': '1000000',
  'session.send_queue_bytes_max': '100000000',
  'session.resume_bytes_max': '100000000',
};

export interface SteadyPushes {
  /** So far. */
  readonly count: number;
  /** Resolves after that many more. */
  more(pushes: number): Promise<void>;
  /** Resolves with the number of pushes. Idempotent. */
  stop(): Promise<number>;
}

/** Pushes a numbered frame to all of these sessions, again and again with a pause, by the channel that every gateway hears. */
export function pushSteadily(
  backend: TestBackend,
  targetSessionIds: string[],
  pauseMs: number,
): SteadyPushes {
  let stopping = false;
  let pushed = 0;
  const run = async (): Promise<void> => {
    while (!stopping) {
      const seq = ++pushed;
      const payload = new Uint8Array(8);
      await backend.push({ message: { targetSessionIds, route: 2, msgId: 1001, seq, payload } });
      await delay(pauseMs);
    }
  };
  const running = run();
  // Heard by `stop`, which a test that fails does not come to.
  running.catch(() => {});
  return {
    get count(): number {
      return pushed;
    },
    more: (pushes) => {
      const goal = pushed + pushes;
      return eventually(() => pushed >= goal, 'pushes');
    },
    stop: async () => {
      stopping = true;
      await running;
      return pushed;
    },
  };
}

/** Every client has got the pushes from the first to the last, each once and in order. */
export async function expectAllPushes(clients: readonly ResumingClient[], pushed: number): Promise<void> {
  const complete = (): boolean => clients.every(({ received }) => received.length >= pushed);
  await eventually(complete, `${pushed} frames at every client`).catch(() => undefined);
  await Promise.all(clients.map((client) => client.fence()));
  const wrong = clients.map(({ received }) =>
    faultOf(
      received.map((frame) => readSeq(frame)),
      pushed,
    ),
  );
  expect(wrong.filter((fault) => fault !== undefined)).toEqual([]);
  expect(clients.filter(({ early }) => early > 0)).toEqual([]);
}

function faultOf(seqs: readonly number[], pushed: number): string | undefined {
  const index = seqs.findIndex((seq, place) => seq !== place + 1);
  if (index < 0 && seqs.length === pushed) return undefined;
  return `${seqs.length} of ${pushed}, wrong from ${index}: ${seqs.slice(Math.max(0, index - 2), index + 5)}`;
}
