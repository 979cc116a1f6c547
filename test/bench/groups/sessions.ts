import { SnowflakeGenerator } from '../../../src/session/ids/snowflake.ts';
import { parseResumeToken } from '../../../src/session/resume-token.ts';
import type { BenchContext, Comparison, Group, Row, Sample, Subject } from '../bench.ts';
import { nullConnection } from '../null-connection.ts';
import { type BenchSession, type StoredCore, type StoreKind, storedCore } from '../session-core.ts';

const SESSIONS = 20_000;
/** Steps that are under way at a time; what they leave behind is done before the next ones begin. */
const STEPS = 100;

/** One of those steps. Undefined: done. */
type Step = (index: number) => Promise<unknown> | undefined;

const KINDS = ['none', 'memory', 'redis'] as const;
const TITLES: Readonly<Record<StoreKind, string>> = {
  none: '',
  memory: ', memory store',
  redis: ', Redis store',
};

interface Action {
  readonly name: string;
  readonly title: string;
  /** Sets up and returns what is done over and over. */
  make(core: StoredCore): Promise<Step>;
}

function rateRow(action: Action, kind: StoreKind): Row {
  const start = async ({ redisAddr }: BenchContext): Promise<Subject> => {
    const core = await storedCore(kind, redisAddr);
    const step = await action.make(core);
    return { measure: (ms) => measure(core, step, ms), close: () => core.close() };
  };
  return { name: rowName(action.name, kind), title: `${action.title}${TITLES[kind]}`, start };
}

function rowName(action: string, kind: StoreKind): string {
  return kind === 'none' ? action : `${action}-${kind}`;
}

async function measure(core: StoredCore, step: Step, ms: number): Promise<Sample> {
  const startedMs = performance.now();
  let done = 0;
  while (performance.now() - startedMs < ms) {
    const waiting: Promise<unknown>[] = [];
    for (let times = 0; times < STEPS; times++) {
      const work = step(done + times);
      if (work !== undefined) waiting.push(work);
    }
    if (waiting.length > 0) await Promise.all(waiting);
    await core.settle();
    done += STEPS;
  }
  return { perSec: (done * 1000) / (performance.now() - startedMs) };
}

async function createAll(core: StoredCore): Promise<BenchSession[]> {
  const all: BenchSession[] = [];
  while (all.length < SESSIONS) {
    for (let count = 0; count < STEPS; count++) all.push(core.create());
    await core.settle();
  }
  return all;
}

const CREATE: Action = {
  name: 'session-create',
  title: 'create, with a resume token, and end',
  make: async ({ lifecycle, create }) => {
    return () => {
      const { session, stored } = create();
      if (stored === undefined) return void lifecycle.discard(session);
      return stored.then(() => lifecycle.discard(session));
    };
  },
};

const BIND: Action = {
  name: 'session-bind',
  title: 'bind to a user',
  make: async (core) => {
    const all = await createAll(core);
    return (index) => {
      const { session } = all[index % SESSIONS];
      core.lifecycle.bind(session, index, 0);
      return core.lifecycle.admission(session);
    };
  },
};

const RESUME: Action = {
  name: 'session-resume',
  title: 'find by token, move to another connection, new token',
  make: async (core) => {
    const { lifecycle, cells } = core;
    const tokens = (await createAll(core)).map(({ token }) => token);
    return (index) => {
      const token = parseResumeToken(tokens[index % SESSIONS]);
      const found = token === undefined ? 'unknown' : lifecycle.find(token, 0);
      if (typeof found === 'string') throw new Error(`not resumed: ${found}`);
      const { text, stored } = lifecycle.prepareResume(found, token);
      const move = (): void => lifecycle.rebind(found, nullConnection(), cells);
      tokens[index % SESSIONS] = text;
      return stored === undefined ? void move() : stored.then(move);
    };
  },
};

/** By the store, not by the copies that a gateway has of it. */
const LOOKUP: Action = {
  name: 'session-lookup',
  title: 'look up by id',
  make: async (core) => {
    const ids = (await createAll(core)).map(({ session }) => session.id);
    const { hub, store } = core;
    if (store === undefined) return (index) => void hub.session(ids[index % SESSIONS]);
    return (index) => store.get(ids[index % SESSIONS]);
  },
};

const COPIES = 5_000;

const COPY: Action = {
  name: 'session-lookup-copy',
  title: `look up one of ${COPIES} sessions of other gateways, as kept here`,
  make: async (core) => {
    const { sharing } = core;
    if (sharing === undefined) throw new Error('no sharing');
    const ids = (await createAll(core)).slice(0, COPIES).map(({ session }) => session.id);
    return (index) => sharing.directory.session(ids[index % COPIES]);
  },
};

const IDS: Row = {
  name: 'session-id',
  title: 'snowflake ids',
  start: async () => {
    const ids = new SnowflakeGenerator(1);
    const measureIds = async (ms: number): Promise<Sample> => {
      const startedMs = performance.now();
      let done = 0;
      for (; performance.now() - startedMs < ms; done += STEPS) {
        for (let times = 0; times < STEPS; times++) ids.next();
      }
      return { perSec: (done * 1000) / (performance.now() - startedMs) };
    };
    return { measure: measureIds, close: async () => {} };
  },
};

const ACTIONS: readonly Action[] = [CREATE, LOOKUP, BIND, RESUME];

function overNone({ name }: Action): Comparison[] {
  return KINDS.filter((kind) => kind !== 'none').map((kind) => ({
    ...{ row: rowName(name, kind), over: name, metric: 'perSec', by: 'ratio' },
  }));
}

export const sessions: Group = {
  name: 'sessions',
  title: `Sessions of one gateway, ${SESSIONS} of them, without transport`,
  rows: [
    IDS,
    ...ACTIONS.flatMap((action) => KINDS.map((kind) => rateRow(action, kind))),
    rateRow(COPY, 'redis'),
  ],
  metrics: [{ name: 'perSec', unit: '/s', digits: 0 }],
  // A lookup in a store does what one in the hub need not.
  comparisons: [CREATE, BIND, RESUME].flatMap(overNone),
};
