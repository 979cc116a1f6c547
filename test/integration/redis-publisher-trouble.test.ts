import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isServerTrouble } from '../../src/bridge/redis-failure.ts';
import { redisSettings } from '../../src/bridge/redis-options.ts';
import { type PublishPort, RedisPublisher } from '../../src/bridge/redis-publisher.ts';
import { eventually } from '../support/recording-sink.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';

let redis: RedisServer;
let publisher: RedisPublisher;
let refusal: string;
let changes: boolean[];

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
afterEach(() => publisher.close());

// A real connection, whose Redis answers what the test says.
beforeEach(async () => {
  changes = [];
  const port = {
    prepare: async (): Promise<void> => {},
    send: (link, _outgoing, onAnswer) => {
      link.eval('return redis.error_reply(ARGV[1])', 0, refusal, onAnswer);
      return 1;
    },
    receivers: () => 1,
  } satisfies PublishPort;
  publisher = new RedisPublisher(redisSettings({ addr: redis.addr }), port, {
    onStateChange: (up) => changes.push(up),
  });
  await publisher.start();
});

/** Whether Redis counted as being there when the refusal was heard. */
function publish(answer: string): Promise<{ text: string; up: boolean }> {
  refusal = answer;
  return new Promise((resolve) => {
    publisher.publish('topic', [new Uint8Array(1)], (error) => {
      resolve({ text: error?.message ?? 'ok', up: publisher.up });
    });
  });
}

const PASSING = [
  'CLUSTERDOWN Hash slot not served',
  'CLUSTERDOWN The cluster is down',
  'TRYAGAIN Multiple keys request during rehashing of slot',
  'LOADING Redis is loading the dataset in memory',
  "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
  'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
  "READONLY You can't write against a read only replica.",
  "OOM command not allowed when used memory > 'maxmemory'.",
  'MISCONF Redis is configured to save RDB snapshots, but it is currently unable to persist to disk.',
  'NOREPLICAS Not enough good replicas to write.',
  'NOSCRIPT No matching script. Please use EVAL.',
  'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)',
  'NOAUTH Authentication required.',
  'ERR Error running script (call to f_0): @user_script:1: -OOM command not allowed',
];
const LASTING = [
  'WRONGTYPE Operation against a key holding the wrong kind of value',
  'NOPERM this user has no permissions to access one of the keys used as arguments',
  'GAP batch 5 after 3',
  'ERR unknown command',
  'BUSYGROUP Consumer Group name already exists',
  'CROSSSLOT Keys in request do not hash to the same slot',
];

describe('RedisPublisher', () => {
  it.each(PASSING)('counts as away, and comes back, after %s', async (answer) => {
    const { text, up } = await publish(answer);
    expect(text).toMatch(/^redis: /);
    expect(up).toBe(false);
    await eventually(() => publisher.up, 'the connection');
    expect(changes).toEqual([true, false, true]);
  });

  it.each(LASTING)('stays up after %s', async (answer) => {
    expect(await publish(answer)).toMatchObject({ up: true });
    expect(changes).toEqual([true]);
  });
});

describe('isServerTrouble', () => {
  it.each([
    'Too many Cluster redirections. Last error: ReplyError: CLUSTERDOWN Hash slot not served',
    'Too many Cluster redirections. Last error: ReplyError: TRYAGAIN Multiple keys request',
    "Cluster isn't ready and enableOfflineQueue options is false",
    "Stream isn't writeable and enableOfflineQueue options is false",
    'None of startup nodes is available',
    'Connection is closed.',
  ])('knows what the client library says: %s', (text) => {
    expect(isServerTrouble(new Error(text))).toBe(true);
  });

  it('knows a failure that stands for all nodes', () => {
    const error = Object.assign(new Error('Failed'), { lastNodeError: new Error('timeout') });
    expect(isServerTrouble(error)).toBe(true);
    expect(isServerTrouble(new Error('Failed'))).toBe(false);
  });
});
