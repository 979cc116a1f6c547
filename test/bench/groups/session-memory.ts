import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { BenchContext, Group, Row, Sample } from '../bench.ts';
import { type StoreKind, storedCore } from '../session-core.ts';

const SESSIONS = 20_000;

/** Heap of an idle session: Session, SendQueue, log without ring, hub entry, and what a store keeps; no Link, no socket. */
function idle(name: string, title: string, kind: StoreKind): Row {
  const start = async ({ redisAddr }: BenchContext) => {
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    if (typeof collect !== 'function') throw new Error('no gc');
    const heap = (): number => {
      for (let times = 0; times < 2; times++) Reflect.apply(collect, undefined, []);
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const measure = async (): Promise<Sample> => {
      const core = await storedCore(kind, redisAddr);
      const [before, storedBefore] = [heap(), await core.storeBytes()];
      for (let count = 0; count < SESSIONS; count++) {
        core.create();
        if (count % 100 === 99) await core.settle();
      }
      const bytesEach = (heap() - before) / SESSIONS;
      const storeBytesEach = ((await core.storeBytes()) - storedBefore) / SESSIONS;
      if (core.hub.size !== SESSIONS) throw new Error('sessions are missing');
      // The collector may be late with the core as a whole: nothing large is to hang on it in the next row.
      for (const session of [...core.hub.all()]) core.lifecycle.discard(session);
      await core.settle();
      await core.close();
      return { bytesEach, storeBytesEach };
    };
    return { measure, close: async () => {} };
  };
  return { name, title, start };
}

const MEMORY = 'session-memory';

export const sessionMemory: Group = {
  name: MEMORY,
  title: `Memory of a session, ${SESSIONS} of them, without transport`,
  rows: [
    idle(MEMORY, 'an idle session with a resume token', 'none'),
    idle(`${MEMORY}-memory`, 'the same, memory store', 'memory'),
    idle(`${MEMORY}-redis`, 'the same, Redis store', 'redis'),
  ],
  metrics: [
    { name: 'bytesEach', unit: 'B', digits: 0 },
    { name: 'storeBytesEach', unit: 'B in Redis', digits: 0 },
  ],
  comparisons: [
    { row: `${MEMORY}-memory`, over: MEMORY, metric: 'bytesEach', by: 'ratio' },
    { row: `${MEMORY}-redis`, over: MEMORY, metric: 'bytesEach', by: 'ratio' },
  ],
};
