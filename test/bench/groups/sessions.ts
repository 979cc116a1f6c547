import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { silentLog } from '../../../src/observe/log.ts';
import { Metrics } from '../../../src/observe/metrics.ts';
import { NO_PLACE } from '../../../src/queue/push-place.ts';
import { TickFlusher } from '../../../src/queue/tick-flusher.ts';
import { Hub } from '../../../src/session/hub.ts';
import { SessionLifecycle } from '../../../src/session/lifecycle.ts';
import { parseResumeToken } from '../../../src/session/resume-token.ts';
import type { Session } from '../../../src/session/session.ts';
import { SnowflakeGenerator } from '../../../src/session/snowflake.ts';
import type { Connection } from '../../../src/transport.ts';
import type { Group, Row, Sample, Subject } from '../bench.ts';

const SESSIONS = 20_000;

/** A connection that takes everything: the rows are of the session core alone. */
function connection(): Connection {
  return {
    info: { transport: 'none', datagrams: false },
    datagramBytesMax: 0,
    bufferedBytes: 0,
    send: () => true,
    sendDatagram: () => false,
    setFrameBytesMax() {},
    pause() {},
    resume() {},
    close() {},
  };
}

/** The session core of a gateway by itself. */
export function sessionCore() {
  const hub = new Hub();
  const metrics = new Metrics();
  const ids = new SnowflakeGenerator(1);
  const lifecycle = new SessionLifecycle({
    ...{ gatewayId: 'bench', hub, metrics, log: silentLog, resumeWindowMs: 30_000, devices: undefined },
    nextId: () => ids.next(),
    queues: {
      ...{ framesMax: 1024, bytesMax: 1_048_576, slowGraceMs: 5000 },
      replay: { framesMax: 1024, bytesMax: 1_048_576, ageMaxSec: 120 },
      flusher: new TickFlusher(() => {}),
      pushes: NO_PLACE,
      wait: metrics.sendQueueWait,
      nowSec: () => 0,
      onDropped() {},
      onPromoted() {},
    },
  });
  const cells = metrics.forTransport('none');
  const create = (): { session: Session; token: string } => {
    const session = lifecycle.open(connection(), cells);
    lifecycle.list(session);
    return { session, token: lifecycle.renewToken(session, undefined).text };
  };
  return { hub, metrics, lifecycle, cells, create };
}

type Step = (index: number) => void;

/** `make` sets up and returns what is done over and over. */
function rateRow(name: string, title: string, make: () => Step): Row {
  const start = async (): Promise<Subject> => {
    const step = make();
    let index = 0;
    const measure = async (ms: number): Promise<Sample> => {
      const startedMs = performance.now();
      let done = 0;
      while (performance.now() - startedMs < ms) {
        for (let times = 0; times < 100; times++) step(index++);
        done += 100;
      }
      return { perSec: (done * 1000) / (performance.now() - startedMs) };
    };
    return { measure, close: async () => {} };
  };
  return { name, title, start };
}

export const sessions: Group = {
  name: 'sessions',
  title: `Sessions of one gateway, ${SESSIONS} of them, without transport`,
  rows: [
    rateRow('session-id', 'snowflake ids', () => {
      const ids = new SnowflakeGenerator(1);
      return () => void ids.next();
    }),
    rateRow('session-create', 'create, with a resume token, and end', () => {
      const { lifecycle, create } = sessionCore();
      return () => lifecycle.discard(create().session);
    }),
    rateRow('session-lookup', 'look up by id', () => {
      const { hub, create } = sessionCore();
      const ids = Array.from({ length: SESSIONS }, () => create().session.id);
      return (index) => void hub.session(ids[index % SESSIONS]);
    }),
    rateRow('session-bind', 'bind to a user', () => {
      const { lifecycle, create } = sessionCore();
      const all = Array.from({ length: SESSIONS }, () => create().session);
      return (index) => void lifecycle.bind(all[index % SESSIONS], index, 0);
    }),
    rateRow('session-resume', 'find by token, move to another connection, new token', () => {
      const { lifecycle, cells, create } = sessionCore();
      const tokens = Array.from({ length: SESSIONS }, () => create().token);
      return (index) => {
        const token = parseResumeToken(tokens[index % SESSIONS]);
        const found = token === undefined ? 'unknown' : lifecycle.find(token, 0);
        if (typeof found === 'string') throw new Error(`not resumed: ${found}`);
        const { text } = lifecycle.prepareResume(found, token);
        lifecycle.rebind(found, connection(), cells);
        tokens[index % SESSIONS] = text;
      };
    }),
  ],
  metrics: [{ name: 'perSec', unit: '/s', digits: 0 }],
  comparisons: [],
};

/** Heap of an idle session: Session, SendQueue, log without ring, hub entry; no Link and no socket. */
const idle: Row = {
  name: 'session-memory',
  title: 'an idle session with a resume token',
  start: async () => {
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    if (typeof collect !== 'function') throw new Error('no gc');
    const bytes = (): number => {
      Reflect.apply(collect, undefined, []);
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const measure = async (): Promise<Sample> => {
      const { hub, create } = sessionCore();
      const before = bytes();
      for (let count = 0; count < SESSIONS; count++) create();
      const bytesEach = (bytes() - before) / SESSIONS;
      if (hub.size !== SESSIONS) throw new Error('sessions are missing');
      return { bytesEach };
    };
    return { measure, close: async () => {} };
  },
};

export const sessionMemory: Group = {
  name: 'session-memory',
  title: `Memory of a session, ${SESSIONS} of them, without transport`,
  rows: [idle],
  metrics: [{ name: 'bytesEach', unit: 'B', digits: 0 }],
  comparisons: [],
};
